/* One record to one: a header that is edited, and values that pass through a body
 * block by block, in memory that does not depend on the records.
 *
 * The result may leave out tensors of the record, and have new ones after those that stay. A
 * tensor that stays has its name, its place among the others and its number of values. */
#ifndef FLP_LOOP_MAP_H
#define FLP_LOOP_MAP_H

#include "loop/blocks.h"
#include "loop/each.h"

/* What is done to each record, in this order. Any function may be NULL. */
struct flp_map {
	void *context; /* the caller's */

	/* Edits the result's header, which begins as a copy of the record's: kind,
	 * privacy state, metadata, each tensor's dtype and encoding, and which tensors
	 * there are. It may refuse the record. */
	int (*edit)(void *context, struct flp_header *h, struct flp_error *e);

	/* Looks at all values before the first byte is written. With a look the inputs
	 * are read twice, and nothing is written of a record that is bad. */
	int (*look)(void *context, struct flp_blocks *b, struct flp_error *e);

	/* Called after a look at all values, with the result's header, which it may still edit.
	 * If it returns 1, they are looked at again; 0 goes on to the body. */
	int (*looked)(void *context, struct flp_header *h, struct flp_error *e);

	/* Makes the result of a block: b->n values of the result's tensor t, in its
	 * dtype, at `made`. The block's doubles are not made yet. A result that is not
	 * finite is refused. It gets no block of a tensor that is left out. Without a body
	 * the values are copied, and the result has the record's tensors. */
	int (*body)(void *context, struct flp_blocks *b, const struct flp_tensor *t, void *made,
	    struct flp_error *e);

	/* Makes n values, at most FLP_BLOCKS_N, of a new tensor t of the result, from value `at`
	 * on. It comes after the body. Without it there are no new tensors. */
	int (*fill)(void *context, const struct flp_tensor *t, uint64_t at, size_t n, void *made,
	    struct flp_error *e);

	/* Edits the result's footer, which begins as a copy of the record's. */
	int (*end)(void *context, struct flp_meta *footer, struct flp_error *e);

	/* Called after the whole result was written to `out`, with its header, which does not
	 * have the footer's keys, and its digest. */
	int (*written)(void *context, const struct flp_header *result,
	    const struct flp_digest *digest, struct flp_error *e);

	/* What is done with a bad record of which nothing was written yet, and with a bad
	 * input. If it is NULL the map ends there, as it does at any other error. */
	struct flp_bad *bad;
};

/* Maps all records of the inputs, of which none has been read, and writes the
 * results; *n is their number. An error names its place. After an error the last
 * record written may lack its end. */
int flp_map_records(const struct flp_map *m, struct flp_inputs *in, struct flp_out *out,
    uint64_t *n, struct flp_error *e) FLP_CHECKED;

#endif
