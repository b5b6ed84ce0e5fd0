/* A map makes one record of each record: its header is edited, and its values pass through a
 * function, the body, block by block. The memory does not depend on the size of the records.
 *
 * The result may lack tensors of the record, and may have new ones after those that stay. A tensor
 * that stays keeps its name, its place among the others and its number of values. */
#ifndef FLP_LOOP_MAP_H
#define FLP_LOOP_MAP_H

#include "loop/blocks.h"
#include "loop/each.h"

/* What is done to each record, in this order. Any function may be NULL. */
struct flp_map {
	void *context; /* the caller's */

	/* Edits the header of the result, which is at first a copy of the record's. It may change the
	 * kind, the privacy state, the metadata, the dtype and the encoding of a tensor, and which
	 * tensors there are. It may refuse the record. */
	int (*edit)(void *context, struct flp_header *h, struct flp_error *e);

	/* Sees all values, block by block, before the first byte is written. With a look the inputs
	 * are read twice, and nothing is written for a record that is bad. */
	int (*look)(void *context, struct flp_blocks *b, struct flp_error *e);

	/* Called after the look has seen all values, with the header of the result, which it may
	 * still edit. If it returns 1, the look sees all values again; 0 goes on to the body. */
	int (*looked)(void *context, struct flp_header *h, struct flp_error *e);

	/* Makes the result of a block: b->n values of the result's tensor t, in its dtype, at `made`.
	 * b->value is not set yet (flp_blocks_f64 sets it). Values that are not finite are refused.
	 * Tensors that are left out do not pass through the body. If it is NULL the values are
	 * copied, and the result must have the tensors of the record. */
	int (*body)(void *context, struct flp_blocks *b, const struct flp_tensor *t, void *made,
	    struct flp_error *e);

	/* Makes n values, at most FLP_BLOCKS_N, of a new tensor t of the result, from value `at` on,
	 * in its dtype. It is called after the body has made all others. If it is NULL the result
	 * can't have new tensors. */
	int (*fill)(void *context, const struct flp_tensor *t, uint64_t at, size_t n, void *made,
	    struct flp_error *e);

	/* Edits the footer of the result, which is at first a copy of the record's. */
	int (*end)(void *context, struct flp_meta *footer, struct flp_error *e);

	/* Called after the whole result was written, with its digest and with its header, which does
	 * not have the footer's keys. */
	int (*written)(void *context, const struct flp_header *result,
	    const struct flp_digest *digest, struct flp_error *e);

	/* What to do with a bad input, or with a bad record for which nothing was written yet. If it
	 * is NULL the map ends there, as it does at any other error. */
	struct flp_bad *bad;
};

/* Maps all records of the inputs, of which none may have been read, and writes the results to
 * `out`. *n is the number of results. An error names its place. After an error the last record
 * that was written may lack its end. */
int flp_map_records(const struct flp_map *m, struct flp_inputs *in, struct flp_out *out,
    uint64_t *n, struct flp_error *e) FLP_CHECKED;

#endif
