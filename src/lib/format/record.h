/* A whole record in memory, for models and other small records. */
#ifndef FLP_FORMAT_RECORD_H
#define FLP_FORMAT_RECORD_H

#include "format/reader.h"
#include "format/writer.h"

struct flp_record {
	struct flp_header header;
	void **values; /* one block a tensor, 64-byte aligned, at least one byte */
	struct flp_id id;
};

/* Reads and checks the whole record whose header *h flp_reader_next has just returned.
 * Memory grows with what arrives, not with what the header claims. */
int flp_record_load(struct flp_record *rec, struct flp_reader *r,
    const struct flp_header *h, struct flp_error *e) FLP_CHECKED;

/* Reads one tensor of it alone: the values that flp_reader_values gives next. The
 * caller frees *values, which is NULL on failure. Memory grows as above. */
int flp_record_tensor(void **values, const struct flp_tensor *t, struct flp_reader *r,
    struct flp_error *e) FLP_CHECKED;

/* Passes the values of one tensor on to a writer, whose next tensor has as many bytes. They
 * go through `block`, which has room for `room` bytes, a multiple of every dtype's size. */
int flp_record_pass(struct flp_reader *r, const struct flp_tensor *t, struct flp_writer *w,
    void *block, size_t room, struct flp_error *e) FLP_CHECKED;

/* Makes a record with this header, which is copied, and values of zero. */
int flp_record_new(struct flp_record *rec, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;

/* Writes it as its header says. The id is computed anew; rec->id is not used. This does NOT check
 * that floats are finite, though every reader refuses a record in which one is not. */
int flp_record_write(const struct flp_record *rec, struct flp_writer *w,
    struct flp_error *e) FLP_CHECKED;

/* Writes it to a new file, as flp_out_create makes one; with `private` only its owner may read it.
 * When it returns 0, flp_out_close, flp_out_commit or the like must follow. */
int flp_record_create(const struct flp_record *rec, struct flp_out *out, const char *path,
    int private, struct flp_error *e) FLP_CHECKED;

/* What a signature of the record signs: the digest of format/digest.h, but without the key
 * `signature`; and in a record of kind masked, each value of u64 is hashed as the bytes that it has
 * in the encoding modular. FLP_ERROR_BAD if a value is too large for these. rec->id is not
 * used. */
int flp_record_digest(const struct flp_record *rec, struct flp_digest *digest,
    struct flp_error *e) FLP_CHECKED;

void flp_record_free(struct flp_record *rec);

/* The values of the tensor with that name. NULL if the record does not have it, or if `rec` or
 * `name` is NULL. If t is not NULL and the tensor is found, *t is set to its row of the table. */
void *flp_record_values(const struct flp_record *rec, const char *name,
    const struct flp_tensor **t);

#endif
