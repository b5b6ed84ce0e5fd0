/* The header of a vector (mask/vector.h): which tensors it has, and the lattice of its values. */
#ifndef FLP_MASK_SHAPE_H
#define FLP_MASK_SHAPE_H

#include "mask/vector.h"

/* 1 if the vectors are statistics. */
int flp_shape_stats(const struct flp_vector *v);

/* Sets the tensors of the header to those of a vector, with or without a vote and a weight. */
int flp_shape_tensors(const struct flp_vector *v, struct flp_header *h, int vote, int weighted,
    struct flp_error *e) FLP_CHECKED;

/* Finds v->lattice and v->fit for a record of that privacy state. The lattice follows from the
 * caller's range (v->range) or from the keys in `meta`. */
int flp_shape_lattice(struct flp_vector *v, enum flp_privacy state, const struct flp_meta *meta,
    struct flp_error *e) FLP_CHECKED;

#endif
