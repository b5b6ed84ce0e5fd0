#include "rule/stack.h"
#include "base/memory.h"
#include "format/payload.h"

#include <stdlib.h>
#include <string.h>

#define BUFFER ((size_t)8 << 10) /* bytes, a multiple of every dtype's size */
#define ENCODED 64              /* the most records that are decoded from their files */
#define TABLES 4                /* once there are so many, encoded records add no others */

#define COPIED SIZE_MAX         /* as the number of a file: the temporary file */

struct flp_stack_record {
	struct flp_entry entry;
	size_t file, table;
	uint64_t start, values;     /* offsets in the file where the record and its values begin */
	struct flp_in in;           /* the file, at the place where this record is being read */
	struct flp_payload payload; /* which values are read next */
	struct flp_hash *hash;      /* of the values read so far; NULL before the first */
	int verified;               /* 1: a reading found that the values match the id */
	struct flp_id then;         /* the hash of the values in that reading */
	int out;                    /* 1: left out after all */
};

void
flp_stack_init(struct flp_stack *s)
{
	memset(s, 0, sizeof *s);
	s->spool.fd = -1;
}

/* The file that a record is read from. */
static struct flp_in
kept(const struct flp_stack *s, const struct flp_stack_record *r)
{
	return r->file != COPIED ? s->file[r->file] : (struct flp_in){ .fd = s->spool.fd,
		.name = s->spool.name, .regular = 1, .shared = 1 };
}

/* Takes the buffer back from the record that has it. */
static void
pause_current(struct flp_stack *s)
{
	struct flp_stack_record *r = &s->record[s->current];
	struct flp_in in;

	if (s->record != NULL && r->in.buffer != NULL) {
		in = kept(s, r);
		flp_in_pause(&r->in, &in);
	}
}

static void
end_reading(struct flp_stack_record *r)
{
	flp_payload_free(&r->payload);
	flp_hash_free(r->hash);
	r->hash = NULL;
}

void
flp_stack_free(struct flp_stack *s)
{
	pause_current(s);
	for (size_t k = 0; k < s->made; k++) {
		end_reading(&s->record[k]);
		flp_entry_free(&s->record[k].entry);
	}
	while (s->files > 0)
		flp_in_close(&s->file[--s->files]);
	while (s->tables > 0)
		flp_header_free(&s->table[--s->tables]);
	flp_header_free(&s->copy);
	flp_out_discard(&s->spool);
	free(s->file);
	free(s->record);
	free(s->table);
	free(s->buffer);
	flp_stack_init(s);
}

/* Finds the current file in s->file, or adds it. */
static int
find_file(struct flp_stack *s, const struct flp_inputs *in, size_t *index, struct flp_error *e)
{
	if (s->path != in->path) {
		if (flp_memory_grow(&s->file, &s->files_room, s->files + 1, sizeof *s->file, e) < 0)
			return -1;
		flp_in_keep(&s->file[s->files++], &in->in);
		s->path = in->path;
	}
	*index = s->files - 1;
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

/* Returns 1 if both have the same `bits`, which the encoding modular needs, or neither has the
 * key. */
static int
same_bits(const struct flp_meta *a, const struct flp_meta *b)
{
	size_t a_n, b_n;
	const char *x = flp_meta_get(a, "bits", &a_n), *y = flp_meta_get(b, "bits", &b_n);

	return x == NULL || y == NULL ? x == y : a_n == b_n && memcmp(x, y, a_n) == 0;
}

static int
same_table(const struct flp_header *a, const struct flp_header *b)
{
	struct flp_error unused;

	if (!same_bits(&a->meta, &b->meta))
		return 0;
	if (a->kind != b->kind || a->privacy != b->privacy ||
	    flp_header_same_tensors(a, b, &unused) < 0)
		return 0;
	for (size_t i = 0; i < a->tensors; i++)
		if (a->tensor[i].encoding != b->tensor[i].encoding)
			return 0;
	return 1;
}

/* The index of the header's table in s->table, or s->tables if it is not there. */
static size_t
find_table(const struct flp_stack *s, const struct flp_header *h)
{
	size_t i = s->tables;

	while (i > 0 && !same_table(&s->table[i - 1], h))
		i--;
	return i > 0 ? i - 1 : s->tables;
}

int
flp_stack_stays(const struct flp_stack *s, const struct flp_inputs *in,
    const struct flp_header *h)
{
	return in->in.regular && (is_dense(h) || (s->encoded < ENCODED &&
	    (s->tables < TABLES || find_table(s, h) < s->tables)));
}

static int
copy_values(struct flp_stack *s, struct flp_reader *r, const struct flp_header *h,
    struct flp_writer *w, struct flp_error *e)
{
	for (size_t i = 0; i < h->tensors; i++)
		if (flp_record_pass(r, &h->tensor[i], w, s->buffer, BUFFER, e) < 0)
			return -1;
	return 0;
}

/* Copies a record to the temporary file as a dense one; *h becomes the copy's header. If the
 * last copy was not kept, it is cut off first. In a regular file the reader first skips to the
 * record's end and comes back: then the end is known, and damage in the values does not lose the
 * records after it. */
static int
copy_record(struct flp_stack *s, struct flp_inputs *in, const struct flp_header **h,
    struct flp_stack_record *r, struct flp_error *e)
{
	struct flp_id *id = &r->entry.id;
	struct flp_header *copy = &s->copy;
	struct flp_writer *w;
	int status = -1;

	flp_header_free(copy);
	if ((in->in.regular && (flp_reader_skip(in->reader, id, e) < 0 ||
	    flp_reader_back(in->reader, e) < 0)) ||
	    (s->spool.fd < 0 && flp_out_temporary(&s->spool, e) < 0) ||
	    flp_out_cut(&s->spool, s->spooled, e) < 0 || flp_header_copy(copy, *h, e) < 0)
		return -1;
	for (size_t i = 0; i < copy->tensors; i++)
		copy->tensor[i].encoding = FLP_ENCODING_DENSE;
	flp_meta_free(&copy->meta); /* all go to the footer */
	if ((w = flp_writer_new(&s->spool, e)) == NULL)
		return -1;
	r->start = s->spooled;
	if (flp_writer_begin(w, copy, e) == 0) {
		r->values = s->spool.offset;
		if (copy_values(s, in->reader, *h, w, e) == 0 &&
		    flp_reader_finish(in->reader, id, e) == 0 &&
		    flp_writer_end(w, &(*h)->meta, NULL, e) == 0 &&
		    flp_out_flush(&s->spool, e) == 0)
			status = flp_meta_copy(&copy->meta, &(*h)->meta, e);
	}
	flp_writer_free(w);
	*h = copy;
	return status;
}

int
flp_stack_begin(struct flp_stack *s, struct flp_inputs *in, const struct flp_header **h,
    struct flp_entry **entry, struct flp_error *e)
{
	int stays = flp_stack_stays(s, in, *h);
	struct flp_stack_record *r;

	pause_current(s);
	if ((s->buffer == NULL && (s->buffer = flp_memory_new(BUFFER, 1, e)) == NULL) ||
	    flp_memory_grow(&s->record, &s->room, s->records + 1, sizeof *s->record, e) < 0)
		return -1;
	r = &s->record[s->records];
	if (s->made > s->records) {
		end_reading(r);
		flp_entry_free(&r->entry);
	}
	s->hand = NULL;
	s->made = s->records + 1;
	memset(r, 0, sizeof *r);
	*entry = &r->entry;
	r->entry.path = in->path[-1];
	r->entry.number = flp_reader_number(in->reader);
	r->start = flp_reader_offset(in->reader);
	r->values = flp_reader_values_offset(in->reader);
	if ((stays ? flp_reader_skip(in->reader, &r->entry.id, e) :
	    copy_record(s, in, h, r, e)) < 0)
		return -1;
	r->file = COPIED;
	if (stays && find_file(s, in, &r->file, e) < 0)
		return -1;
	s->hand = *h;
	return 0;
}

static int
add_table(struct flp_stack *s, const struct flp_header *h, struct flp_error *e)
{
	struct flp_header *table;
	const char *bits;
	size_t n;

	if (flp_memory_grow(&s->table, &s->tables_room, s->tables + 1, sizeof *s->table, e) < 0)
		return -1;
	table = &s->table[s->tables++];
	if (flp_header_copy(table, h, e) < 0)
		return -1;
	flp_meta_free(&table->meta);
	bits = flp_meta_get(&h->meta, "bits", &n);
	return bits != NULL ? flp_meta_set(&table->meta, "bits", bits, n, e) : 0;
}

int
flp_stack_push(struct flp_stack *s, struct flp_error *e)
{
	struct flp_stack_record *r;

	if (s->hand == NULL || s->record[s->records].hash != NULL)
		return flp_error_misuse(e, "no record at hand, or it is being read");
	r = &s->record[s->records];
	r->table = find_table(s, s->hand);
	if (r->table == s->tables && add_table(s, s->hand, e) < 0)
		return -1;
	s->records++;
	s->encoded += !is_dense(s->hand);
	s->hand = NULL;
	if (r->file == COPIED)
		s->spooled = s->spool.offset;
	return 0;
}

/* A header that has the record's table. */
static const struct flp_header *
table_of(const struct flp_stack *s, size_t k)
{
	return k == s->records ? s->hand : &s->table[s->record[k].table];
}

enum flp_dtype
flp_stack_dtype(const struct flp_stack *s, size_t k, size_t tensor)
{
	return table_of(s, k)->tensor[tensor].dtype;
}

struct flp_entry *
flp_stack_entry(const struct flp_stack *s, size_t k)
{
	return &s->record[k].entry;
}

int
flp_stack_has(const struct flp_stack *s, size_t k)
{
	return k < s->records && !s->record[k].out;
}

void
flp_stack_leave_out(struct flp_stack *s, size_t k)
{
	if (k < s->records)
		s->record[k].out = 1;
}

/* Gives the buffer to record k and prepares to read its next value, which is the first if no
 * reading has begun or the last one was finished. */
static int
prepare(struct flp_stack *s, size_t k, struct flp_error *e)
{
	struct flp_stack_record *r = &s->record[k];
	const struct flp_header *table = table_of(s, k);
	int begin = r->hash == NULL;

	if (begin || r->in.buffer == NULL) {
		pause_current(s);
		if (begin) {
			r->in = kept(s, r);
			r->in.offset = r->values;
			r->payload.in = &r->in;
		}
		s->current = k;
		if (flp_in_resume(&r->in, s->buffer, BUFFER, e) < 0)
			return -1;
	}
	if (begin) {
		if ((r->hash = flp_hash_new(e)) == NULL || flp_payload_begin(&r->payload, table, e) < 0)
			return -1;
		flp_canonical_begin(flp_hash_sink(r->hash), table);
	}
	return flp_payload_settle(&r->payload, e);
}

/* Returns -1. If an earlier reading verified the record, a fault that is found now means
 * that the file has changed. */
static int
changed_if_verified(const struct flp_stack_record *r, struct flp_error *e)
{
	return r->verified && e->code == FLP_ERROR_BAD ? flp_in_changed(e) : -1;
}

/* Prepares record k and returns it; NULL on error. */
static struct flp_stack_record *
go_on(struct flp_stack *s, size_t k, struct flp_error *e)
{
	if (k >= s->records + (s->hand != NULL)) {
		flp_error_misuse(e, "no record %zu in the stack", k);
		return NULL;
	}
	if (prepare(s, k, e) == 0)
		return &s->record[k];
	changed_if_verified(&s->record[k], e);
	return NULL;
}

int
flp_stack_values(struct flp_stack *s, size_t k, size_t n, void *to, struct flp_error *e)
{
	struct flp_stack_record *r = go_on(s, k, e);
	struct flp_payload *p;
	size_t size, bytes, where;

	if (r == NULL)
		return -1;
	p = &r->payload;
	size = p->tensor != NULL ? flp_dtype_size(p->tensor->dtype) : 1;
	if (__builtin_mul_overflow(n, size, &bytes))
		bytes = SIZE_MAX;
	if (flp_payload_check(p, bytes, e) < 0 || flp_payload_read(p, to, bytes, e) < 0)
		return changed_if_verified(r, e);
	flp_canonical_values(flp_hash_sink(r->hash), to, bytes);
	if (flp_dtype_finite(to, p->tensor->dtype, n, &where))
		return 0;
	flp_tensor_not_finite(p->tensor, (p->tensor->bytes - p->left) / size - n + where, e);
	return changed_if_verified(r, e);
}

/* Checks the values that were read against the id, for which the record's metadata are
 * read once more. */
static int
check_again(struct flp_stack *s, struct flp_stack_record *r, struct flp_error *e)
{
	struct flp_in in = kept(s, r), file = in;
	const struct flp_header *h;
	struct flp_reader *reader;
	struct flp_id id;
	int status = -1;

	pause_current(s);
	in.offset = r->start;
	e->code = FLP_ERROR_NONE;
	if (flp_in_resume(&in, s->buffer, BUFFER, e) == 0 &&
	    (reader = flp_reader_new(&in, e)) != NULL) {
		if (flp_reader_next(reader, &h, e) > 0 && flp_reader_skip(reader, &id, e) == 0 &&
		    memcmp(&id, &r->entry.id, sizeof id) == 0)
			status = flp_hash_check(r->hash, &h->meta, &r->entry.id, &id, e);
		else if (e->code != FLP_ERROR_SYSTEM)
			status = flp_in_changed(e);
		flp_reader_free(reader);
	}
	flp_in_pause(&in, &file);
	return status;
}

/* Checks what was read: against the id on the first reading, against the first reading on
 * later ones. */
static int
check_hash(struct flp_stack *s, size_t k, struct flp_error *e)
{
	struct flp_stack_record *r = &s->record[k];
	struct flp_id values, id;

	flp_hash_id(r->hash, &values);
	if (r->verified)
		return memcmp(&values, &r->then, sizeof values) == 0 ? 0 : flp_in_changed(e);
	if ((k == s->records ? flp_hash_check(r->hash, &s->hand->meta, &r->entry.id, &id, e) :
	    check_again(s, r, e)) < 0)
		return -1;
	r->verified = 1;
	r->then = values;
	return 0;
}

int
flp_stack_finish(struct flp_stack *s, size_t k, struct flp_error *e)
{
	struct flp_stack_record *r = go_on(s, k, e);
	int status;

	if (r == NULL)
		return -1;
	if (r->payload.tensor != NULL)
		return flp_error_misuse(e, "tensor %s: not all values were read", r->payload.tensor->name);
	status = check_hash(s, k, e);
	end_reading(r);
	return status;
}

int
flp_stack_rest(struct flp_stack *s, size_t k, void *block, size_t n, struct flp_error *e)
{
	struct flp_stack_record *r;
	const struct flp_tensor *t;

	if (n == 0)
		return flp_error_misuse(e, "no room for values");
	while ((r = go_on(s, k, e)) != NULL && (t = r->payload.tensor) != NULL) {
		uint64_t left = r->payload.left / flp_dtype_size(t->dtype);

		if (flp_stack_values(s, k, left < n ? (size_t)left : n, block, e) < 0)
			return -1;
	}
	return r != NULL ? flp_stack_finish(s, k, e) : -1;
}

/* Computes the digest of the next record, of any kind, from its canonical form. */
static int
digest_record(struct flp_reader *r, struct flp_digester *d, struct flp_digest *digest,
    struct flp_id *id, struct flp_error *e)
{
	struct flp_sink *sink = flp_digester_sink(d);
	unsigned char block[BUFFER];
	const struct flp_header *h;

	int more = flp_reader_next(r, &h, e);

	if (more <= 0)
		return more < 0 ? -1 : flp_in_changed(e);
	flp_canonical_begin(sink, h);
	for (size_t i = 0; i < h->tensors; i++)
		for (uint64_t left = h->tensor[i].bytes, n; left > 0; left -= n) {
			n = left < BUFFER ? left : BUFFER;
			if (flp_reader_values(r, block, n, e) < 0)
				return -1;
			flp_canonical_values(sink, block, n);
		}
	if (flp_reader_finish(r, id, e) < 0)
		return -1;
	flp_canonical_end(sink, &h->meta);
	flp_digester_end(d, digest);
	return 0;
}

int
flp_stack_digest(struct flp_stack *s, size_t k, struct flp_digest *digest, struct flp_error *e)
{
	struct flp_stack_record *r = &s->record[k];
	struct flp_in in = kept(s, r), file = in;
	struct flp_digester *d = flp_digester_new(e);
	struct flp_reader *reader = NULL;
	struct flp_id id;
	int status = -1;

	if (d == NULL)
		return -1;
	pause_current(s);
	in.offset = r->start;
	if (flp_in_resume(&in, s->buffer, BUFFER, e) == 0 &&
	    (reader = flp_reader_new(&in, e)) != NULL &&
	    (status = digest_record(reader, d, digest, &id, e)) == 0 &&
	    memcmp(&id, &r->entry.id, sizeof id) != 0)
		status = flp_in_changed(e);
	if (status < 0)
		changed_if_verified(r, e);
	flp_reader_free(reader);
	flp_digester_free(d);
	flp_in_pause(&in, &file);
	return status;
}
