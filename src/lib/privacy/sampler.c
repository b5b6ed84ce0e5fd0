#include "privacy/sampler.h"

typedef unsigned __int128 u128;

/* Uniform over 0 to n - 1. Each result comes from the same number of 32-bit words; the few words
 * left over are drawn again (Lemire, "Fast Random Integer Generation in an Interval", 2019). */
static uint32_t
uniform(uint32_t n, struct flp_stream *s)
{
	uint64_t product = (uint64_t)flp_stream_u32(s) * n;

	if ((uint32_t)product < n) {
		uint32_t least = -n % n;

		while ((uint32_t)product < least)
			product = (uint64_t)flp_stream_u32(s) * n;
	}
	return (uint32_t)(product >> 32);
}

/* Returns 1 with the probability num / den, which is at most 1; den is below 2^63. */
static int
chance(uint64_t num, uint64_t den, struct flp_stream *s)
{
	for (;;) {
		u128 is = (u128)flp_stream_u32(s) * den, limit = (u128)num << 32;

		if (is + den <= limit)
			return 1;
		if (is >= limit)
			return 0;
		num = (uint64_t)(limit - is);
	}
}

/* Like chance, but den may be up to 2^120, num is below it, and the first 32 bits of the random
 * number are known already. */
static int
chance_wide(u128 num, u128 den, uint32_t first, struct flp_stream *s)
{
	for (int i = 0;; i++) {
		unsigned digit = i < 4 ? first >> 24 : flp_stream_u8(s);
		u128 is = den * digit, limit = num << 8;

		first <<= 8;
		if (is + den <= limit)
			return 1;
		if (is >= limit)
			return 0;
		num = limit - is;
	}
}

/* Returns 1 with the probability num / g->den. The first bits of both nearly always decide it. */
static int
chance_of(const struct flp_gaussian *g, u128 num, struct flp_stream *s)
{
	uint32_t digits = flp_stream_u32(s);
	u128 high = num >> g->shift;

	if (((u128)digits + 1) * ((u128)g->den_high + 1) <= high << 32)
		return 1;
	if ((u128)digits * g->den_high >= (high + 1) << 32)
		return 0;
	return chance_wide(num, g->den, digits, s);
}

/* Returns 1 with the probability exp(-x) for x = num / den of at most 1. Events of probability
 * x / 1, x / 2, ... are tried in turn. If the K-th is the first to fail, P(K > k) = x^k / k!, so
 * K is odd with the probability 1 - x + x^2 / 2 - x^3 / 6 ... */
static int
chance_exp(uint64_t num, uint64_t den, struct flp_stream *s)
{
	unsigned k = 1;

	while (chance(num, den * k, s))
		k++;
	return k & 1;
}

/* The same for x = 1, from one random number u: P(K > k) = 1 / k!, so K is the first k with
 * u >= 1 / k!. The first 32 bits of u decide this unless they are also the first bits of 1 / k!.
 * Then u may still be below 1 / k!, but for k < 13 it is above 1 / (k + 1)!. If the 32 bits are
 * all 0, the events from k = 13 on are decided one after the other. */
static int
chance_exp_1(struct flp_stream *s)
{
	const uint64_t one = (uint64_t)1 << 32;
	uint64_t digits = flp_stream_u32(s), factorial = 2;
	unsigned k = 2;

	while (k < 13 && (digits + 1) * factorial <= one)
		factorial *= ++k;
	if (digits * factorial >= one)
		return k & 1;
	if (chance(one - digits * factorial, factorial, s))
		for (k++; k > 13 && chance(1, k, s); k++)
			;
	return k & 1;
}

/* The same for x = num / g->den of any size: once for each whole 1 in x, then for the rest. */
static int
chance_exp_of(const struct flp_gaussian *g, u128 num, struct flp_stream *s)
{
	unsigned k = 1;

	for (; num >= g->den; num -= g->den)
		if (!chance_exp_1(s))
			return 0;
	while ((k == 1 || chance(1, k, s)) && chance_of(g, num, s))
		k++;
	return k & 1;
}

int64_t
flp_laplace_draw(uint64_t scale, struct flp_stream *s)
{
	for (;;) {
		uint64_t size = uniform((uint32_t)scale, s);
		int negative;

		if (!chance_exp(size, scale, s))
			continue;
		while (chance_exp_1(s))
			size += scale;
		negative = flp_stream_u8(s) & 1;
		if (size != 0 || !negative)
			return negative ? -(int64_t)size : (int64_t)size;
	}
}

void
flp_gaussian_variance(struct flp_gaussian *g, uint64_t variance, uint64_t of)
{
	uint64_t root = 0;

	for (uint64_t bit = (uint64_t)1 << 28; bit > 0; bit >>= 1)
		if ((u128)(root + bit) * (root + bit) * of <= variance)
			root += bit;
	g->variance = variance;
	g->of = of;
	g->scale = root + 1;
	g->den = (u128)2 * variance * of * g->scale * g->scale;
	g->shift = 0;
	while (g->den >> g->shift >> 63 != 0)
		g->shift++;
	g->den_high = (uint64_t)(g->den >> g->shift);
}

void
flp_gaussian_begin(struct flp_gaussian *g, uint64_t sigma)
{
	flp_gaussian_variance(g, sigma * sigma, 1);
}

/* A draw y from the Laplace distribution is kept with the probability
 * exp(-(|y| - sigma^2 / scale)^2 / (2 sigma^2)). If |y| is beyond 32 scales, that is below
 * exp(-480), and the draw is never kept, so that the square can't overflow. */
int64_t
flp_gaussian_draw(const struct flp_gaussian *g, struct flp_stream *s)
{
	for (;;) {
		int64_t y = flp_laplace_draw(g->scale, s);
		uint64_t size = (uint64_t)(y < 0 ? -y : y);
		u128 at = (u128)size * g->of * g->scale;
		u128 away = at > g->variance ? at - g->variance : g->variance - at;

		if (size < 32 * g->scale && chance_exp_of(g, away * away, s))
			return y;
	}
}
