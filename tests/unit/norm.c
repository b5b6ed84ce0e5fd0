/* norm: the Euclidean norm of values in pieces, against a plain sum of squares. */
#include "base/memory.h"
#include "kernel/norm.h"
#include "kernel/random.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 5000 };

static struct flp_random dice;

/* n values of a dtype, of magnitudes of up to 2^spread. */
static void
draw(unsigned char *values, enum flp_dtype dtype, size_t n, uint64_t spread)
{
	for (size_t i = 0; i < n; i++) {
		double x = ldexp(flp_random_unit(&dice) - 0.5, (int)flp_random_below(&dice, spread + 1));

		flp_dtype_from_f64(&x, 1, dtype, values + i * flp_dtype_size(dtype));
	}
}

static long double
plain(const unsigned char *values, enum flp_dtype dtype, size_t n)
{
	long double sum = 0;
	double x;

	for (size_t i = 0; i < n; i++) {
		flp_dtype_to_f64(values + i * flp_dtype_size(dtype), dtype, 1, &x);
		sum += (long double)x * x;
	}
	return sum;
}

/* The norm's bits must be the same in whatever pieces the values come. */
static void
test_cuts(void)
{
	static const enum flp_dtype dtypes[] = { FLP_DTYPE_F64, FLP_DTYPE_F32, FLP_DTYPE_F16,
		FLP_DTYPE_BF16 };
	static unsigned char values[MOST * sizeof(double)];

	for (int turn = 0; turn < 400; turn++) {
		enum flp_dtype dtype = dtypes[turn % 4];
		size_t size = flp_dtype_size(dtype), n = flp_random_below(&dice, turn < 200 ? 40 : MOST);
		struct flp_norm whole = { { 0 } };
		double norm;
		long double want;

		draw(values, dtype, n, 12);
		flp_norm_add(&whole, 0, values, dtype, n);
		norm = flp_norm_value(&whole);
		want = sqrtl(plain(values, dtype, n));
		CHECK(fabsl(norm - want) <= want * (long double)(n + 2) * 0x1p-52L, "%zu of %s: %.17g, %.17Lg",
		    n, flp_dtype_name(dtype), norm, want);
		for (int k = 0; k < 3; k++) {
			uint64_t most = k == 0 ? 1 : k == 1 ? 20 : MOST;
			struct flp_norm cut = { { 0 } };

			for (size_t at = 0, m; at < n; at += m) {
				m = 1 + flp_random_below(&dice, most);
				m = m < n - at ? m : n - at;
				flp_norm_add(&cut, at, values + at * size, dtype, m);
			}
			CHECK(memcmp(&whole, &cut, sizeof cut) == 0, "pieces of %zu of %s: %.17g, %.17g", n,
			    flp_dtype_name(dtype), norm, flp_norm_value(&cut));
		}
	}
}

/* Several tensors into one norm, and an offset beyond 2^32. */
static void
test_tensors(void)
{
	const double x[9] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	struct flp_norm norm = { { 0 } };

	CHECK(flp_norm_value(&norm) == 0, "nothing");
	flp_norm_add(&norm, 0, x, FLP_DTYPE_F64, 0);
	CHECK(flp_norm_value(&norm) == 0, "no values");
	flp_norm_add(&norm, 0, x, FLP_DTYPE_F64, 9);
	flp_norm_add(&norm, 0, x, FLP_DTYPE_F64, 9);
	CHECK(flp_norm_value(&norm) == sqrt(570), "%.17g", flp_norm_value(&norm));
	flp_norm_add(&norm, ((uint64_t)1 << 33) + 3, x, FLP_DTYPE_F64, 1);
	CHECK(norm.lane[3] == 33, "%g", norm.lane[3]);
}

static void
test_ends(void)
{
	const double far[2] = { 1e200, 1 }, near[2] = { 1e-200, 0 }, fits[2] = { 3e150, 4e150 };
	struct flp_norm norm = { { 0 } };

	flp_norm_add(&norm, 0, fits, FLP_DTYPE_F64, 2);
	CHECK(flp_norm_value(&norm) == 5e150, "%.17g", flp_norm_value(&norm));
	flp_norm_add(&norm, 0, far, FLP_DTYPE_F64, 2);
	CHECK(isinf(flp_norm_value(&norm)), "%g", flp_norm_value(&norm));
	norm = (struct flp_norm){ { 0 } };
	flp_norm_add(&norm, 0, near, FLP_DTYPE_F64, 2);
	CHECK(flp_norm_value(&norm) == 0, "%g", flp_norm_value(&norm));
}

int
main(void)
{
	flp_random_init(&dice, 3, 0, 0, FLP_PURPOSE_INIT);
	test_cuts();
	test_tensors();
	test_ends();
	return unit_done();
}
