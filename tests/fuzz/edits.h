/* What the fuzz targets of masked sums share. Their inputs are not records: a mutated record
 * would hardly ever get past its checksums and its signature. An input says how a good record is
 * edited, and whether it is signed again, by whom; the record then goes through a writer and a
 * reader as it would on its way from one party to another.
 *
 *	byte 0   which record, by the target
 *	byte 1   0: it keeps its signature; i: signed again by party i - 1
 *	then     edits: one byte each says which, then come its operands (below)
 *
 * All randomness is that of a fixed seed, so an input does the same in each process. */
#ifndef FLP_TESTS_FUZZ_EDITS_H
#define FLP_TESTS_FUZZ_EDITS_H

#include "format/keys.h"
#include "import.h"
#include "mask/hidden.h"
#include "mask/signed.h"

#include <sodium.h>
#include <string.h>
#include <sys/prctl.h>

#define EDITS_VALUES ((uint64_t)1 << 16) /* values of a tensor, at the most */

struct edits {
	const uint8_t *p;
	size_t n;
	const struct flp_record *const *pool; /* whose tensors and keys may be borrowed */
	size_t records;
};

/* The next byte; 0 past the end. */
static inline unsigned
next(struct edits *b)
{
	if (b->n == 0)
		return 0;
	b->n--;
	return *b->p++;
}

static inline uint64_t
next_number(struct edits *b, int bytes)
{
	uint64_t number = 0;

	while (bytes-- > 0)
		number = number << 8 | next(b);
	return number;
}

/* Randomness from a counter. */
static inline void
seeded_bytes(void *const to, const size_t n)
{
	static uint64_t calls;
	unsigned char seed[randombytes_SEEDBYTES] = { 0 };

	calls++;
	memcpy(seed, &calls, sizeof calls);
	randombytes_buf_deterministic(to, n, seed);
}

static inline uint32_t
seeded_word(void)
{
	uint32_t word;

	seeded_bytes(&word, sizeof word);
	return word;
}

static inline const char *
seeded_name(void)
{
	return "seeded";
}

/* The first of all calls. */
static inline void
edits_begin(void)
{
	static struct randombytes_implementation seeded = { .implementation_name = seeded_name,
		.random = seeded_word, .buf = seeded_bytes };

	must(randombytes_set_implementation(&seeded) == 0);
}

/* What flp_hidden_begin does, but for debuggers, by which leaks are found. */
static inline void
edits_hide(void)
{
	struct flp_error e;

	must(flp_hidden_begin(&e) == 0 && prctl(PR_SET_DUMPABLE, 1) == 0);
}

static inline void
copy_record(struct flp_record *to, const struct flp_record *from)
{
	struct flp_error e;

	must(flp_record_new(to, &from->header, &e) == 0);
	for (size_t i = 0; i < from->header.tensors; i++)
		memcpy(to->values[i], from->values[i], (size_t)from->header.tensor[i].bytes);
}

/* Gives a record another header. Tensors keep their values by their place. */
static inline void
set_header(struct flp_record *record, const struct flp_header *h)
{
	struct flp_record other;
	struct flp_error e;

	must(flp_record_new(&other, h, &e) == 0);
	for (size_t i = 0; i < h->tensors && i < record->header.tensors; i++) {
		uint64_t bytes = record->header.tensor[i].bytes;

		memcpy(other.values[i], record->values[i],
		    (size_t)(bytes < h->tensor[i].bytes ? bytes : h->tensor[i].bytes));
	}
	flp_record_free(record);
	*record = other;
}

/* The same tensors, but number i under another name, of another dtype or other dims. With rank
 * 0 they are what they were. */
static inline void
change_tensor(struct flp_record *record, size_t i, const char *name, enum flp_dtype dtype,
    unsigned rank, const uint64_t *dims)
{
	struct flp_header h;
	struct flp_error e;
	int status = 0;

	flp_header_init(&h, record->header.kind);
	h.privacy = record->header.privacy;
	must(flp_meta_copy(&h.meta, &record->header.meta, &e) == 0);
	for (size_t k = 0; status == 0 && k < record->header.tensors; k++) {
		const struct flp_tensor *t = &record->header.tensor[k];
		const char *own = k == i && name != NULL ? name : t->name;

		status = flp_header_append(&h, own, strlen(own), k == i && dtype ? dtype : t->dtype,
		    t->encoding, k == i && rank ? rank : t->rank, k == i && rank ? dims : t->dims, &e);
	}
	if (status == 0)
		set_header(record, &h);
	flp_header_free(&h);
}

static inline void
change_size(struct edits *b, struct flp_record *record, size_t i)
{
	const struct flp_tensor *t = &record->header.tensor[i];
	uint64_t dims[FLP_RANK_LIMIT];
	unsigned at = t->rank > 0 ? next(b) % t->rank : 0;
	uint64_t size = next_number(b, 2) % 1024, all = size;

	memcpy(dims, t->dims, sizeof dims);
	for (unsigned d = 0; d < t->rank; d++)
		all *= d != at ? dims[d] : 1;
	if (t->rank == 0 || all > EDITS_VALUES)
		return;
	dims[at] = size;
	change_tensor(record, i, NULL, 0, t->rank, dims);
}

/* A tensor of another record after the last one. */
static inline void
borrow_tensor(struct edits *b, struct flp_record *record)
{
	const struct flp_record *from = b->pool[next(b) % b->records];
	size_t i = next(b), last = record->header.tensors;
	const struct flp_tensor *t;
	struct flp_header h;
	struct flp_error e;

	if (from->header.tensors == 0)
		return;
	t = &from->header.tensor[i %= from->header.tensors];
	must(flp_header_copy(&h, &record->header, &e) == 0);
	if (last < 64 && flp_header_append(&h, t->name, strlen(t->name), t->dtype, t->encoding,
	    t->rank, t->dims, &e) == 0) {
		set_header(record, &h);
		memcpy(record->values[last], from->values[i], (size_t)t->bytes);
	}
	flp_header_free(&h);
}

static inline void
change_bytes(struct edits *b, struct flp_record *record, size_t i)
{
	const struct flp_tensor *t = &record->header.tensor[i];
	unsigned char *value = record->values[i];
	uint64_t at = next_number(b, 2);

	if (t->bytes > 0)
		value[at % t->bytes] ^= (unsigned char)next(b);
}

static inline void
change_value(struct edits *b, struct flp_record *record, size_t i)
{
	const struct flp_tensor *t = &record->header.tensor[i];
	size_t size = flp_dtype_size(t->dtype);
	uint64_t at = next_number(b, 2), value = next_number(b, (int)size);

	if (t->count > 0)
		memcpy((unsigned char *)record->values[i] + at % t->count * size, &value, size);
}

/* A row of a tensor in the place of another one. */
static inline void
copy_row(struct edits *b, struct flp_record *record, size_t i)
{
	const struct flp_tensor *t = &record->header.tensor[i];
	uint64_t rows = t->rank > 0 ? t->dims[0] : 0, from = next(b), to = next(b);
	unsigned char *value = record->values[i];

	if (rows > 0 && t->bytes > 0)
		memmove(value + to % rows * (t->bytes / rows), value + from % rows * (t->bytes / rows),
		    (size_t)(t->bytes / rows));
}

/* A key that the table knows. */
static inline const char *
choose_key(struct edits *b)
{
	size_t n = 0;

	while (flp_keys_at(n) != NULL)
		n++;
	return flp_keys_at(next(b) % n)->name;
}

static inline void
change_key(struct edits *b, struct flp_record *record)
{
	const char *key = choose_key(b);
	size_t n = next(b) % 130;
	struct flp_error e;

	if (n > b->n)
		n = b->n;
	if (flp_meta_set(&record->header.meta, key, (const char *)b->p, n, &e) < 0)
		is_error(&e);
	b->p += n;
	b->n -= n;
}

static inline void
borrow_key(struct edits *b, struct flp_record *record)
{
	const struct flp_record *from = b->pool[next(b) % b->records];
	const char *key = choose_key(b), *value;
	struct flp_error e;
	size_t n;

	if ((value = flp_meta_get(&from->header.meta, key, &n)) != NULL)
		must(flp_meta_set(&record->header.meta, key, value, n, &e) == 0);
}

/* An edit of the tensors. */
static inline void
edit_tensor(struct edits *b, unsigned what, struct flp_record *record)
{
	static const char *const names[] = { ":clients", "encrypt", "mask", "nonce", "signature", "to",
		"from", "of", "box", "check", "commit", "secret", "share", "sign", "certificate",
		"member/sign", "member/mask", "member/certificate", "mask/weight", "w", ":senders" };
	size_t i = record->header.tensors > 0 ? next(b) % record->header.tensors : 0;

	if (record->header.tensors == 0)
		return;
	if (what == 0)
		change_bytes(b, record, i);
	else if (what == 1)
		change_value(b, record, i);
	else if (what == 2)
		copy_row(b, record, i);
	else if (what == 3)
		change_size(b, record, i);
	else if (what == 4)
		change_tensor(record, i, names[next(b) % (sizeof names / sizeof *names)], 0, 0, NULL);
	else
		change_tensor(record, i, NULL, (enum flp_dtype)(1 + next(b) % FLP_DTYPE_U64), 0, NULL);
}

static inline void
drop_tensor(struct edits *b, struct flp_record *record)
{
	size_t n = record->header.tensors, i = n > 0 ? next(b) % n : 0;

	if (n == 0)
		return;
	free(record->values[i]);
	memmove(record->values + i, record->values + i + 1, (n - i - 1) * sizeof *record->values);
	flp_header_remove(&record->header, i);
}

/* Does what the input says, to its end. */
static inline void
edit(struct edits *b, struct flp_record *record)
{
	while (b->n > 0) {
		unsigned what = next(b) % 12;

		if (what < 6)
			edit_tensor(b, what, record);
		else if (what == 6)
			drop_tensor(b, record);
		else if (what == 7)
			borrow_tensor(b, record);
		else if (what == 8)
			change_key(b, record);
		else if (what == 9)
			borrow_key(b, record);
		else if (what == 10)
			flp_meta_drop(&record->header.meta, choose_key(b));
		else
			record->header.kind = (enum flp_kind)(1 + next(b) % FLP_KINDS);
	}
}

/* Whether two records are the same but for their signatures. One that can't be signed is not. */
static inline int
same_record(const struct flp_record *a, const struct flp_record *b)
{
	struct flp_digest x, y;
	struct flp_error e;

	if (flp_record_digest(a, &x, &e) < 0 || flp_record_digest(b, &y, &e) < 0) {
		is_error(&e);
		return 0;
	}
	return memcmp(&x, &y, sizeof x) == 0;
}

/* Signs a record again: 0 if it can't be signed. */
static inline int
sign_again(struct flp_record *record, const struct flp_identity *id)
{
	struct flp_error e;

	if (flp_signed_sign(record, id, &e) == 0)
		return 1;
	is_error(&e);
	return 0;
}

/* A record on its way: 0 if no writer writes it or no reader reads its header, else its header
 * was read. edits_arrived ends it. */
struct arrival {
	struct flp_in in;
	struct flp_reader *reader;
	const struct flp_header *header;
};

static inline int
write_out(struct flp_out *out, const struct flp_record *record, struct flp_error *e)
{
	struct flp_writer *w = flp_writer_new(out, e);
	int status;

	must(w != NULL);
	status = flp_record_write(record, w, e);
	flp_writer_free(w);
	return status;
}

static inline void
edits_arrived(struct arrival *a)
{
	flp_reader_free(a->reader);
	flp_in_close(&a->in);
}

static inline int
arrives(struct arrival *a, const struct flp_record *record)
{
	struct flp_error e;
	struct flp_out out;

	must(flp_out_temporary(&out, &e) == 0);
	if (write_out(&out, record, &e) < 0) {
		is_error(&e);
		flp_out_discard(&out);
		return 0;
	}
	must(flp_in_temporary(&a->in, &out, &e) == 0 &&
	    (a->reader = flp_reader_new(&a->in, &e)) != NULL);
	if (flp_reader_next(a->reader, &a->header, &e) == 1)
		return 1;
	is_error(&e);
	edits_arrived(a);
	return 0;
}

/* The same for a record that is loaded whole. */
static inline int
arrives_whole(struct flp_record *to, const struct flp_record *record)
{
	struct flp_error e;
	struct arrival a;
	int status;

	if (!arrives(&a, record))
		return 0;
	if ((status = flp_record_load(to, a.reader, a.header, &e)) < 0)
		is_error(&e);
	edits_arrived(&a);
	return status == 0;
}

#endif
