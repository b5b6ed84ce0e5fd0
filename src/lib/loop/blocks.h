/* The values of a record in blocks, tensor after tensor. The record may be one that is being read,
 * for which the memory does not depend on its size, or one in memory. */
#ifndef FLP_LOOP_BLOCKS_H
#define FLP_LOOP_BLOCKS_H

#include "format/reader.h"
#include "format/record.h"
#include "kernel/digits.h"

#define FLP_BLOCKS_N ((size_t)8192) /* values in a block */

struct flp_blocks {
	struct flp_reader *reader;       /* of a record that is being read; else NULL */
	const struct flp_record *record; /* the record in memory; else NULL */
	const struct flp_header *header;

	/* The current block: n values of a tensor, 1 to FLP_BLOCKS_N, from its value `at` on. In
	 * sums of statistics, `digits` values are the digits of one number; elsewhere it is 1. */
	size_t tensor;
	uint64_t at;
	size_t n;
	size_t digits;
	double *value;      /* the n / digits numbers, after flp_blocks_next or flp_blocks_f64 */
	unsigned char *raw; /* the values as in the record; the record's own if it is in memory */

	void *memory;
	size_t room; /* values for which `value` and `memory` have room */
};

/* Begins at the record whose header flp_reader_next has just returned. */
int flp_blocks_init(struct flp_blocks *b, struct flp_reader *r, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;

/* Begins at another record that is being read. The memory is used again if it is large enough; *b
 * may also be all zero. */
int flp_blocks_reset(struct flp_blocks *b, struct flp_reader *r, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;

/* Begins at a record in memory, which stays the caller's and must outlive it. */
int flp_blocks_of(struct flp_blocks *b, const struct flp_record *record,
    struct flp_error *e) FLP_CHECKED;

void flp_blocks_free(struct flp_blocks *b);

/* Goes to the next block of a tensor. Returns 1; 0 after its last block; -1 on error. The tensors
 * must be taken in the table's order, each to its end. */
int flp_blocks_next(struct flp_blocks *b, size_t tensor, struct flp_error *e) FLP_CHECKED;

/* The same, but b->value is not set. flp_blocks_f64 sets it for the current block, and returns
 * it. */
int flp_blocks_raw(struct flp_blocks *b, size_t tensor, struct flp_error *e) FLP_CHECKED;
const double *flp_blocks_f64(struct flp_blocks *b);

#endif
