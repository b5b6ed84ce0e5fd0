#include "format/reader.h"
#include "base/memory.h"
#include "format/bytes.h"
#include "format/tail.h"
#include "format/zlib.h"

#include <stdlib.h>
#include <string.h>

#define SCRATCH ((size_t)64 << 10)

/* DAMAGED: the values are refused, but where the record ends is known. */
enum state { BETWEEN, INSIDE, DAMAGED, BROKEN };

struct flp_reader {
	struct flp_in *in;
	enum state state;
	struct flp_header header;
	struct flp_tail tail; /* of the last finished record */
	struct flp_hash *hash;
	struct flp_inflater *inflater; /* made when first needed */
	uint64_t offset, number;       /* of the current record */
	size_t tensor;                 /* being read */
	uint64_t left;                 /* bytes of its values not yet read */
	int nonfinite;                 /* may pass */
	unsigned char *scratch;        /* SCRATCH bytes, made when first needed */
};

struct flp_reader *
flp_reader_new(struct flp_in *in, struct flp_error *e)
{
	struct flp_reader *r = flp_memory_new(1, sizeof *r, e);

	if (r == NULL)
		return NULL;
	r->in = in;
	if ((r->hash = flp_hash_new(e)) == NULL) {
		free(r);
		return NULL;
	}
	return r;
}

void
flp_reader_free(struct flp_reader *r)
{
	if (r == NULL)
		return;
	flp_header_free(&r->header);
	flp_meta_free(&r->tail.footer);
	flp_hash_free(r->hash);
	flp_inflater_free(r->inflater);
	free(r->scratch);
	free(r);
}

void
flp_reader_allow_nonfinite(struct flp_reader *r)
{
	r->nonfinite = 1;
}

uint64_t
flp_reader_offset(const struct flp_reader *r)
{
	return r->offset;
}

uint64_t
flp_reader_number(const struct flp_reader *r)
{
	return r->number;
}

static int
broken(struct flp_reader *r)
{
	r->state = BROKEN;
	return -1;
}

static int
take(struct flp_reader *r, void *to, size_t n, const char *part, struct flp_error *e)
{
	size_t got;

	if (flp_in_read(r->in, to, n, &got, e) < 0)
		return -1;
	if (got < n)
		return flp_error_bad(e, "%s: cut off at byte %llu, %zu bytes are missing", part,
		    (unsigned long long)r->in->offset, n - got);
	return 0;
}

static struct flp_tensor *
current(struct flp_reader *r)
{
	return &r->header.tensor[r->tensor];
}

/* Sets the reader to the next tensor's values. */
static int
begin_tensor(struct flp_reader *r, struct flp_error *e)
{
	if (r->tensor == r->header.tensors)
		return 0;
	r->left = current(r)->bytes;
	if (current(r)->encoding != FLP_ENCODING_ZLIB)
		return 0;
	if (r->inflater == NULL && (r->inflater = flp_inflater_new(e)) == NULL)
		return -1;
	flp_inflater_begin(r->inflater);
	return 0;
}

/* Behind the last value of a tensor: padding, or the end of its chunks. */
static int
end_tensor(struct flp_reader *r, struct flp_error *e)
{
	struct flp_tensor *t = current(r);
	unsigned char padding[FLP_ALIGNMENT];
	size_t n = (size_t)(flp_bytes_padded(t->bytes) - t->bytes);

	if (t->encoding == FLP_ENCODING_ZLIB) {
		if (flp_inflater_end(r->inflater, r->in, e) < 0)
			return flp_error_at(e, "tensor %s", t->name);
	} else {
		if (take(r, padding, n, "padding", e) < 0)
			return flp_error_at(e, "tensor %s", t->name);
		if (!flp_bytes_zero(padding, n))
			return flp_error_bad(e, "tensor %s: padding is not zero", t->name);
	}
	r->tensor++;
	return begin_tensor(r, e);
}

/* Closes tensors that are read through, and those that have no values. */
static int
settle(struct flp_reader *r, struct flp_error *e)
{
	while (r->tensor < r->header.tensors && r->left == 0)
		if (end_tensor(r, e) < 0)
			return -1;
	return 0;
}

static int
read_header(struct flp_reader *r, struct flp_error *e)
{
	unsigned char first[FLP_ALIGNMENT], *whole;
	size_t got, n;
	int status;

	r->offset = r->in->offset;
	if (flp_in_read(r->in, first, sizeof first, &got, e) < 0)
		return -1;
	if (got == 0)
		return 0;
	r->number++;
	if (got < sizeof first)
		return flp_error_bad(e, "header: cut off at byte %llu: expected at least %d bytes, "
		    "found %zu", (unsigned long long)r->in->offset, FLP_ALIGNMENT, got);
	if (flp_header_length(first, &n, e) < 0)
		return -1;
	if ((whole = flp_memory_new(n, 1, e)) == NULL)
		return -1;
	memcpy(whole, first, sizeof first);
	status = take(r, whole + sizeof first, n - sizeof first, "header", e);
	if (status == 0)
		status = flp_header_decode(&r->header, whole, n, e);
	free(whole);
	return status < 0 ? -1 : 1;
}

int
flp_reader_values(struct flp_reader *r, void *to, uint64_t bytes, struct flp_error *e)
{
	struct flp_tensor *t;
	size_t size, where;

	if (bytes == 0)
		return 0;
	if (settle(r, e) < 0)
		return broken(r);
	t = current(r);
	size = flp_dtype_size(t->dtype);
	if (t->encoding == FLP_ENCODING_ZLIB ? flp_inflater_read(r->inflater, r->in, to, bytes, e) :
	    take(r, to, bytes, "values", e)) {
		flp_error_at(e, "tensor %s", t->name);
		return broken(r);
	}
	flp_canonical_values(flp_hash_sink(r->hash), to, bytes);
	if (!r->nonfinite && !flp_dtype_finite(to, t->dtype, bytes / size, &where)) {
		flp_error_bad(e, "tensor %s: value %llu is not finite", t->name,
		    (unsigned long long)((t->bytes - r->left) / size + where));
		r->left -= bytes;
		r->state = DAMAGED;
		return -1;
	}
	r->left -= bytes;
	return 0;
}

static int
read_rest(struct flp_reader *r, struct flp_error *e)
{
	if (settle(r, e) < 0)
		return -1;
	while (r->tensor < r->header.tensors) {
		uint64_t n = r->left < SCRATCH ? r->left : SCRATCH;

		if (r->scratch == NULL && (r->scratch = flp_memory_new(SCRATCH, 1, e)) == NULL)
			return -1;
		if (flp_reader_values(r, r->scratch, n, e) < 0 || settle(r, e) < 0)
			return -1;
	}
	return 0;
}

/* Reads the tail; its footer joins the metadata. */
static int
read_tail(struct flp_reader *r, struct flp_error *e)
{
	struct flp_tail *tail = &r->tail;
	unsigned char first[FLP_ALIGNMENT], *whole;
	uint64_t start = r->in->offset;
	size_t n;
	int status;

	if (take(r, first, sizeof first, "tail", e) < 0 ||
	    flp_tail_length(first, &n, e) < 0)
		return -1;
	if ((whole = flp_memory_new(n, 1, e)) == NULL)
		return -1;
	memcpy(whole, first, sizeof first);
	status = take(r, whole + sizeof first, n - sizeof first, "tail", e);
	if (status == 0)
		status = flp_tail_decode(tail, whole, n, e);
	free(whole);
	if (status < 0)
		return -1;
	if (tail->length != start + n - r->offset)
		return flp_error_bad(e, "tail: expected a record of %llu bytes, found %llu",
		    (unsigned long long)tail->length, (unsigned long long)(start + n - r->offset));
	return flp_meta_join(&r->header.meta, &tail->footer, e);
}

static int
check_id(struct flp_reader *r, struct flp_id *id, struct flp_error *e)
{
	char expected[FLP_ID_TEXT], found[FLP_ID_TEXT];

	flp_canonical_end(flp_hash_sink(r->hash), &r->header.meta);
	flp_hash_id(r->hash, id);
	if (memcmp(id->byte, r->tail.id.byte, sizeof id->byte) == 0)
		return 0;
	flp_id_text(&r->tail.id, expected);
	flp_id_text(id, found);
	return flp_error_bad(e, "values are damaged: expected id %s, found %s", expected, found);
}

int
flp_reader_finish(struct flp_reader *r, struct flp_id *id, struct flp_error *e)
{
	if (r->state != INSIDE)
		return flp_error_bad(e, "no record to finish");
	if (read_rest(r, e) < 0)
		return r->state == DAMAGED ? -1 : broken(r);
	if (read_tail(r, e) < 0)
		return broken(r);
	r->state = BETWEEN;
	return check_id(r, id, e);
}

const struct flp_meta *
flp_reader_footer(const struct flp_reader *r)
{
	return &r->tail.footer;
}

static int
skip_values(struct flp_reader *r, struct flp_error *e)
{
	while (r->tensor < r->header.tensors) {
		struct flp_tensor *t = current(r);
		uint64_t n = flp_bytes_padded(t->bytes) - (t->bytes - r->left), got;

		if (t->encoding == FLP_ENCODING_ZLIB) {
			if (flp_inflater_skip(r->inflater, r->in, e) < 0)
				return flp_error_at(e, "tensor %s", t->name);
		} else {
			if (flp_in_skip(r->in, n, &got, e) < 0)
				return -1;
			if (got < n)
				return flp_error_bad(e, "tensor %s: values: cut off at byte %llu, %llu "
				    "bytes are missing", t->name, (unsigned long long)r->in->offset,
				    (unsigned long long)(n - got));
		}
		r->tensor++;
		if (begin_tensor(r, e) < 0)
			return -1;
	}
	return 0;
}

int
flp_reader_spent(const struct flp_reader *r)
{
	return r->state == BROKEN;
}

int
flp_reader_next(struct flp_reader *r, const struct flp_header **h, struct flp_error *e)
{
	struct flp_id id;
	int status;

	if (r->state == INSIDE && flp_reader_finish(r, &id, e) < 0)
		return -1;
	if (r->state == DAMAGED && (skip_values(r, e) < 0 || read_tail(r, e) < 0))
		return broken(r);
	if (r->state == BROKEN)
		return flp_error_bad(e, "nothing is read after damage");
	flp_header_free(&r->header);
	flp_meta_free(&r->tail.footer);
	if ((status = read_header(r, e)) <= 0)
		return status < 0 ? broken(r) : 0;
	r->state = INSIDE;
	r->tensor = 0;
	flp_canonical_begin(flp_hash_sink(r->hash), &r->header);
	if (begin_tensor(r, e) < 0)
		return broken(r);
	*h = &r->header;
	return 1;
}

int
flp_reader_skip(struct flp_reader *r, struct flp_id *id, struct flp_error *e)
{
	if (skip_values(r, e) < 0 || read_tail(r, e) < 0)
		return broken(r);
	*id = r->tail.id;
	r->state = BETWEEN;
	return 0;
}
