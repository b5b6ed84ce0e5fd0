/* lattice: steps and squares against plain integers, and values at the ends of doubles. */
#include "base/memory.h"
#include "kernel/lattice.h"
#include "kernel/random.h"
#include "unit.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { MOST = 3000 };

static struct flp_random dice;

static struct flp_lattice
lattice(double clip, unsigned grid)
{
	struct flp_lattice l = { 0 };
	struct flp_error e;

	CHECK(flp_lattice_init(&l, clip, grid, &e) == 0, "%g: %s", clip, e.text);
	return l;
}

/* The step, and the greatest sum of squares, of known norms. */
static void
test_init(void)
{
	static const struct {
		double clip;
		unsigned grid;
		int exponent;
		uint64_t most;
	} known[] = {
		{ 1, 20, -20, (uint64_t)1 << 40 },
		{ 1, 23, -23, (uint64_t)1 << 46 },
		{ 0.5, 10, -11, 1 << 20 },
		{ 3, 10, -9, 9 << 18 },
		/* floor((C * 2^22)^2) and so on, computed with whole numbers of Python */
		{ 0.3, 20, -22, 1583296743997 },
		{ 1e-3, 20, -30, 1152921504606 },
		{ 1e-3, 23, -33, 73786976294838 },
		{ 0.8, 20, -21, 2814749767106 },
		{ 1e12, 23, -23 + 39, 232830643653869 },
		{ 1e-12, 23, -63, 85070591730234 },
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		struct flp_lattice l = lattice(known[i].clip, known[i].grid);

		CHECK(l.clip == known[i].clip && l.grid == known[i].grid, "%g", known[i].clip);
		CHECK(l.exponent == known[i].exponent && l.step == ldexp(1, l.exponent), "%g: %d",
		    known[i].clip, l.exponent);
		CHECK(l.most == known[i].most, "%g %u: %llu", known[i].clip, known[i].grid,
		    (unsigned long long)l.most);
	}
}

static void
test_bounds(void)
{
	static const double clips[] = { 0, -0.0, -1, 9.9e-13, 1.1e12, 0x1p-1074, DBL_MAX, NAN,
		INFINITY, -INFINITY };
	struct flp_lattice l;
	struct flp_error e;

	for (size_t i = 0; i < sizeof clips / sizeof *clips; i++)
		CHECK(flp_lattice_init(&l, clips[i], 20, &e) < 0 && e.code == FLP_ERROR_BAD &&
		    strncmp(e.text, "clip: expected 1e-12 to 1e+12, found ", 37) == 0, "%g: %s",
		    clips[i], e.text);
	CHECK(flp_lattice_init(&l, 1, 9, &e) < 0 && e.code == FLP_ERROR_BAD &&
	    strcmp(e.text, "grid: expected 10 to 23, found 9") == 0, "%s", e.text);
	CHECK(flp_lattice_init(&l, 1, 24, &e) < 0 && e.code == FLP_ERROR_BAD, "grid 24");
}

/* Random steps in pieces: the sum of squares is theirs, and _ref says the same. */
static void
test_sums(void)
{
	static const double clips[] = { 1e-12, 1e-3, 0.3, 0.8, 1, 77, 1e12 };
	static const enum flp_dtype dtypes[] = { FLP_DTYPE_F64, FLP_DTYPE_F32 };
	static unsigned char values[MOST * sizeof(double)];

	for (int turn = 0; turn < 600; turn++) {
		struct flp_lattice l = lattice(clips[turn % 7], 10 + (unsigned)(turn % 14));
		enum flp_dtype dtype = dtypes[turn % 2];
		size_t size = flp_dtype_size(dtype), n = flp_random_below(&dice, turn < 300 ? 40 : MOST);
		uint64_t range = (uint64_t)2 << flp_random_below(&dice, 25), want = 0, got[2] = { 0 };
		size_t where;

		for (size_t i = 0; i < n; i++) {
			int64_t steps = (int64_t)flp_random_below(&dice, range) - (int64_t)range / 2;
			double x = ldexp((double)steps, l.exponent);

			want += (uint64_t)(steps * steps);
			flp_dtype_from_f64(&x, 1, dtype, values + i * size);
		}
		for (size_t at = 0, k; at < n; at += k) {
			k = 1 + flp_random_below(&dice, n - at);
			CHECK(flp_lattice_add(&l, &got[0], values + at * size, dtype, k, &where) == 0,
			    "turn %d: %zu", turn, at + where);
		}
		CHECK(flp_lattice_add_ref(&l, &got[1], values, dtype, n, &where) == 0, "turn %d", turn);
		CHECK(got[0] == want && got[1] == want, "turn %d: %llu %llu, expected %llu", turn,
		    (unsigned long long)got[0], (unsigned long long)got[1], (unsigned long long)want);
	}
}

/* One value among zeros: 1 if it is a multiple, and its squares. */
static int
add_one(const struct flp_lattice *l, double value, size_t at, uint64_t *squares)
{
	static double values[700];
	uint64_t other = 0;
	size_t where = 0, where_ref = 0;
	int is, is_ref;

	*squares = 0;
	memset(values, 0, sizeof values);
	values[at] = value;
	is = flp_lattice_add(l, squares, values, FLP_DTYPE_F64, 700, &where) == 0;
	is_ref = flp_lattice_add_ref(l, &other, values, FLP_DTYPE_F64, 700, &where_ref) == 0;
	CHECK(is == is_ref && (is ? *squares == other : where == at && where_ref == at),
	    "%g at %zu: %zu, %zu", value, at, where, where_ref);
	return is;
}

/* No value that is off the lattice passes, however small or large. */
static void
test_off(void)
{
	static const double clips[] = { 1e-12, 1e-3, 0.3, 1, 1e12 };
	uint64_t squares;

	for (size_t c = 0; c < 5; c++)
		for (size_t at = 0; at < 700; at += 99) {
			struct flp_lattice l = lattice(clips[c], 23);
			double g = l.step, off[] = { g / 2, 1.5 * g, -1.5 * g, nextafter(g, 0),
				nextafter(g, 1e300), g * (0x1p24 - 0.5), g * (0x1p51 + 0.5), g * 0x1p-60,
				0x1p-1074, -0x1p-1074, DBL_MIN, NAN, INFINITY, -INFINITY };

			for (size_t i = 0; i < sizeof off / sizeof *off; i++)
				CHECK(!add_one(&l, off[i], at, &squares), "%g of %g", off[i], clips[c]);
		}
}

/* Multiples of any size pass, and a sum that is too large never becomes smaller again. */
static void
test_large(void)
{
	struct flp_lattice l = lattice(0.3, 23);
	double g = l.step, many[4] = { DBL_MAX, -DBL_MAX, DBL_MAX, -g };
	uint64_t squares;
	size_t where;

	CHECK(add_one(&l, -0.0, 3, &squares) && squares == 0, "-0");
	CHECK(add_one(&l, g, 3, &squares) && squares == 1, "a step");
	CHECK(add_one(&l, -g * 0x1p24, 3, &squares) && squares == (uint64_t)1 << 48, "2^24");
	CHECK(add_one(&l, g * (0x1p24 + 1), 3, &squares) && squares == 0x1000002000001, "%llx",
	    (unsigned long long)squares);
	CHECK(add_one(&l, g * 0x1p52, 3, &squares) && squares > l.most, "2^52");
	CHECK(add_one(&l, DBL_MAX, 3, &squares) && squares > l.most, "huge");
	CHECK(add_one(&l, 0x1p-31 * 0x1p31, 3, &squares) && squares > l.most, "1");
	squares = UINT64_MAX - 10;
	CHECK(flp_lattice_add(&l, &squares, many, FLP_DTYPE_F64, 4, &where) == 0 &&
	    squares == UINT64_MAX, "%llu", (unsigned long long)squares);
	squares = UINT64_MAX;
	CHECK(flp_lattice_add(&l, &squares, &g, FLP_DTYPE_F64, 1, &where) == 0 &&
	    squares == UINT64_MAX, "%llu", (unsigned long long)squares);
}

int
main(void)
{
	flp_random_init(&dice, 7, 0, 0, FLP_PURPOSE_INIT);
	test_init();
	test_bounds();
	test_sums();
	test_off();
	test_large();
	return unit_done();
}
