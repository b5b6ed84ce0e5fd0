/* The Euclidean norm of values that come in pieces. The order of the additions is fixed, so the
 * norm depends neither on where the pieces are cut nor on the machine. */
#ifndef FLP_KERNEL_NORM_H
#define FLP_KERNEL_NORM_H

#include "base/dtype.h"

#include <stddef.h>
#include <stdint.h>

#define FLP_NORM_LANES 8

/* All zero is the norm of nothing. */
struct flp_norm {
	double lane[FLP_NORM_LANES]; /* value i of a tensor is squared into lane i mod 8 */
};

/* Adds n values of a float dtype. The first of them is number `first` of its tensor. The
 * calls for one tensor must go through its values in order. */
void flp_norm_add(struct flp_norm *norm, uint64_t first, const void *values,
    enum flp_dtype dtype, size_t n);

/* The norm of all values. Its relative error is at most their number times 2^-52. It is
 * infinite if a square overflows; a value below 2^-511, whose square underflows, may count as
 * less or as 0. */
double flp_norm_value(const struct flp_norm *norm);

#endif
