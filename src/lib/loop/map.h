/* One record to one: a header that is edited, and values that pass through a body
 * block by block, in memory that does not depend on the records. */
#ifndef FLP_LOOP_MAP_H
#define FLP_LOOP_MAP_H

#include "loop/blocks.h"
#include "loop/inputs.h"

/* What is done to each record, in this order. Any function may be NULL. */
struct flp_map {
	void *context; /* the caller's */

	/* Edits the header of the result, which is the record's so far: kind, privacy
	 * state and metadata, and of its tensors dtype and encoding. Or it refuses the
	 * record. */
	int (*edit)(void *context, struct flp_header *h, struct flp_error *e);

	/* Looks at all values before any is written. With it the inputs are read
	 * twice, and nothing is written of a record that is bad. */
	int (*look)(void *context, struct flp_blocks *b, struct flp_error *e);

	/* Makes the b->n values `made`, of the dtype of tensor t of the result, of a
	 * block; its doubles are not yet made. What is not finite is refused. Without a
	 * body values stay as they are. */
	int (*body)(void *context, struct flp_blocks *b, const struct flp_tensor *t, void *made,
	    struct flp_error *e);

	/* Edits what the footer of the result says, which is the record's so far. */
	int (*end)(void *context, struct flp_meta *footer, struct flp_error *e);

	/* Told of a bad record of which nothing was written; the map goes on after it.
	 * Without it the map ends there, as it does at any other error. */
	void (*left_out)(void *context, const struct flp_error *e);
};

/* Maps all records of the inputs, set up but not yet read, and writes the results;
 * *n is their number. Errors name their place. After an error the last record
 * written may lack its end. */
int flp_map_records(const struct flp_map *m, struct flp_inputs *in, struct flp_out *out,
    uint64_t *n, struct flp_error *e) FLP_CHECKED;

#endif
