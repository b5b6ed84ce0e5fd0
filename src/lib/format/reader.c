#include "format/reader.h"
#include "base/memory.h"
#include "format/designer.h"
#include "format/part.h"
#include "format/payload.h"
#include "format/tail.h"

#include <stdlib.h>
#include <string.h>

#define SCRATCH ((size_t)64 << 10)

/* DAMAGED: the values are refused, but the end of the record is known or may be found. */
enum state { BETWEEN, INSIDE, DAMAGED, BROKEN };

struct flp_reader {
	struct flp_in *in;
	enum state state;
	struct flp_header header;
	struct flp_tail tail; /* of the last finished record */
	struct flp_hash *hash;
	struct flp_digester *digester; /* NULL where no digest is computed */
	struct flp_digest digest;
	int digested;                  /* 1: it is the digest of the last finished record */
	struct flp_designer *designer; /* likewise; used where `designing` */
	struct flp_digest design;
	int designing, designed;
	struct flp_payload payload;
	uint64_t offset, number; /* of the current record */
	uint64_t values;         /* where its values begin */
	uint64_t end;            /* where it ends, 0 if that is not known yet */
	int verified;            /* an earlier reading found that its values match its id */
	int nonfinite;           /* may pass */
	unsigned char *scratch;  /* SCRATCH bytes, made when first needed */
};

int
flp_reader_begins(struct flp_in *in, struct flp_error *e)
{
	int ended = flp_in_ended(in, e);

	if (ended != 0)
		return ended < 0 ? -1 : 0;
	return in->buffer[in->from] == 0x89; /* no text begins with this byte of the magic */
}

struct flp_reader *
flp_reader_new(struct flp_in *in, struct flp_error *e)
{
	struct flp_reader *r = flp_memory_new(1, sizeof *r, e);

	if (r == NULL)
		return NULL;
	r->in = r->payload.in = in;
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
	flp_digester_free(r->digester);
	flp_designer_free(r->designer);
	flp_payload_free(&r->payload);
	free(r->scratch);
	free(r);
}

void
flp_reader_allow_nonfinite(struct flp_reader *r)
{
	r->nonfinite = 1;
}

int
flp_reader_compute_digest(struct flp_reader *r, struct flp_error *e)
{
	if (r->digester == NULL)
		r->digester = flp_digester_new(e);
	if (r->digester != NULL && r->designer == NULL)
		r->designer = flp_designer_new(e);
	return r->designer != NULL ? 0 : -1;
}

const struct flp_digest *
flp_reader_digest(const struct flp_reader *r)
{
	return r->digested ? &r->digest : NULL;
}

const struct flp_digest *
flp_reader_design(const struct flp_reader *r)
{
	return r->designed ? &r->design : NULL;
}

uint64_t
flp_reader_offset(const struct flp_reader *r)
{
	return r->offset;
}

uint64_t
flp_reader_values_offset(const struct flp_reader *r)
{
	return r->values;
}

uint64_t
flp_reader_number(const struct flp_reader *r)
{
	return r->number;
}

/* Sets the state after a fault in the record and returns -1. If an
 * earlier reading verified the record, the fault means that the input has changed. */
static int
broken(struct flp_reader *r, struct flp_error *e)
{
	r->state = r->end != 0 ? DAMAGED : BROKEN;
	return r->verified && e->code == FLP_ERROR_BAD ? flp_in_changed(e) : -1;
}

/* The same after a fault in the values: the lengths may still lead to the record's tail. */
static int
damaged(struct flp_reader *r, struct flp_error *e)
{
	broken(r, e);
	if (e->code == FLP_ERROR_BAD)
		r->state = DAMAGED;
	return -1;
}

/* Whether the state is that of a record whose values can be read on. */
static int
check_inside(const struct flp_reader *r, struct flp_error *e)
{
	if (r->state == BETWEEN)
		return flp_error_misuse(e, "no record is begun, or the last is finished");
	if (r->state != INSIDE)
		return flp_error_bad(e, "nothing is read after damage");
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
	if (got < sizeof first && flp_header_magic(first, got, e) < 0)
		return -1;
	if (got < sizeof first)
		return flp_error_bad(e, "header: cut off at byte %llu: expected at least %d bytes, "
		    "found %zu", (unsigned long long)r->in->offset, FLP_ALIGNMENT, got);
	if (flp_header_length(first, &n, e) < 0 ||
	    flp_part_rest(r->in, first, n, &whole, "header", e) < 0)
		return -1;
	status = flp_header_decode(&r->header, whole, n, e);
	free(whole);
	r->values = r->in->offset;
	return status < 0 ? -1 : 1;
}

int
flp_reader_values(struct flp_reader *r, void *to, uint64_t bytes, struct flp_error *e)
{
	struct flp_payload *p = &r->payload;
	size_t size, where;

	if (check_inside(r, e) < 0)
		return -1;
	if (bytes == 0)
		return 0;
	if (flp_payload_settle(p, e) < 0)
		return damaged(r, e);
	if (flp_payload_check(p, bytes, e) < 0)
		return -1;
	if (flp_payload_read(p, to, bytes, e) < 0)
		return damaged(r, e);
	flp_canonical_values(flp_hash_sink(r->hash), to, bytes);
	if (r->designing)
		flp_designer_values(r->designer, p->tensor, to, bytes);
	size = flp_dtype_size(p->tensor->dtype);
	if (r->nonfinite || flp_dtype_finite(to, p->tensor->dtype, bytes / size, &where))
		return 0;
	r->state = DAMAGED;
	flp_tensor_not_finite(p->tensor, (p->tensor->bytes - p->left - bytes) / size + where, e);
	return r->verified ? flp_in_changed(e) : -1;
}

static int
read_rest(struct flp_reader *r, struct flp_error *e)
{
	struct flp_payload *p = &r->payload;

	for (;;) {
		if (flp_payload_settle(p, e) < 0)
			return -1;
		if (p->tensor == NULL)
			return 0;
		if (r->scratch == NULL && (r->scratch = flp_memory_new(SCRATCH, 1, e)) == NULL)
			return -1;
		if (flp_reader_values(r, r->scratch, p->left < SCRATCH ? p->left : SCRATCH, e) < 0)
			return -1;
	}
}

/* Reads the tail; its footer joins the metadata. If the tail was read before, only goes to
 * its end. */
static int
read_tail(struct flp_reader *r, struct flp_error *e)
{
	struct flp_tail *tail = &r->tail;
	unsigned char first[FLP_ALIGNMENT], *whole;
	uint64_t start = r->in->offset;
	size_t n;
	int status;

	if (r->end != 0)
		return flp_in_seek(r->in, r->end, e);
	if (flp_part_read(r->in, first, sizeof first, "tail", e) < 0 ||
	    flp_tail_length(first, &n, e) < 0 ||
	    flp_part_rest(r->in, first, n, &whole, "tail", e) < 0)
		return -1;
	status = flp_tail_decode(tail, whole, n, e);
	free(whole);
	if (status < 0)
		return -1;
	if (tail->length != start + n - r->offset)
		return flp_error_bad(e, "tail: expected a record of %llu bytes, found %llu",
		    (unsigned long long)tail->length, (unsigned long long)(start + n - r->offset));
	return flp_meta_join(&r->header.meta, &tail->footer, e);
}

int
flp_reader_finish(struct flp_reader *r, struct flp_id *id, struct flp_error *e)
{
	if (check_inside(r, e) < 0)
		return -1;
	if (read_rest(r, e) < 0)
		return r->state == DAMAGED ? -1 : damaged(r, e);
	if (read_tail(r, e) < 0)
		return broken(r, e);
	r->state = BETWEEN;
	if (flp_hash_check(r->hash, &r->header.meta, &r->tail.id, id, e) < 0)
		return r->verified ? flp_in_changed(e) : -1;
	r->verified = 1;
	r->designed = r->designing && flp_designer_end(r->designer, &r->header.meta, &r->design);
	if (flp_hash_sink(r->hash)->next != NULL) {
		flp_digester_end(r->digester, &r->digest);
		r->digested = 1;
	}
	return 0;
}

const struct flp_meta *
flp_reader_footer(const struct flp_reader *r)
{
	return &r->tail.footer;
}

int
flp_reader_spent(const struct flp_reader *r)
{
	return r->state == BROKEN;
}

static int
skip_rest(struct flp_reader *r, struct flp_error *e)
{
	return r->end == 0 && flp_payload_skip(&r->payload, e) < 0 ? -1 : read_tail(r, e);
}

static int
begin_values(struct flp_reader *r, struct flp_error *e)
{
	struct flp_sink *sinks = flp_hash_sink(r->hash);

	r->state = INSIDE;
	r->digested = r->designed = 0;
	if ((r->designing = r->designer != NULL && r->header.kind == FLP_KIND_PARAMS))
		flp_designer_begin(r->designer, &r->header);
	sinks->next = r->digester != NULL && flp_kind_digested(r->header.kind) ?
	    flp_digester_sink(r->digester) : NULL;
	flp_canonical_begin(sinks, &r->header);
	return flp_payload_begin(&r->payload, &r->header, e) < 0 ? damaged(r, e) : 0;
}

int
flp_reader_next(struct flp_reader *r, const struct flp_header **h, struct flp_error *e)
{
	struct flp_id id;
	int status;

	if (r->state == INSIDE && flp_reader_finish(r, &id, e) < 0)
		return -1;
	if (r->state == DAMAGED && skip_rest(r, e) < 0)
		return broken(r, e);
	if (r->state == BROKEN)
		return flp_error_bad(e, "nothing is read after damage");
	flp_header_free(&r->header);
	flp_meta_free(&r->tail.footer);
	r->digested = r->designed = 0;
	r->end = 0;
	r->verified = 0;
	if ((status = read_header(r, e)) <= 0)
		return status < 0 ? broken(r, e) : 0;
	*h = &r->header;
	return begin_values(r, e) < 0 ? -1 : 1;
}

int
flp_reader_back(struct flp_reader *r, struct flp_error *e)
{
	if (r->state != BETWEEN || r->header.kind == 0 || !r->in->regular)
		return flp_error_misuse(e, "no record to read again");
	r->end = r->in->offset;
	return flp_in_seek(r->in, r->values, e) < 0 ? broken(r, e) : begin_values(r, e);
}

int
flp_reader_skip(struct flp_reader *r, struct flp_id *id, struct flp_error *e)
{
	if (r->state != DAMAGED && check_inside(r, e) < 0)
		return -1;
	if (skip_rest(r, e) < 0)
		return broken(r, e);
	*id = r->tail.id;
	r->state = BETWEEN;
	return 0;
}

int
flp_reader_leave(struct flp_reader *r, struct flp_error *e)
{
	if ((r->state == INSIDE || r->state == DAMAGED) && skip_rest(r, e) < 0) {
		r->state = BROKEN;
		return e->code == FLP_ERROR_BAD ? 0 : -1;
	}
	if (r->state == BROKEN)
		return 0;
	r->state = BETWEEN;
	return 1;
}

int
flp_reader_none(struct flp_reader *r, struct flp_error *e)
{
	const struct flp_header *h;
	int more = flp_reader_next(r, &h, e);

	if (more == 0)
		return 0;
	if (more > 0)
		flp_error_bad(e, "expected one record, found more");
	return flp_error_at(e, "record %llu", (unsigned long long)r->number);
}
