/* A record's numbers in blocks, tensor after tensor. A record that is read needs
 * memory that does not depend on its size; a record may also be in memory. */
#ifndef FLP_LOOP_BLOCKS_H
#define FLP_LOOP_BLOCKS_H

#include "format/reader.h"
#include "format/record.h"
#include "kernel/digits.h"

#define FLP_BLOCKS_N ((size_t)8192) /* values in a block */

struct flp_blocks {
	struct flp_reader *reader;       /* or NULL */
	const struct flp_record *record; /* in memory, or NULL */
	const struct flp_header *header;
	size_t tensor; /* of the current block */
	uint64_t at;   /* index of its first value in the tensor */
	size_t n;      /* its values, 1 to FLP_BLOCKS_N */
	size_t digits; /* how many values are one number, in sums of statistics; else 1 */
	double *value; /* the n / digits numbers, by flp_blocks_next or flp_blocks_f64 */
	unsigned char *raw; /* the values as they are in the record; where it is in
	                     * memory they are its own, not a copy */
	void *memory;
	size_t room; /* values that `value` and `memory` have room for */
};

/* Begins at the record whose header flp_reader_next just gave. */
int flp_blocks_init(struct flp_blocks *b, struct flp_reader *r, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;

/* Begins at another record that is read, in the same memory where it is large
 * enough; the blocks may also be all zero. */
int flp_blocks_reset(struct flp_blocks *b, struct flp_reader *r, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;

/* Begins at a record in memory, which stays the caller's and must outlive it. */
int flp_blocks_of(struct flp_blocks *b, const struct flp_record *record,
    struct flp_error *e) FLP_CHECKED;

void flp_blocks_free(struct flp_blocks *b);

/* The next block of a tensor: 1, 0 after its last, -1. Tensors are taken in
 * the table's order, each to its end. */
int flp_blocks_next(struct flp_blocks *b, size_t tensor, struct flp_error *e) FLP_CHECKED;

/* The same without doubles; flp_blocks_f64 makes those of the current block and
 * returns them. */
int flp_blocks_raw(struct flp_blocks *b, size_t tensor, struct flp_error *e) FLP_CHECKED;
const double *flp_blocks_f64(struct flp_blocks *b);

#endif
