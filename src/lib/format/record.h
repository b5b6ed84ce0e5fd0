/* A whole record in memory, for models and other small ones. */
#ifndef FLP_FORMAT_RECORD_H
#define FLP_FORMAT_RECORD_H

#include "format/reader.h"
#include "format/writer.h"

struct flp_record {
	struct flp_header header;
	void **values; /* one block a tensor, 64-byte aligned, at least one byte */
	struct flp_id id;
};

/* Reads the record whose header *h flp_reader_next just gave, whole, and checks
 * it. Memory grows with what arrives, not with what the header claims. */
int flp_record_load(struct flp_record *rec, struct flp_reader *r,
    const struct flp_header *h, struct flp_error *e) FLP_CHECKED;

/* One tensor of it alone: the values that flp_reader_values gives next, for the
 * caller to free; NULL on failure. Memory grows as above. */
int flp_record_tensor(void **values, const struct flp_tensor *t, struct flp_reader *r,
    struct flp_error *e) FLP_CHECKED;

/* Passes the values of one tensor on to a writer, which has a tensor of as many bytes next.
 * They go through `block`, which takes `room` bytes, a multiple of every dtype's size. */
int flp_record_pass(struct flp_reader *r, const struct flp_tensor *t, struct flp_writer *w,
    void *block, size_t room, struct flp_error *e) FLP_CHECKED;

/* Zeroed values for a header, which is copied. */
int flp_record_new(struct flp_record *rec, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;

/* Writes it as its header says. The id is made anew; rec->id is not looked at. It is
 * NOT checked that floats are finite; every reader refuses a record where they are not. */
int flp_record_write(const struct flp_record *rec, struct flp_writer *w,
    struct flp_error *e) FLP_CHECKED;

/* The digest of the record without its key `signature`: what a signature is over. A record
 * that is not signed has the digest of format/digest.h, but in one of kind masked a value of u64
 * counts as the bytes that it has in the encoding modular; FLP_ERROR_BAD if it does not fit.
 * rec->id is not looked at. */
int flp_record_digest(const struct flp_record *rec, struct flp_digest *digest,
    struct flp_error *e) FLP_CHECKED;

void flp_record_free(struct flp_record *rec);

/* The values of the tensor of that name, NULL where there is none, or no record or
 * no name. *t, where t is not NULL, is its row of the table. */
void *flp_record_values(const struct flp_record *rec, const char *name,
    const struct flp_tensor **t);

#endif
