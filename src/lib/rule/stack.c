#include "rule/stack.h"
#include "base/memory.h"
#include "format/payload.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK ((size_t)8 << 10) /* bytes, a multiple of every dtype's size */
#define ENCODED 64              /* records at most that are decoded where they are */

struct flp_stack_file {
	char **path; /* where it stands among the operands, NULL for the temporary one */
	struct flp_in kept;
};

struct flp_stack_record {
	struct flp_entry entry;
	size_t file, shape;
	enum flp_kind kind;
	enum flp_privacy privacy;
	uint64_t values;            /* where in the file they begin */
	struct flp_in in;           /* the file, at this record's own place */
	struct flp_payload payload; /* which values are read next */
	struct flp_hash *hash;      /* of what was read, NULL before the first value */
	int whole;                  /* a reading found that the values match the id */
	struct flp_id then;         /* hash of the values, from that reading */
	struct flp_meta meta;       /* kept until it is whole */
};

void
flp_stack_init(struct flp_stack *s)
{
	memset(s, 0, sizeof *s);
	s->spool.fd = -1;
}

/* Takes the block back from the record that it is lent to. */
static void
pause_current(struct flp_stack *s)
{
	struct flp_stack_record *r = &s->record[s->current];

	if (s->record != NULL && r->in.buffer != NULL)
		flp_in_pause(&r->in, &s->file[r->file].kept);
}

static void
end_reading(struct flp_stack_record *r)
{
	flp_payload_free(&r->payload);
	flp_hash_free(r->hash);
	r->hash = NULL;
}

static void
forget(struct flp_stack_record *r)
{
	end_reading(r);
	flp_meta_free(&r->meta);
}

void
flp_stack_free(struct flp_stack *s)
{
	pause_current(s);
	for (size_t k = 0; k < s->records + (s->hand != NULL); k++)
		forget(&s->record[k]);
	for (size_t i = 0; i < s->files; i++)
		if (s->file[i].path != NULL)
			flp_in_close(&s->file[i].kept);
	while (s->shapes > 0)
		flp_header_free(&s->shape[--s->shapes]);
	flp_header_free(&s->copied);
	flp_out_discard(&s->spool);
	free(s->file);
	free(s->record);
	free(s->shape);
	free(s->block);
	flp_stack_init(s);
}

/* Finds the file of the record at hand in s->file, or adds it. A NULL path stands for the
 * temporary file. */
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
		f->kept = (struct flp_in){ .fd = s->spool.fd, .name = s->spool.name, .regular = 1,
			.shared = 1 };
	return 0;
}

static int
is_dense(const struct flp_header *h)
{
	for (size_t i = 0; i < h->tensors; i++)
		if (h->tensor[i].encoding != FLP_ENCODING_DENSE)
			return 0;
	return 1;
}

int
flp_stack_stays(const struct flp_stack *s, const struct flp_inputs *in,
    const struct flp_header *h)
{
	return in->in.regular && (s->encoded < ENCODED || is_dense(h));
}

/* Copies the values of a record to the temporary file, laid out as dense ones are. If the
 * record that was copied before was not kept, its copy is cut off first. */
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

/* Copies a record; *h becomes the header of the copy. A record of a file is passed over
 * first: its end is then known, and damage in its values does not lose what follows it. */
static int
copy_record(struct flp_stack *s, struct flp_inputs *in, const struct flp_header **h,
    struct flp_id *id, struct flp_error *e)
{
	struct flp_header *copied = &s->copied;

	if (in->in.regular && (flp_reader_skip(in->reader, id, e) < 0 ||
	    flp_reader_back(in->reader, e) < 0))
		return -1;
	flp_header_free(copied);
	if (copy_values(s, in->reader, *h, e) < 0 || flp_reader_finish(in->reader, id, e) < 0 ||
	    flp_header_copy(copied, *h, e) < 0)
		return -1;
	for (size_t i = 0; i < copied->tensors; i++)
		copied->tensor[i].encoding = FLP_ENCODING_DENSE;
	*h = copied;
	return 0;
}

int
flp_stack_look(struct flp_stack *s, struct flp_inputs *in, const struct flp_header **h,
    struct flp_entry **entry, struct flp_error *e)
{
	int stays = flp_stack_stays(s, in, *h);
	struct flp_stack_record *r;

	pause_current(s);
	if ((s->block == NULL && (s->block = flp_memory_new(BLOCK, 1, e)) == NULL) ||
	    flp_memory_grow(&s->record, &s->room, s->records + 1, sizeof *s->record, e) < 0)
		return -1;
	r = &s->record[s->records];
	if (s->hand != NULL)
		forget(r);
	memset(r, 0, sizeof *r);
	s->hand = *h;
	*entry = &r->entry;
	r->kind = (*h)->kind;
	r->privacy = (*h)->privacy;
	r->entry.path = in->path[-1];
	r->entry.number = flp_reader_number(in->reader);
	r->values = stays ? flp_reader_values_offset(in->reader) : s->spooled;
	if ((stays ? flp_reader_skip(in->reader, &r->entry.id, e) :
	    copy_record(s, in, h, &r->entry.id, e)) < 0)
		return -1;
	s->hand = *h;
	return find_file(s, stays ? in->path - 1 : NULL, &in->in, &r->file, e);
}

static int
same_table(const struct flp_header *a, const struct flp_header *b)
{
	struct flp_error unused;

	if (flp_header_same_tensors(a, b, &unused) < 0)
		return 0;
	for (size_t i = 0; i < a->tensors; i++)
		if (a->tensor[i].encoding != b->tensor[i].encoding)
			return 0;
	return 1;
}

/* Finds the header's table of tensors in s->shape, or adds it. */
static int
find_shape(struct flp_stack *s, const struct flp_header *h, size_t *index, struct flp_error *e)
{
	for (size_t i = s->shapes; i-- > 0;)
		if (same_table(&s->shape[i], h)) {
			*index = i;
			return 0;
		}
	*index = s->shapes;
	if (flp_memory_grow(&s->shape, &s->shapes_room, s->shapes + 1, sizeof *s->shape, e) < 0)
		return -1;
	flp_header_init(&s->shape[s->shapes], 0);
	return flp_header_copy(&s->shape[s->shapes++], h, e);
}

int
flp_stack_push(struct flp_stack *s, struct flp_error *e)
{
	struct flp_stack_record *r = &s->record[s->records];

	if (find_shape(s, s->hand, &r->shape, e) < 0 ||
	    (!r->whole && flp_meta_copy(&r->meta, &s->hand->meta, e) < 0))
		return -1;
	s->records++;
	s->encoded += !is_dense(s->hand);
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

/* Lends the block to record k and prepares the reading of the record's next value: the
 * first, if no reading has begun or the last was finished. */
static int
go_on(struct flp_stack *s, size_t k, struct flp_error *e)
{
	struct flp_stack_record *r = &s->record[k];
	const struct flp_header *shape = k == s->records ? s->hand : &s->shape[r->shape];
	struct flp_header h = *shape;
	int begin = r->hash == NULL;

	if (begin || r->in.buffer == NULL) {
		pause_current(s);
		if (begin) {
			r->in = s->file[r->file].kept;
			r->in.offset = r->values;
			r->payload.in = &r->in;
		}
		s->current = k;
		if (flp_in_resume(&r->in, s->block, BLOCK, e) < 0)
			return -1;
	}
	if (begin) {
		if ((r->hash = flp_hash_new(e)) == NULL || flp_payload_begin(&r->payload, shape, e) < 0)
			return -1;
		h.kind = r->kind;
		h.privacy = r->privacy;
		flp_canonical_begin(flp_hash_sink(r->hash), &h);
	}
	return flp_payload_settle(&r->payload, e);
}

/* Returns -1. A record that an earlier reading found whole has changed since. */
static int
refuse(const struct flp_stack_record *r, struct flp_error *e)
{
	return r->whole && e->code == FLP_ERROR_BAD ? flp_in_changed(e) : -1;
}

int
flp_stack_values(struct flp_stack *s, size_t k, size_t n, void *to, struct flp_error *e)
{
	struct flp_stack_record *r = &s->record[k];
	struct flp_payload *p = &r->payload;
	size_t size, where;

	if (go_on(s, k, e) < 0)
		return refuse(r, e);
	size = p->tensor != NULL ? flp_dtype_size(p->tensor->dtype) : 1;
	if (flp_payload_check(p, n * size, e) < 0 || flp_payload_read(p, to, n * size, e) < 0)
		return refuse(r, e);
	flp_canonical_values(flp_hash_sink(r->hash), to, n * size);
	if (flp_dtype_finite(to, p->tensor->dtype, n, &where))
		return 0;
	flp_tensor_not_finite(p->tensor, (p->tensor->bytes - p->left) / size - n + where, e);
	return refuse(r, e);
}

/* Checks what was read: against the id on the first reading, against the first reading on
 * later ones. */
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
	int status;

	if (go_on(s, k, e) < 0)
		return refuse(r, e);
	if (r->payload.tensor != NULL)
		return flp_error_misuse(e, "tensor %s: not all values were read", r->payload.tensor->name);
	status = check_hash(r, k == s->records ? &s->hand->meta : &r->meta, e);
	end_reading(r);
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
