/* Exact sums of f32 numbers and of their squares, as digits that add like counts.
 *
 * A sum is FLP_DIGITS_SUM digits, of which digit k counts 2^(32 k - 160); a sum of squares
 * is FLP_DIGITS_SUMSQ digits, of which digit k counts 2^(32 k - 320). Every finite f32, or its
 * square, is a whole multiple of the first digit's unit. A digit is a signed
 * 64-bit integer. Sums are added digit by digit without carrying, so one number has many
 * forms. In the form that flp_digits_carry makes, all digits but the last are 0 to 2^32 - 1,
 * and the last has the sign. */
#ifndef FLP_KERNEL_DIGITS_H
#define FLP_KERNEL_DIGITS_H

#include "kernel/wide.h"

#define FLP_DIGITS_SUM 11
#define FLP_DIGITS_SUMSQ 20
#define FLP_DIGITS_SUM_ONE 5    /* the digit that counts ones */
#define FLP_DIGITS_SUMSQ_ONE 10

/* Most rows that may be added before flp_digits_carry must be called. */
#define FLP_DIGITS_ROWS ((size_t)1 << 30)

/* The unit of a sum's first digit is 2^-places: 160 and 320. */
#define FLP_DIGITS_PLACES(digits) ((digits) == FLP_DIGITS_SUM ? 160u : 320u)

/* Adds a row x[d] of finite values to sum[d, FLP_DIGITS_SUM], and their squares to
 * sumsq[d, FLP_DIGITS_SUMSQ]. The order of rows does not change the result. */
void flp_digits_add(int64_t *sum, int64_t *sumsq, const float *x, size_t d);

/* The same, by frexp and wide integers. It also carries. */
void flp_digits_add_ref(int64_t *sum, int64_t *sumsq, const float *x, size_t d);

/* Gives each of the d numbers in digit[d, digits] the form without carries left, as above. */
void flp_digits_carry(int64_t *digit, size_t digits, size_t d);

/* The number for which one row of digits stands: as a whole number of units of the first digit; as
 * the nearest double, ties to even; and as text (flp_wide_print). A digit is 8 bytes, at any
 * alignment. */
struct flp_wide flp_digits_wide(const void *digit, size_t digits);
double flp_digits_f64(const void *digit, size_t digits);
size_t flp_digits_print(char text[FLP_WIDE_TEXT], const void *digit, size_t digits);

#endif
