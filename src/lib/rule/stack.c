#include "rule/stack.h"
#include "base/memory.h"
#include "format/bytes.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK ((size_t)64 << 10) /* bytes copied at once, a multiple of every dtype's size */
#define AHEAD ((size_t)8 << 10)  /* bytes read at once, unless a tensor has more */

struct flp_stack_file {
	char **path;        /* where it stands among the operands, NULL for the temporary one */
	struct flp_in kept; /* fd = -1: to be opened by its name */
};

struct flp_stack_record {
	struct flp_entry entry;
	size_t file;
	uint64_t values, bytes; /* where in the file its values begin, and how long they are */
	uint64_t at;            /* what of them is read next */
	enum flp_kind kind;
	enum flp_privacy privacy;
	size_t tensor;         /* whose values were read last, and */
	size_t padding;        /* how much of their padding is still to come */
	struct flp_hash *hash; /* of what was read */
	int whole;             /* it was read to its end once: */
	struct flp_id then;    /* hash of its values then */
	struct flp_meta meta;  /* kept until it is whole */
};

void
flp_stack_init(struct flp_stack *s)
{
	memset(s, 0, sizeof *s);
	s->spool.fd = -1;
}

static void
forget(struct flp_stack_record *r)
{
	flp_meta_free(&r->meta);
	flp_hash_free(r->hash);
}

void
flp_stack_free(struct flp_stack *s)
{
	for (size_t i = 0; i < s->files; i++)
		if (s->file[i].path != NULL)
			flp_in_close(&s->file[i].kept);
	for (size_t k = 0; k < s->records + (s->hand != NULL); k++)
		forget(&s->record[k]);
	flp_header_free(&s->shape[0]);
	flp_header_free(&s->shape[1]);
	flp_out_discard(&s->spool);
	free(s->file);
	free(s->record);
	free(s->block);
	flp_stack_init(s);
}

/* The file of the record at hand, NULL path for the temporary one, among the files. */
static int
find_file(struct flp_stack *s, char **path, const struct flp_in *in, size_t *index,
    struct flp_error *e)
{
	struct flp_stack_file *f;

	for (size_t i = s->files; i-- > 0;)
		if (s->file[i].path == path) {
			*index = i;
			return 0;
		} else if (path != NULL && s->file[i].path != NULL) {
			break;
		}
	if (flp_memory_grow(&s->file, &s->files_room, s->files + 1, sizeof *s->file, e) < 0)
		return -1;
	*index = s->files++;
	f = &s->file[*index];
	f->path = path;
	if (path != NULL)
		flp_in_keep(&f->kept, in);
	else
		f->kept = (struct flp_in){ .fd = s->spool.fd, .name = s->spool.name, .regular = 1 };
	return 0;
}

int
flp_stack_stays(const struct flp_inputs *in, const struct flp_header *h)
{
	for (size_t i = 0; i < h->tensors; i++)
		if (h->tensor[i].encoding != FLP_ENCODING_DENSE)
			return 0;
	return in->in.regular;
}

/* The values of the record at hand to the temporary file, laid out as dense ones are. The
 * last record that was copied may not have been kept. */
static int
copy_values(struct flp_stack *s, struct flp_reader *r, const struct flp_header *h,
    struct flp_error *e)
{
	static const unsigned char zero[FLP_ALIGNMENT];

	if ((s->spool.fd < 0 && flp_out_temporary(&s->spool, e) < 0) ||
	    flp_out_cut(&s->spool, s->spooled, e) < 0)
		return -1;
	for (size_t i = 0; i < h->tensors; i++) {
		uint64_t bytes = h->tensor[i].bytes;

		for (uint64_t left = bytes, n; left > 0; left -= n) {
			n = left < BLOCK ? left : BLOCK;
			if (flp_reader_values(r, s->block, n, e) < 0 ||
			    flp_out_write(&s->spool, s->block, (size_t)n, e) < 0)
				return -1;
		}
		if (flp_out_write(&s->spool, zero, flp_bytes_padded(bytes) - bytes, e) < 0)
			return -1;
	}
	return flp_out_flush(&s->spool, e);
}

int
flp_stack_look(struct flp_stack *s, struct flp_inputs *in, const struct flp_header *h,
    struct flp_entry **entry, struct flp_error *e)
{
	int stays = flp_stack_stays(in, h);
	struct flp_stack_record *r;

	if ((s->block == NULL && (s->block = flp_memory_new(BLOCK, 1, e)) == NULL) ||
	    flp_memory_grow(&s->record, &s->room, s->records + 1, sizeof *s->record, e) < 0)
		return -1;
	r = &s->record[s->records];
	if (s->hand != NULL)
		forget(r);
	memset(r, 0, sizeof *r);
	s->hand = h;
	s->from = s->to = 0;
	*entry = &r->entry;
	r->kind = h->kind;
	r->privacy = h->privacy;
	r->entry.path = in->path[-1];
	r->entry.number = flp_reader_number(in->reader);
	for (size_t i = 0; i < h->tensors; i++)
		r->bytes += flp_bytes_padded(h->tensor[i].bytes);
	r->values = stays ? flp_reader_values_offset(in->reader) : s->spooled;
	if (in->in.regular && flp_reader_skip(in->reader, &r->entry.id, e) < 0)
		return -1;
	/* Where its end is known, damage in it costs no other record. */
	if (!stays && ((in->in.regular && flp_reader_back(in->reader, e) < 0) ||
	    copy_values(s, in->reader, h, e) < 0 ||
	    flp_reader_finish(in->reader, &r->entry.id, e) < 0))
		return -1;
	return find_file(s, stays ? in->path - 1 : NULL, &in->in, &r->file, e);
}

int
flp_stack_push(struct flp_stack *s, const struct flp_header *h, struct flp_error *e)
{
	struct flp_stack_record *r = &s->record[s->records];
	struct flp_header *shape = &s->shape[h->kind == FLP_KIND_PARTIAL];

	if (shape->kind == 0 && flp_header_copy(shape, h, e) < 0)
		return -1;
	if (flp_header_same_tensors(shape, h, e) < 0 ||
	    (!r->whole && flp_meta_copy(&r->meta, &h->meta, e) < 0))
		return -1;
	s->records++;
	s->hand = NULL;
	if (s->file[r->file].path == NULL)
		s->spooled = s->spool.offset;
	return 0;
}

const struct flp_entry *
flp_stack_entry(const struct flp_stack *s, size_t k)
{
	return &s->record[k].entry;
}

int
flp_stack_partial(const struct flp_stack *s, size_t k)
{
	return s->record[k].kind == FLP_KIND_PARTIAL;
}

static const struct flp_header *
header_of(const struct flp_stack *s, size_t k)
{
	return k == s->records ? s->hand : &s->shape[flp_stack_partial(s, k)];
}

static int
begin_hash(struct flp_stack_record *r, const struct flp_header *shape, struct flp_error *e)
{
	struct flp_header h = *shape;

	h.kind = r->kind;
	h.privacy = r->privacy;
	if (r->hash == NULL && (r->hash = flp_hash_new(e)) == NULL)
		return -1;
	flp_canonical_begin(flp_hash_sink(r->hash), &h);
	return 0;
}

/* Bytes of a file, by the descriptor that was kept or by name. */
static int
read_file(const struct flp_stack_file *f, uint64_t at, void *to, size_t n, struct flp_error *e)
{
	struct flp_in again;
	int status;

	if (f->kept.fd >= 0)
		return flp_in_at(&f->kept, at, to, n, e);
	if (strcmp(*f->path, "-") == 0) { /* it is open, and begins where it began */
		again = f->kept;
		again.fd = STDIN_FILENO;
		return flp_in_at(&again, at, to, n, e);
	}
	if (flp_in_open(&again, *f->path, e) < 0)
		return -1;
	status = flp_in_at(&again, at, to, n, e);
	flp_in_close(&again);
	return status;
}

/* The next n bytes of record k. Few are read with what follows them, as tensors of a few
 * values would cost a system call each. */
static int
read_next(struct flp_stack *s, size_t k, void *to, size_t n, struct flp_error *e)
{
	struct flp_stack_record *r = &s->record[k];
	const struct flp_stack_file *f = &s->file[r->file];
	uint64_t at = r->at;

	r->at += n;
	if (n == 0)
		return 0;
	if (n >= AHEAD)
		return read_file(f, r->values + at, to, n, e);
	if (s->block_of != k || at < s->from || r->at > s->to) {
		uint64_t left = r->bytes - at;

		s->block_of = k;
		s->from = s->to = at;
		left = left < AHEAD ? left : AHEAD;
		if (read_file(f, r->values + at, s->block, (size_t)left, e) < 0)
			return -1;
		s->to += left;
	}
	memcpy(to, s->block + (at - s->from), n);
	return 0;
}

static int
read_padding(struct flp_stack *s, size_t k, const struct flp_header *h, struct flp_error *e)
{
	struct flp_stack_record *r = &s->record[k];
	unsigned char padding[FLP_ALIGNMENT];
	size_t n = r->padding;

	r->padding = 0;
	if (read_next(s, k, padding, n, e) < 0)
		return -1;
	return flp_bytes_zero(padding, n) ? 0 :
	    flp_error_bad(e, "tensor %s: padding is not zero", h->tensor[r->tensor].name);
}

/* What is bad in a record that was whole once. */
static int
refuse(const struct flp_stack_record *r, struct flp_error *e)
{
	return r->whole && e->code == FLP_ERROR_BAD ? flp_in_changed(e) : -1;
}

int
flp_stack_values(struct flp_stack *s, size_t k, size_t tensor, uint64_t at, size_t n, void *to,
    struct flp_error *e)
{
	struct flp_stack_record *r = &s->record[k];
	const struct flp_header *h = header_of(s, k);
	const struct flp_tensor *t = &h->tensor[tensor];
	size_t size = flp_dtype_size(t->dtype), where;

	if ((r->at == 0 && begin_hash(r, h, e) < 0) || read_padding(s, k, h, e) < 0 ||
	    read_next(s, k, to, n * size, e) < 0)
		return refuse(r, e);
	r->tensor = tensor;
	if (at + n == t->count)
		r->padding = (size_t)(flp_bytes_padded(t->bytes) - t->bytes);
	flp_canonical_values(flp_hash_sink(r->hash), to, n * size);
	if (flp_dtype_finite(to, t->dtype, n, &where))
		return 0;
	flp_tensor_not_finite(t, at + where, e);
	return refuse(r, e);
}

/* The hash of the values, and that of the whole record. */
static int
check_hash(struct flp_stack_record *r, const struct flp_meta *meta, struct flp_error *e)
{
	struct flp_id values, id;

	flp_hash_id(r->hash, &values);
	if (r->whole)
		return memcmp(&values, &r->then, sizeof values) == 0 ? 0 : flp_in_changed(e);
	if (flp_hash_check(r->hash, meta, &r->entry.id, &id, e) < 0)
		return -1;
	r->whole = 1;
	r->then = values;
	return 0;
}

int
flp_stack_finish(struct flp_stack *s, size_t k, struct flp_error *e)
{
	struct flp_stack_record *r = &s->record[k];
	const struct flp_header *h = header_of(s, k);
	int status;

	if ((r->at == 0 && begin_hash(r, h, e) < 0) || read_padding(s, k, h, e) < 0)
		return refuse(r, e);
	status = check_hash(r, k == s->records ? &h->meta : &r->meta, e);
	flp_hash_free(r->hash);
	r->hash = NULL;
	r->at = 0;
	return status;
}

int
flp_stack_at(const struct flp_stack *s, size_t k, struct flp_error *e)
{
	const struct flp_entry *entry = &s->record[k].entry;
	const char *name = flp_in_name(entry->path);

	return entry->number > 1 ? flp_error_at(e, "%s: record %llu", name,
	    (unsigned long long)entry->number) : flp_error_at(e, "%s", name);
}
