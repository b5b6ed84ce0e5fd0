/* Writes one tensor of a record, or all of them one after the other. */
#ifndef FLP_EXPORT_TENSORS_H
#define FLP_EXPORT_TENSORS_H

#include "base/out.h"
#include "loop/blocks.h"

/* The functions that write a block of values, and a name, which is text `index` of a description of
 * u8. */
struct flp_tensors_how {
	int (*block)(struct flp_out *out, const struct flp_blocks *b, struct flp_error *e);
	int (*name)(struct flp_out *out, const struct flp_tensor *t, size_t index, const char *name,
	    struct flp_error *e);
};

/* Checks that a record has the part that is to be written: the tensor `name` or, if that is NULL,
 * all tensors but descriptions. FLP_ERROR_BAD if there is none. */
int flp_tensors_check(const struct flp_header *h, const char *name,
    struct flp_error *e) FLP_CHECKED;

/* Writes that part of the record whose header flp_reader_next has just given, and finishes the
 * record. */
int flp_tensors_write(const struct flp_tensors_how *how, struct flp_out *out,
    struct flp_reader *r, const struct flp_header *h, const char *name,
    struct flp_error *e) FLP_CHECKED;

#endif
