/* A zip goes through two records at once, tensor by tensor and block by block. The first says what
 * is expected, and the second is compared with it. Each is read as it is needed, or is in
 * memory.
 *
 * Both are taken in order, and tensors with the same name are a pair. A pair must have the same
 * dtype and dimensions, unless the caller says otherwise. If the names differ, the tensor of
 * the second record is alone if second_alone allows it; otherwise that of the first is alone if
 * first_alone allows it; otherwise the records are refused. */
#ifndef FLP_LOOP_ZIP_H
#define FLP_LOOP_ZIP_H

#include "loop/blocks.h"
#include "loop/inputs.h"

/* One of the two: the record whose header flp_inputs_next has just returned or, if `in` is NULL, a
 * record in memory. */
struct flp_zipped {
	struct flp_inputs *in;
	const struct flp_header *header; /* of the record of `in` */
	const struct flp_record *record;
};

struct flp_zip {
	void *context;     /* the caller's */
	const char *first; /* what messages call the first record: "the model" */

	/* Checks that a pair of tensors goes together; NULL stands for flp_tensor_same. It must refuse
	 * pairs whose blocks would differ in length. */
	int (*same)(const struct flp_tensor *first, const struct flp_tensor *second,
	    struct flp_error *e);

	/* Return 1 if the other record may lack this tensor. NULL: it may not lack any. */
	int (*first_alone)(void *context, const struct flp_tensor *t);
	int (*second_alone)(void *context, const struct flp_tensor *t);

	/* Gets a block of each tensor of a pair, of the same values; or a block of a tensor that is
	 * alone, and NULL for the other record. The blocks' `value` is not set yet (flp_blocks_f64
	 * sets it). The body may change the raw values of a record in memory. */
	int (*body)(void *context, struct flp_blocks *first, struct flp_blocks *second,
	    struct flp_error *e);
};

/* Gives all blocks to the body, in order. Records that are read are finished, which checks that
 * they are undamaged. An error names its place: the first record if reading that failed,
 * otherwise the second. */
int flp_zip(const struct flp_zip *z, const struct flp_zipped *first,
    const struct flp_zipped *second, struct flp_error *e) FLP_CHECKED;

#endif
