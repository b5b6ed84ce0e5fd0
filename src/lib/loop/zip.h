/* Two records, tensor by tensor and block by block. The first says what is expected,
 * the second is held against it. Each is read as it is needed, or is in memory.
 *
 * Tensors are paired in order and by name, and a pair must be the same in dtype and
 * dimensions, unless the caller says otherwise. Where the names differ, the second's tensor
 * is alone if it may be, or else the first's if it may be. If neither may, the records are
 * refused. */
#ifndef FLP_LOOP_ZIP_H
#define FLP_LOOP_ZIP_H

#include "loop/blocks.h"
#include "loop/inputs.h"

/* One of the two: the record whose header flp_inputs_next just gave or, where `in`
 * is NULL, a record in memory. */
struct flp_zipped {
	struct flp_inputs *in;
	const struct flp_header *header; /* of the record of `in` */
	const struct flp_record *record;
};

struct flp_zip {
	void *context;     /* the caller's */
	const char *first; /* what the first is, in messages: "the model" */

	/* Whether a pair of tensors goes together; NULL stands for flp_tensor_same. It must not
	 * pass dtypes whose blocks differ in length. */
	int (*same)(const struct flp_tensor *first, const struct flp_tensor *second,
	    struct flp_error *e);

	/* Whether the other record may lack this tensor. Without the function it may
	 * lack none. */
	int (*first_alone)(void *context, const struct flp_tensor *t);
	int (*second_alone)(void *context, const struct flp_tensor *t);

	/* Is given the same stretch of a pair of tensors, or a block of a tensor that is
	 * alone and NULL for the other. The doubles are not made yet. A body may change
	 * the raw values of a record in memory. */
	int (*body)(void *context, struct flp_blocks *first, struct flp_blocks *second,
	    struct flp_error *e);
};

/* Gives all blocks to the body, in order, and finishes the records that are read,
 * so that they are known to be whole. An error names its place: the first record
 * where that could not be read, else the second. */
int flp_zip(const struct flp_zip *z, const struct flp_zipped *first,
    const struct flp_zipped *second, struct flp_error *e) FLP_CHECKED;

#endif
