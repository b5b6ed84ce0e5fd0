/* Whole numbers of 832 bits: products and quotients of exact sums, rounded once.
 *
 * A number is in two's complement, its lowest word first. Arithmetic is modulo 2^832,
 * and no function reports a result that does not fit. The callers' numbers, which are at
 * most n * sumsq of kernel/digits.h, stay below 2^770 in magnitude. */
#ifndef FLP_KERNEL_WIDE_H
#define FLP_KERNEL_WIDE_H

#include <stddef.h>
#include <stdint.h>

#define FLP_WIDE_WORDS 13

struct flp_wide {
	uint64_t word[FLP_WIDE_WORDS];
};

/* w += value * 2^shift, for a shift below 64 * (FLP_WIDE_WORDS - 1). */
void flp_wide_add(struct flp_wide *w, int64_t value, unsigned shift);

/* w -= other; w *= factor; *to = w * w, where `to` is not w; w = |w|. */
void flp_wide_subtract(struct flp_wide *w, const struct flp_wide *other);
void flp_wide_multiply(struct flp_wide *w, uint64_t factor);
void flp_wide_square(struct flp_wide *to, const struct flp_wide *w);
void flp_wide_magnitude(struct flp_wide *w);

/* -1, 0 or 1: the sign of w, and of a - b. */
int flp_wide_sign(const struct flp_wide *w);
int flp_wide_compare(const struct flp_wide *a, const struct flp_wide *b);

/* The number of bits of w >= 0; 0 for 0. */
unsigned flp_wide_bits(const struct flp_wide *w);

/* w *= 2^n, and w = floor(w / 2^n) for w >= 0. The second returns 1 if it is not exact,
 * otherwise 0. n is below 64 * FLP_WIDE_WORDS. */
void flp_wide_shift_left(struct flp_wide *w, unsigned n);
int flp_wide_shift_right(struct flp_wide *w, unsigned n);

/* w = floor(w / divisor) for w >= 0 and divisor >= 1; returns the remainder. */
uint64_t flp_wide_divide(struct flp_wide *w, uint64_t divisor);

/* w / divisor * 2^exponent, divisor >= 1, and sqrt(w / (a * b) * 2^exponent) for w >= 0,
 * a, b >= 1 and an even exponent: the doubles nearest to the exact values, ties to even.
 * The values must be 0 or in the range of normal doubles. */
double flp_wide_quotient(const struct flp_wide *w, uint64_t divisor, int exponent);
double flp_wide_root(const struct flp_wide *w, uint64_t a, uint64_t b, int exponent);

/* w * 2^-places as text, rounded to 17 decimal digits, ties to even, in the form of
 * printf's %.17g; returns its length. places is 1 to 640. */
#define FLP_WIDE_TEXT 32
size_t flp_wide_print(char text[FLP_WIDE_TEXT], const struct flp_wide *w, unsigned places);

#endif
