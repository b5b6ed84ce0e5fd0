/* Exact sums: the same bytes in any order, any grouping, on any processor.
 *
 * Each value is rounded once, to a multiple of 2^-64 (the nearest, ties to even). It is then
 * multiplied by an integer weight and added without rounding. The sum T is divided by a divisor W
 * and rounded once more, to the destination's dtype:
 *
 *	out = round(T / W),  T = sum of w_i * grid(x_i),  grid(x) = round(2^64 x) / 2^64
 *
 * A product w_i * grid(x_i), a partial sum that is stored and a quotient T / W
 * must fit a signed 128-bit integer in units of 2^-64. The running sums have 192
 * bits, which 2^64 such products or partial sums can't overflow. So whether an
 * input is refused does not depend on the order, and a mean, which lies between
 * the least and the greatest of its values, always fits. A zero total gives +0,
 * even if all inputs are -0.
 *
 * Elements [k * FLP_EXACT_SEGMENT, (k + 1) * FLP_EXACT_SEGMENT) share no state with
 * the others, so threads may work on one accumulator at once as long as no two
 * touch the same segment. An element takes 16 bytes, or 48 in segments whose sums
 * need it.
 *
 * Every function on a range needs at + n <= the n of flp_exact_new; buffers may have any
 * alignment. What is called refused is FLP_ERROR_BAD, and the message names the first element at
 * fault by its number, first + at + i. If an add fails, the sums are undefined until the next
 * flp_exact_reset. If another function fails, what it wrote is undefined. */
#ifndef FLP_KERNEL_EXACT_H
#define FLP_KERNEL_EXACT_H

#include "base/dtype.h"
#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define FLP_EXACT_SEGMENT 4096 /* elements */
#define FLP_EXACT_WEIGHT ((uint64_t)1 << 53) /* the greatest weight */
#define FLP_EXACT_SIZE 16 /* bytes of a stored sum */

struct flp_exact;

/* Makes n sums, all zero, with first = 0. flp_exact_free(NULL) does nothing. */
struct flp_exact *flp_exact_new(size_t n, struct flp_error *e) FLP_CHECKED;
void flp_exact_free(struct flp_exact *sums);

/* Sets all sums to zero; from now on errors count elements from `first`. */
void flp_exact_reset(struct flp_exact *sums, uint64_t first);

/* Adds weight * values[i] to sum at + i, for n values of a float dtype. Fast
 * while |x| <= 2^19, |w x| <= 2^30 and w <= 2^30, fastest while |w x| <= 2^19
 * and w <= 2^20; a larger value slows only its own segment.
 * Refused: a weight outside 1 .. FLP_EXACT_WEIGHT, a value that is not finite
 * or not below 2^63 in magnitude, a product beyond 128 bits. */
int flp_exact_add(struct flp_exact *sums, size_t at, const void *values,
    enum flp_dtype dtype, size_t n, uint64_t weight, struct flp_error *e) FLP_CHECKED;

/* Adds n stored sums: FLP_EXACT_SIZE bytes each, little-endian two's complement
 * in units of 2^-64, which are the sum dtypes of files. This can't overflow. */
int flp_exact_add_partial(struct flp_exact *sums, size_t at, const void *partial,
    size_t n, struct flp_error *e) FLP_CHECKED;

/* Stores n sums in that form. Refused: a sum beyond 128 bits. */
int flp_exact_store(const struct flp_exact *sums, size_t at, void *partial, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* Writes n sums divided by divisor >= 1 (1 for plain sums) in a float dtype, rounded to the
 * nearest, ties to even. Refused: a quotient beyond 128 bits, and a result that is too large
 * for f16. */
int flp_exact_mean(const struct flp_exact *sums, size_t at, void *out,
    enum flp_dtype dtype, size_t n, uint64_t divisor, struct flp_error *e) FLP_CHECKED;

/* Writes n sums as doubles that hold them exactly. Refused: a sum that a double can't hold, or
 * that is beyond 128 bits. */
int flp_exact_doubles(const struct flp_exact *sums, size_t at, void *out, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* flp_exact_add and flp_exact_mean by plain loops over 128-bit integers. */
int flp_exact_add_ref(struct flp_exact *sums, size_t at, const void *values,
    enum flp_dtype dtype, size_t n, uint64_t weight, struct flp_error *e) FLP_CHECKED;
int flp_exact_mean_ref(const struct flp_exact *sums, size_t at, void *out,
    enum flp_dtype dtype, size_t n, uint64_t divisor, struct flp_error *e) FLP_CHECKED;

#endif
