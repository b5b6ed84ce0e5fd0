/* A sum T in unit 2^-64 divided by a whole number W and rounded once to a
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

/* T / W in a float dtype to *out, by integers, W >= 1; -1 where it is beyond
 * f16's greatest. No T is beyond the others'. */
int flp_quotient_round(struct flp_i192 t, uint64_t w, enum flp_dtype dtype, void *out);

/* under[i] <= T / W <= over[i] within one part in 2^49 of n sums in two words,
 * T = (high[i] * 2^32 + low[i]) / 2^64; equal where T / W is known to be a
 * double. w is W rounded. `mask` has the bits that a quotient must not have for
 * its product with W to be exact; all of them where |T| may reach 2^53 in unit
 * 2^-32, and where w is not W. */
void flp_quotient_bracket(const int64_t *restrict high, const int64_t *restrict low, size_t n,
    double w, int64_t mask, double *restrict under, double *restrict over);

/* The same of any T, never equal but for 0; from 2^62 on it rounds to no one
 * number. */
void flp_quotient_bracket_i192(struct flp_i192 t, double w, double *under, double *over);

#endif
