/* What the values of one client's clipped update must be: whole multiples of the step that its
 * keys `clip` and `grid` give, with a norm that is at most the clip (kernel/lattice.h).
 *
 *	uint64_t squares = 0;
 *	flp_steps_lattice(&l, meta, e)
 *	flp_steps_values(&l, &squares, tensor, dtype, first, values, n, e)   for all values
 *	flp_steps_norm(&l, squares, e)
 *
 * Integers of a model have no steps, so in an update they must be 0. A vote of adaptive
 * clipping (privacy/adapt.h) must have one of its two values. */
#ifndef FLP_PRIVACY_STEPS_H
#define FLP_PRIVACY_STEPS_H

#include "format/meta.h"
#include "format/tensor.h"
#include "kernel/lattice.h"

/* Reads the lattice that the keys give. */
int flp_steps_lattice(struct flp_lattice *l, const struct flp_meta *meta,
    struct flp_error *e) FLP_CHECKED;

/* Checks n values of a tensor, from value `first` on, and adds the squares of their steps to
 * *squares. The values are of `dtype`, which need not be the tensor's own. Values of a description
 * are not checked. */
int flp_steps_values(const struct flp_lattice *l, uint64_t *squares, const struct flp_tensor *t,
    enum flp_dtype dtype, uint64_t first, const void *values, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* Checks the norm, after all values were checked. */
int flp_steps_norm(const struct flp_lattice *l, uint64_t squares,
    struct flp_error *e) FLP_CHECKED;

#endif
