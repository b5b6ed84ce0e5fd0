#include "kernel/quotient.h"
#include "base/bits.h"
#include "base/simd.h"

#include <math.h>
#include <string.h>

#ifdef __FAST_MATH__
#error "exact sums need the arithmetic of IEEE 754: build without -ffast-math"
#endif

#define UNIT 0x1.8p-12 /* 1.5 * 2^52 in unit 2^-64: an integer in its low bits */

/* Signs can't be predicted, so the code does not branch on them. */
static struct flp_i192
magnitude(struct flp_i192 t)
{
	unsigned __int128 sign = (unsigned __int128)((__int128)t.high >> 127), old = t.low;

	t.low = (t.low ^ sign) - sign;
	t.high = (t.high ^ (int64_t)sign) + (sign != 0 && old == 0);
	return t;
}

/* Leading zeros of 128 bits that are not all zero. */
static int
zeros(unsigned __int128 t)
{
	return t >> 64 ? __builtin_clzll((uint64_t)(t >> 64)) : 64 + __builtin_clzll((uint64_t)t);
}

/* The 128 bits of t > 0 that begin with the highest bit that is set. *left is by how many
 * bits t was shifted to the left, *lost is 1 if any bit of t after these 128 is set. */
static unsigned __int128
leading(struct flp_i192 t, int *left, int *lost)
{
	unsigned __int128 high = (unsigned __int128)t.high;

	if (high == 0) {
		*left = zeros(t.low);
		*lost = 0;
		return t.low << *left;
	}
	*left = zeros(high) - 128;
	*lost = t.low << (128 + *left) != 0;
	return high << (128 + *left) | t.low >> -*left;
}

/* t / (2^64 w), t >= 0, rounded once to `precision` significant bits with
 * exponents from 1 - bias, as the bits of such a float; a result that is too
 * large has an exponent field beyond the format's. */
static uint64_t
divide(struct flp_i192 t, uint64_t w, int precision, int bias)
{
	unsigned __int128 n, q, rest, half;
	int left, top, exponent, cut, sticky;
	uint64_t m;

	if (t.low == 0 && t.high == 0)
		return 0;
	n = leading(t, &left, &sticky);
	q = n / w; /* at least 2^63, so at least ten bits are cut off */
	sticky |= q * w != n;
	top = 127 - zeros(q);
	exponent = top - 64 - left;
	cut = top + 1 - precision;
	if (exponent < 1 - bias) {
		cut += 1 - bias - exponent;
		exponent = 1 - bias;
	}
	if (cut > top + 1)
		return 0;
	half = (unsigned __int128)1 << (cut - 1);
	m = cut == 128 ? 0 : (uint64_t)(q >> cut);
	rest = q & (half - 1 + half);
	if (rest > half || (rest == half && (sticky || (m & 1))))
		m++;
	return ((uint64_t)(exponent - 1 + bias) << (precision - 1)) + m;
}

int
flp_quotient_round(struct flp_i192 t, uint64_t w, enum flp_dtype dtype, void *out)
{
	struct flp_dtype_layout layout = flp_dtype_layout(dtype);
	size_t size = flp_dtype_size(dtype);
	uint64_t code = divide(magnitude(t), w, layout.precision, layout.bias);

	if (dtype == FLP_DTYPE_F16 && code >= 0x7c00)
		return -1;
	code |= (uint64_t)(t.high < 0) << (8 * size - 1);
	memcpy(out, &code, size);
	return 0;
}

/* T is split anew so that its low part has 32 bits and is exact in double; the
 * sum t of the parts and the quotient q round once each, as may the high part
 * and W: |q / (T / W) - 1| < 2^-50. The rounding error of t is exact (Dekker
 * 1971), so t = T can be told; where q has no bits under `mask`, q * W is
 * exact, so q = t / W can be. */
FLP_SIMD static void
bracket(const int64_t *restrict high, const int64_t *restrict low, size_t n, double w,
    int64_t mask, double *restrict under, double *restrict over)
{
	for (size_t i = 0; i < n; i++) {
		const uint64_t half = (uint64_t)1 << 31;
		uint64_t l = (uint64_t)low[i], carry = ((l + (half << 32) + half) >> 32) - half;
		uint64_t h = (uint64_t)high[i] + carry;
		double upper, lower, t, q, slack;
		int64_t doubt;

		/* h as two unsigned halves in the low bits of 2^52 and 2^20 */
		upper = flp_bits_to_f64((int64_t)((h >> 32) ^ half) | flp_bits_f64(0x1p52)) -
		    (0x1p52 + 0x1p31 + 0x1p20);
		upper += flp_bits_to_f64((int64_t)(h & UINT32_MAX) | flp_bits_f64(0x1p20));
		lower = flp_bits_to_f64((int64_t)(l - (carry << 32)) + flp_bits_f64(UNIT)) - UNIT;
		t = upper + lower;
		q = t / w;
		doubt = (flp_bits_f64(q) & mask) | flp_bits_f64(q * w - t) |
		    flp_bits_f64(lower - (t - upper));
		slack = flp_bits_to_f64(flp_bits_f64(fabs(q) * 0x1p-50) & -(int64_t)(doubt != 0));
		under[i] = q - slack;
		over[i] = q + slack;
	}
}

void
flp_quotient_bracket(const int64_t *restrict high, const int64_t *restrict low, size_t n,
    double w, int64_t mask, double *restrict under, double *restrict over)
{
	bracket(high, low, n, w, mask, under, over);
}

/* The words of a magnitude can't cancel: their sum, it divided, and all they
 * were rounded to are within 2^-50. */
void
flp_quotient_bracket_i192(struct flp_i192 t, double w, double *under, double *over)
{
	struct flp_i192 size = magnitude(t);
	double q = (double)size.high * 0x1p64 + (double)(uint64_t)(size.low >> 64), slack;

	q = copysign((q + (double)(uint64_t)size.low * 0x1p-64) / w, (double)t.high);
	slack = fabs(q) < 0x1p62 ? fabs(q) * 0x1p-50 : INFINITY;
	*under = q - slack;
	*over = q + slack;
}
