/* A record's numbers in blocks of doubles, tensor after tensor, in memory that
 * does not depend on their number. */
#ifndef FLP_LOOP_BLOCKS_H
#define FLP_LOOP_BLOCKS_H

#include "format/reader.h"

#define FLP_BLOCKS_N ((size_t)8192) /* values in a block */

struct flp_blocks {
	struct flp_reader *reader;
	const struct flp_header *header;
	size_t tensor; /* of the current block */
	uint64_t at;   /* index of its first value in the tensor */
	size_t n;      /* its values, 1 to FLP_BLOCKS_N */
	double *value;
	unsigned char *raw; /* the same as they stand in the record */
};

/* Begins at the record whose header flp_reader_next just gave. */
int flp_blocks_init(struct flp_blocks *b, struct flp_reader *r, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;
void flp_blocks_free(struct flp_blocks *b);

/* The next block of a tensor: 1, 0 after its last, -1. Tensors are taken in
 * the table's order, each to its end. */
int flp_blocks_next(struct flp_blocks *b, size_t tensor, struct flp_error *e) FLP_CHECKED;

#endif
