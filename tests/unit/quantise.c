/* quantise: steps against the plain roundings of libm, and sums against whole numbers of 128
 * bits. */
#include "kernel/quantise.h"
#include "kernel/random.h"
#include "unit.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { MOST = 3000 };

typedef unsigned __int128 u128;

static struct flp_random dice;

/* A value of random sign and size, often one half of an odd number of steps. */
static double
value_of(double factor)
{
	double x = flp_random_unit(&dice) - 0.5;

	switch (flp_random_below(&dice, 4)) {
	case 0: return ((double)flp_random_below(&dice, 4000) - 2000.5) / factor;
	case 1: return ldexp(x, (int)flp_random_below(&dice, 2000) - 1000);
	case 2: return ldexp(x, -1060);
	default: return ldexp(x, (int)flp_random_below(&dice, 50)) / factor;
	}
}

/* rint rounds to the nearest, ties to even. */
static void
test_rounding(void)
{
	static double value[MOST], nearest[MOST], down[MOST];

	for (int turn = 0; turn < 300; turn++) {
		double factor = turn % 2 ? ldexp(1, turn - 150) : ldexp(0.5 + flp_random_unit(&dice), 20);
		size_t n = flp_random_below(&dice, turn < 100 ? 20 : MOST);

		for (size_t i = 0; i < n; i++)
			value[i] = value_of(factor);
		flp_quantise_nearest(value, factor, n, nearest);
		flp_quantise_down(value, factor, n, down);
		for (size_t i = 0; i < n; i++) {
			double x = value[i] * factor;

			if (fabs(x) <= 0x1p51)
				CHECK(nearest[i] == rint(x) && down[i] == trunc(x), "%a: %g %g", x, nearest[i],
				    down[i]);
			else
				CHECK(fabs(nearest[i]) >= 0x1p51 && fabs(down[i]) >= 0x1p51, "%a", x);
		}
	}
}

static void
test_ties(void)
{
	static const double value[] = { 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.49999999999999994,
		0x1p50 + 0.5, -0x1p50 - 1.5, -0.0, DBL_TRUE_MIN, INFINITY, -DBL_MAX };
	static const double want[] = { 0, 2, 2, 0, -2, -2, 0, 0x1p50, -0x1p50 - 2, 0, 0, INFINITY,
		-DBL_MAX };
	double steps[sizeof value / sizeof *value];

	flp_quantise_nearest(value, 1, sizeof value / sizeof *value, steps);
	for (size_t i = 0; i < sizeof value / sizeof *value; i++)
		CHECK(steps[i] == want[i], "%a: %a", value[i], steps[i]);
}

/* Sums in pieces of any length. */
static void
test_sums(void)
{
	static double steps[MOST];

	for (int turn = 0; turn < 400; turn++) {
		size_t n = flp_random_below(&dice, MOST);
		int64_t range = (int64_t)2 << flp_random_below(&dice, 52);
		u128 squares = 0, sizes = 0;
		uint64_t got[2] = { 0 };

		for (size_t i = 0; i < n; i++) {
			int64_t k = (int64_t)flp_random_below(&dice, (uint64_t)range) - range / 2;

			steps[i] = (double)k;
			squares += (u128)((__int128)k * k);
			sizes += (u128)(k < 0 ? -k : k);
		}
		for (size_t at = 0, k; at < n; at += k) {
			k = 1 + flp_random_below(&dice, n - at);
			flp_quantise_squares(steps + at, k, &got[0]);
			flp_quantise_sizes(steps + at, k, &got[1]);
		}
		CHECK(got[0] == (squares <= (u128)1 << 52 ? (uint64_t)squares : UINT64_MAX),
		    "turn %d: %llu", turn, (unsigned long long)got[0]);
		CHECK(got[1] == (sizes <= (u128)1 << 52 ? (uint64_t)sizes : UINT64_MAX),
		    "turn %d: %llu", turn, (unsigned long long)got[1]);
	}
}

/* A sum that is too large never becomes smaller again, and one with NaN is too large. */
static void
test_saturation(void)
{
	static const double large[] = { INFINITY, -INFINITY, NAN, DBL_MAX, -0x1p53 };
	static const double least = 0x1p26, one = 1, none = 0;
	uint64_t squares = 0, sizes;

	flp_quantise_squares(&least, 1, &squares);
	CHECK(squares == (uint64_t)1 << 52, "%llu", (unsigned long long)squares);
	flp_quantise_squares(&none, 1, &squares);
	CHECK(squares == (uint64_t)1 << 52, "%llu", (unsigned long long)squares);
	flp_quantise_squares(&one, 1, &squares);
	CHECK(squares == UINT64_MAX, "%llu", (unsigned long long)squares);
	flp_quantise_squares(&none, 1, &squares);
	CHECK(squares == UINT64_MAX, "%llu", (unsigned long long)squares);
	for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
		squares = sizes = 3;
		flp_quantise_squares(&large[i], 1, &squares);
		flp_quantise_sizes(&large[i], 1, &sizes);
		CHECK(squares == UINT64_MAX && sizes == UINT64_MAX, "%g", large[i]);
	}
}

/* Multiples pass unchanged; the index of the first value that is not a multiple is given. */
static void
test_exact(void)
{
	double off[] = { 0.5, nextafter(1, 0), nextafter(1, 2), 0x1p51 + 0.5, 0x1p54, DBL_TRUE_MIN,
		-DBL_MAX, NAN, INFINITY };
	double value[10], steps[10];

	for (int exponent = -63; exponent <= 29; exponent++) {
		double step = ldexp(1, exponent);

		for (int i = 0; i < 10; i++)
			value[i] = (i % 2 ? -1 : 1) * ldexp(1, 53 - 6 * i) * step;
		value[9] = -0.0;
		CHECK(flp_quantise_exact(value, step, 10, steps) == 10, "%d", exponent);
		for (int i = 0; i < 10; i++)
			CHECK(steps[i] * step == value[i], "%d: %g", exponent, value[i]);
		for (size_t i = 0; i < sizeof off / sizeof *off; i++) {
			value[7] = off[i] == DBL_TRUE_MIN || off[i] == -DBL_MAX ? off[i] : off[i] * step;
			CHECK(flp_quantise_exact(value, step, 10, steps) == 7, "%d: %g", exponent, off[i]);
		}
	}
}

int
main(void)
{
	flp_random_init(&dice, 8, 0, 0, FLP_PURPOSE_INIT);
	test_rounding();
	test_ties();
	test_sums();
	test_saturation();
	test_exact();
	return unit_done();
}
