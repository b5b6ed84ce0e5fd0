/* The tensors of a record that are to be written, one after the other. */
#ifndef FLP_EXPORT_TENSORS_H
#define FLP_EXPORT_TENSORS_H

#include "base/out.h"
#include "loop/blocks.h"

/* What writes a block of values, and what writes a name: text `index` of a
 * description of u8. */
struct flp_tensors_how {
	int (*block)(struct flp_out *out, const struct flp_blocks *b, struct flp_error *e);
	int (*name)(struct flp_out *out, const struct flp_tensor *t, size_t index, const char *name,
	    struct flp_error *e);
};

/* What is written of a record: the tensor of the name, or where it is NULL all
 * but descriptions. An error if no tensor has that name. */
int flp_tensors_check(const struct flp_header *h, const char *name,
    struct flp_error *e) FLP_CHECKED;

/* Writes that part of the record whose header flp_reader_next just gave, and
 * finishes the record. */
int flp_tensors_write(const struct flp_tensors_how *how, struct flp_out *out,
    struct flp_reader *r, const struct flp_header *h, const char *name,
    struct flp_error *e) FLP_CHECKED;

#endif
