#include "kernel/digits.h"
#include "base/bits.h"

#include <math.h>
#include <string.h>

/* x = m * 2^(e - 150) with m below 2^24. In the unit of the sum this is m shifted by e + 10,
 * and in the unit of the sum of squares it is m * m shifted by 2 e + 20. */
static inline void
add_one(int64_t *sum, int64_t *sumsq, float x)
{
	uint32_t bits = flp_bits_f32(x), e = bits >> 23 & 255, m = bits & 0x7fffff, at;
	int64_t sign = -(int64_t)(bits >> 31), value;
	unsigned __int128 square;

	m |= (uint32_t)(e != 0) << 23;
	e += e == 0;
	at = e + 10;
	value = ((int64_t)((uint64_t)m << at % 32) ^ sign) - sign;
	sum += at / 32;
	sum[0] += (uint32_t)value;
	sum[1] += value >> 32;
	at = 2 * e + 20;
	square = (unsigned __int128)((uint64_t)m * m) << at % 32;
	sumsq += at / 32;
	sumsq[0] += (uint32_t)square;
	sumsq[1] += (uint32_t)(square >> 32);
	sumsq[2] += (uint32_t)(square >> 64);
}

void
flp_digits_add(int64_t *sum, int64_t *sumsq, const float *x, size_t d)
{
	for (size_t j = 0; j < d; j++)
		add_one(sum + j * FLP_DIGITS_SUM, sumsq + j * FLP_DIGITS_SUMSQ, x[j]);
}

static void
store(int64_t *digit, size_t digits, const struct flp_wide *w)
{
	for (size_t k = 0; k < digits; k++)
		digit[k] = (uint32_t)(w->word[k / 2] >> k % 2 * 32);
	digit[digits - 1] = (int32_t)digit[digits - 1];
}

void
flp_digits_add_ref(int64_t *sum, int64_t *sumsq, const float *x, size_t d)
{
	for (size_t j = 0; j < d; j++, sum += FLP_DIGITS_SUM, sumsq += FLP_DIGITS_SUMSQ) {
		struct flp_wide w = flp_digits_wide(sum, FLP_DIGITS_SUM);
		struct flp_wide q = flp_digits_wide(sumsq, FLP_DIGITS_SUMSQ);
		int exponent;
		int64_t m = (int64_t)ldexpf(frexpf(x[j], &exponent), 24);

		/* A subnormal has fewer bits, all above 2^-149. */
		for (exponent -= 24; m != 0 && exponent < -149; exponent++)
			m /= 2;
		flp_wide_add(&w, m, m == 0 ? 0 : (unsigned)(exponent + 160));
		flp_wide_add(&q, m * m, m == 0 ? 0 : (unsigned)(2 * exponent + 320));
		store(sum, FLP_DIGITS_SUM, &w);
		store(sumsq, FLP_DIGITS_SUMSQ, &q);
	}
}

void
flp_digits_carry(int64_t *digit, size_t digits, size_t d)
{
	for (size_t j = 0; j < d; j++, digit += digits)
		for (size_t k = 0; k + 1 < digits; k++) {
			digit[k + 1] += digit[k] >> 32;
			digit[k] &= UINT32_MAX;
		}
}

struct flp_wide
flp_digits_wide(const void *digit, size_t digits)
{
	struct flp_wide w = { { 0 } };

	for (size_t k = 0; k < digits; k++) {
		int64_t value;

		memcpy(&value, (const char *)digit + k * sizeof value, sizeof value);
		flp_wide_add(&w, value, 32 * (unsigned)k);
	}
	return w;
}

double
flp_digits_f64(const void *digit, size_t digits)
{
	struct flp_wide w = flp_digits_wide(digit, digits);

	return flp_wide_quotient(&w, 1, -(int)FLP_DIGITS_PLACES(digits));
}

size_t
flp_digits_print(char text[FLP_WIDE_TEXT], const void *digit, size_t digits)
{
	struct flp_wide w = flp_digits_wide(digit, digits);

	return flp_wide_print(text, &w, FLP_DIGITS_PLACES(digits));
}
