/* A sum T in units of 2^-64, divided by a whole number W and rounded once to a
 * float: to the nearest, ties to even. */
#ifndef FLP_KERNEL_QUOTIENT_H
#define FLP_KERNEL_QUOTIENT_H

#include "base/dtype.h"

#include <stddef.h>
#include <stdint.h>

struct flp_i192 { /* a signed 192-bit integer, above -2^191 */
	unsigned __int128 low;
	int64_t high;
};

/* Writes T / W, for W >= 1, to *out in a float dtype; it is computed in integers.
 * Returns -1 if it is beyond the greatest f16. Every T / W is within the range of
 * the other dtypes. */
int flp_quotient_round(struct flp_i192 t, uint64_t w, enum flp_dtype dtype, void *out);

/* Bounds the quotients of n sums in two words, T = (high[i] * 2^32 + low[i]) / 2^64:
 * under[i] <= T / W <= over[i], which differ by at most one part in 2^49 and are
 * equal if T / W is known to be a double. w is W rounded. `mask` has the bits that
 * must not be set in a quotient if its product with W is to be exact. All its bits are set
 * if |T| may reach 2^53 in units of 2^-32, or if w differs from W. */
void flp_quotient_bracket(const int64_t *restrict high, const int64_t *restrict low, size_t n,
    double w, int64_t mask, double *restrict under, double *restrict over);

/* The same for any T. The bounds are equal only for 0; from 2^62 on they are
 * infinite, so that nothing is decided by them. */
void flp_quotient_bracket_i192(struct flp_i192 t, double w, double *under, double *over);

#endif
