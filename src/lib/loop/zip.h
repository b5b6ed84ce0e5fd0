/* Two records tensor by tensor, block by block: each is read as it is needed, or
 * stands in memory. The first says what is expected, the second is held against
 * it.
 *
 * Tensors go together by order and name, and then must be the same. Where names
 * differ, the second's tensor stands alone if it may, or else the first's if it
 * may; or else the records are refused. */
#ifndef FLP_LOOP_ZIP_H
#define FLP_LOOP_ZIP_H

#include "loop/blocks.h"
#include "loop/inputs.h"

/* One of them. */
struct flp_zipped {
	struct flp_inputs *in; /* what flp_inputs_next just gave, with its header; */
	const struct flp_header *header;
	const struct flp_record *record; /* or, where `in` is NULL, one in memory */
};

struct flp_zip {
	void *context;     /* the caller's */
	const char *first; /* what the first is, in messages: "the model" */

	/* Whether the other record may lack this tensor. NULL: it may lack none. */
	int (*first_alone)(void *context, const struct flp_tensor *t);
	int (*second_alone)(void *context, const struct flp_tensor *t);

	/* A block of either, the same values of the same tensor; one of them is NULL
	 * where the tensor stands alone. The doubles are not yet made. */
	int (*body)(void *context, struct flp_blocks *first, struct flp_blocks *second,
	    struct flp_error *e);
};

/* Gives all blocks to the body, in order, and finishes what is read, so that it
 * is known to be whole. Errors name their place: the first record's where its
 * values can't be read, else the second's. */
int flp_zip(const struct flp_zip *z, const struct flp_zipped *first,
    const struct flp_zipped *second, struct flp_error *e) FLP_CHECKED;

#endif
