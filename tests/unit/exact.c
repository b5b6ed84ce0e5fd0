#include "kernel/exact.h"
#include "kernel/random.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MANY = 9000 }; /* elements: more than two segments */

static const struct {
	int low, high; /* exponents of the values */
} ranges[] = {
	{ -6, 0 }, { -40, 0 }, { -80, 60 }, { -70, -60 }, { -149, -120 },
	{ 14, 19 }, { 19, 20 }, { 20, 40 }, { 61, 62 }, { -3, 3 },
};

static const uint64_t tops[] = { /* of weights */
	1, 1, 3, 1000, 1 << 20, (1 << 20) + 1, 1 << 30, (uint64_t)1 << 31,
	(uint64_t)1 << 33, FLP_EXACT_WEIGHT,
};

/* A number of few or many bits, sometimes zero. */
static double
draw(struct flp_random *r, int low, int high)
{
	uint64_t m = flp_random_u64(r) >> 11 | (uint64_t)1 << 52;
	double x;

	if (flp_random_below(r, 16) == 0)
		return 0;
	if (flp_random_below(r, 2) == 0)
		m &= ~(uint64_t)0 << (52 - flp_random_below(r, 4));
	x = ldexp((double)m, low - 52 + (int)flp_random_below(r, (uint64_t)(high - low) + 1));
	return flp_random_below(r, 2) ? -x : x;
}

static void
fill(struct flp_random *r, enum flp_dtype dtype, size_t n, void *values)
{
	size_t size = flp_dtype_size(dtype), where;
	size_t at = flp_random_below(r, sizeof ranges / sizeof ranges[0]);

	for (size_t i = 0; i < n; i++) {
		unsigned char *p = (unsigned char *)values + i * size;
		double x;

		do {
			x = draw(r, ranges[at].low, ranges[at].high);
			/* Otherwise f16 would have no values in most ranges. */
			if (dtype == FLP_DTYPE_F16)
				x = ldexp(x, fabs(x) >= 65504 ? -46 : fabs(x) < 0x1p-24 ? 60 : 0);
			flp_dtype_from_f64(&x, 1, dtype, p);
		} while (!flp_dtype_finite(p, dtype, 1, &where));
	}
}

static uint64_t
weight(struct flp_random *r, uint64_t top)
{
	return flp_random_below(r, 3) == 0 ? top : 1 + flp_random_below(r, top);
}

/* The mean and the sum of a against the plain ones of b, in all dtypes: the same bytes, or the same
 * message. */
static void
compare(const struct flp_exact *a, const struct flp_exact *b, size_t at, size_t n,
    uint64_t divisor, int trial)
{
	unsigned char *p = malloc(n * FLP_EXACT_SIZE), *q = malloc(n * FLP_EXACT_SIZE);
	struct flp_error e = { 0 }, f = { 0 };
	int x, y;

	for (enum flp_dtype d = FLP_DTYPE_F64; d <= FLP_DTYPE_BF16; d++) {
		x = flp_exact_mean(a, at, p, d, n, divisor, &e);
		y = flp_exact_mean_ref(b, at, q, d, n, divisor, &f);
		CHECK(x == y && strcmp(e.text, f.text) == 0, "trial %d: %s: '%s', not '%s'",
		    trial, flp_dtype_name(d), e.text, f.text);
		if (x == 0 && y == 0)
			CHECK(memcmp(p, q, n * flp_dtype_size(d)) == 0, "trial %d: %s, "
			    "divisor %llu", trial, flp_dtype_name(d), (unsigned long long)divisor);
	}
	x = flp_exact_store(a, at, p, n, &e);
	y = flp_exact_store(b, at, q, n, &f);
	CHECK(x == y && strcmp(e.text, f.text) == 0, "trial %d: '%s', not '%s'",
	    trial, e.text, f.text);
	if (x == 0 && y == 0)
		CHECK(memcmp(p, q, n * FLP_EXACT_SIZE) == 0, "trial %d: sums", trial);
	free(p);
	free(q);
}

/* The fast ways against the plain one, on ranges that begin and end anywhere;
 * an unaligned input half of the time. */
static void
check_ref(struct flp_random *r, int trials)
{
	struct flp_error e = { 0 }, f = { 0 };
	struct flp_exact *a = flp_exact_new(MANY, &e), *b = flp_exact_new(MANY, &e);
	unsigned char *values = malloc(MANY * sizeof(double) + 1);

	for (int trial = 0; trial < trials; trial++) {
		uint64_t total = 0, top = tops[flp_random_below(r, sizeof tops / sizeof tops[0])];
		int inputs = 1 + (int)flp_random_below(r, 12), x = 0, y = 0;

		flp_exact_reset(a, trial);
		flp_exact_reset(b, trial);
		for (int k = 0; k < inputs && x == 0 && y == 0; k++) {
			size_t at = flp_random_below(r, 2) ? 0 : flp_random_below(r, MANY);
			size_t n = flp_random_below(r, MANY - at + 1);
			enum flp_dtype d = FLP_DTYPE_F64 + (enum flp_dtype)flp_random_below(r, 4);
			unsigned char *p = values + flp_random_below(r, 2);
			uint64_t w = weight(r, top);

			fill(r, d, n, p);
			x = flp_exact_add(a, at, p, d, n, w, &e);
			y = flp_exact_add_ref(b, at, p, d, n, w, &f);
			total += w;
		}
		CHECK(x == y && strcmp(e.text, f.text) == 0, "trial %d: '%s', not '%s'",
		    trial, e.text, f.text);
		if (x == 0 && y == 0)
			compare(a, b, 0, MANY, trial % 3 ? total : trial % 2 ? 1 : flp_random_u64(r) | 1,
			    trial);
	}
	free(values);
	flp_exact_free(a);
	flp_exact_free(b);
}

/* Adds the inputs in the order of pick, through `groups` partial sums. */
static void
add_grouped(struct flp_exact *all, unsigned char *const *inputs, const uint64_t *weights,
    const uint32_t *pick, size_t count, size_t groups, size_t n)
{
	struct flp_error e = { 0 };
	struct flp_exact *part = flp_exact_new(n, &e);
	unsigned char *stored = malloc(n * FLP_EXACT_SIZE);
	int bad = 0;

	for (size_t g = 0; g < groups; g++) {
		flp_exact_reset(part, 0);
		for (size_t k = g; k < count; k += groups)
			bad |= flp_exact_add(part, 0, inputs[pick[k]], FLP_DTYPE_F32, n,
			    weights[pick[k]], &e);
		bad |= flp_exact_store(part, 0, stored, n, &e);
		bad |= flp_exact_add_partial(all, 0, stored, n, &e);
	}
	CHECK(bad == 0, "%s", e.text);
	free(stored);
	flp_exact_free(part);
}

static void
check_order(struct flp_random *r, int trials)
{
	enum { COUNT = 9, N = 5000 };
	struct flp_error e = { 0 };
	struct flp_exact *a = flp_exact_new(N, &e), *b = flp_exact_new(N, &e);
	unsigned char *inputs[COUNT];
	uint64_t weights[COUNT];
	uint32_t pick[COUNT];

	for (int k = 0; k < COUNT; k++)
		inputs[k] = malloc(N * sizeof(float));
	for (int trial = 0; trial < trials; trial++) {
		uint64_t total = 0, top = trial % 2 ? 1 : (uint64_t)1 << 40;
		int bad = 0;

		flp_exact_reset(a, 0);
		flp_exact_reset(b, 0);
		for (int k = 0; k < COUNT; k++) {
			fill(r, FLP_DTYPE_F32, N, inputs[k]);
			for (int i = 0; i < N; i++) { /* far below the overflow */
				float x;

				memcpy(&x, inputs[k] + 4 * i, 4);
				x = fabsf(x) > 0x1p16f ? ldexpf(x, -46) : x;
				memcpy(inputs[k] + 4 * i, &x, 4);
			}
			weights[k] = weight(r, top);
			total += weights[k];
			pick[k] = (uint32_t)k;
			bad |= flp_exact_add(a, 0, inputs[k], FLP_DTYPE_F32, N, weights[k], &e);
		}
		CHECK(bad == 0, "%s", e.text);
		flp_random_shuffle(r, pick, COUNT);
		add_grouped(b, inputs, weights, pick, COUNT, 1 + flp_random_below(r, COUNT), N);
		compare(a, b, 0, N, total, trial);
	}
	for (int k = 0; k < COUNT; k++)
		free(inputs[k]);
	flp_exact_free(a);
	flp_exact_free(b);
}

/* Means of a few numbers whose answers are known. */
static void
check_known(void)
{
	static const struct {
		enum flp_dtype in, out;
		double x[3];
		uint64_t w[3]; /* 0: no such input */
		double mean;
	} cases[] = {
		{ FLP_DTYPE_F64, FLP_DTYPE_F64, { 0.2, 0.4, 0.3 }, { 1, 1, 0 }, 0.30000000000000004 },
		{ FLP_DTYPE_F32, FLP_DTYPE_F32, { 1, 0x1.000002p0, 0 }, { 1, 1, 0 }, 1 },
		{ FLP_DTYPE_F32, FLP_DTYPE_F32, { 0x1.000002p0, 0x1.000004p0, 0 }, { 600, 600, 0 }, 0x1.000004p0 },
		{ FLP_DTYPE_F32, FLP_DTYPE_F32, { 1, 0x1.000002p0, 0 }, { 1, 2, 0 }, 0x1.000002p0 },
		{ FLP_DTYPE_F64, FLP_DTYPE_F32, { 0x1.000001p0, 0x1p-64, 0 }, { 1, 1, 0 }, 0x1.000002p-1 },
		{ FLP_DTYPE_F64, FLP_DTYPE_F32, { 0x1.000003p1, 0x1p-64, 0 }, { 1, 1, 0 }, 0x1.000004p0 },
		{ FLP_DTYPE_F64, FLP_DTYPE_F32, { 0x1.000001p1, 0x1p-64, 0 }, { 1, 1, 0 }, 0x1.000002p0 },
		{ FLP_DTYPE_F64, FLP_DTYPE_F32, { 0x1.000001p1, -0x1p-64, 0 }, { 1, 1, 0 }, 1 },
		{ FLP_DTYPE_F64, FLP_DTYPE_F64, { 0x1p62, -0x1p62, 0x1p-64 }, { 1, 1, 1 }, 0x1.5555555555555p-66 },
		{ FLP_DTYPE_F64, FLP_DTYPE_F64, { 0x1p-65, 0, 0 }, { 1, 0, 0 }, 0 },
		{ FLP_DTYPE_F64, FLP_DTYPE_F64, { 0x1.8p-64, 0, 0 }, { 1, 0, 0 }, 0x1p-63 },
		{ FLP_DTYPE_F64, FLP_DTYPE_F64, { 0x1.0000000000001p-65, 0, 0 }, { 1, 0, 0 }, 0x1p-64 },
		{ FLP_DTYPE_F64, FLP_DTYPE_F64, { -0.0, 0, 0 }, { 7, 0, 0 }, 0 },
		{ FLP_DTYPE_F64, FLP_DTYPE_F16, { 0x1p-24, 0, 0 }, { 1, 1, 0 }, 0 },
		{ FLP_DTYPE_F64, FLP_DTYPE_F16, { 0x1.8p-23, 0, 0 }, { 1, 1, 0 }, 0x1p-23 },
		{ FLP_DTYPE_F64, FLP_DTYPE_F16, { 0x1.8p-23, 0x1p-64, 0 }, { 1, 1, 0 }, 0x1p-23 },
		{ FLP_DTYPE_F64, FLP_DTYPE_F16, { -0x1p-64, 0, 0 }, { 1, 0, 0 }, -0.0 },
		{ FLP_DTYPE_F64, FLP_DTYPE_F16, { 65519.99, 0, 0 }, { 1, 0, 0 }, 65504 },
		{ FLP_DTYPE_F64, FLP_DTYPE_F16, { 0x1p-25, 0, 0 }, { 1, 0, 0 }, 0 },
		{ FLP_DTYPE_F64, FLP_DTYPE_F16, { 0x1.004p-25, 0, 0 }, { 1, 0, 0 }, 0x1p-24 },
		{ FLP_DTYPE_BF16, FLP_DTYPE_BF16, { 1, 0x1.02p0, 0 }, { 1, 1, 0 }, 1 },
		{ FLP_DTYPE_F16, FLP_DTYPE_F32, { 0x1p-24, 0x1p-23, 0 }, { 1, 1, 0 }, 0x1.8p-24 },
	};
	struct flp_error e = { 0 };
	struct flp_exact *sums = flp_exact_new(1, &e);

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint64_t total = 0;
		double raw, mean;
		int bad = 0;

		flp_exact_reset(sums, 0);
		for (int k = 0; k < 3 && cases[i].w[k] > 0; k++) {
			flp_dtype_from_f64(&cases[i].x[k], 1, cases[i].in, &raw);
			bad |= flp_exact_add(sums, 0, &raw, cases[i].in, 1, cases[i].w[k], &e);
			total += cases[i].w[k];
		}
		bad |= flp_exact_mean(sums, 0, &raw, cases[i].out, 1, total, &e);
		CHECK(bad == 0, "case %zu: %s", i, e.text);
		flp_dtype_to_f64(&raw, cases[i].out, 1, &mean);
		CHECK(memcmp(&mean, &cases[i].mean, sizeof mean) == 0, "case %zu: %a, not %a",
		    i, mean, cases[i].mean);
		compare(sums, sums, 0, 1, total, (int)i);
	}
	flp_exact_free(sums);
}

/* One input of N elements, zero but for x at `where`: refused in these words? */
static void
refused(enum flp_dtype dtype, double x, uint64_t w, const char *words)
{
	enum { N = 6000, WHERE = 4321 };
	struct flp_error e = { 0 };
	struct flp_exact *sums = flp_exact_new(N, &e);
	size_t size = flp_dtype_size(dtype);
	unsigned char *values = calloc(N, size);

	flp_dtype_from_f64(&x, 1, dtype, values + WHERE * size);
	flp_exact_reset(sums, 10000);
	CHECK(flp_exact_add(sums, 0, values, dtype, N, w, &e) < 0, "%g", x);
	CHECK(e.code == (strncmp(words, "a program error", 15) == 0 ? FLP_ERROR_SYSTEM : FLP_ERROR_BAD) &&
	    strcmp(e.text, words) == 0, "'%s', not '%s'", e.text, words);
	memset(&e, 0, sizeof e);
	flp_exact_reset(sums, 10000);
	CHECK(flp_exact_add_ref(sums, 0, values, dtype, N, w, &e) < 0, "%g", x);
	CHECK(strcmp(e.text, words) == 0, "'%s', not '%s'", e.text, words);
	free(values);
	flp_exact_free(sums);
}

static void
check_refusals(void)
{
	const char *grid = "value 14321: 9.22337e+18 does not fit the grid: "
	    "|x| must stay below 2^63 = 9.2e18";

	for (enum flp_dtype d = FLP_DTYPE_F64; d <= FLP_DTYPE_BF16; d++) {
		refused(d, NAN, 1, "value 14321: nan is not a finite number");
		refused(d, INFINITY, 1, "value 14321: inf is not a finite number");
		refused(d, -INFINITY, 1 << 20, "value 14321: -inf is not a finite number");
		refused(d, 1, 0, "a program error: weight 0: expected 1 to 2^53");
		refused(d, 1, FLP_EXACT_WEIGHT + 1,
		    "a program error: weight 9007199254740993: expected 1 to 2^53");
		if (d != FLP_DTYPE_F16)
			refused(d, 0x1p63, 1, grid);
	}
	refused(FLP_DTYPE_F32, -0x1p60, 9, "value 14321: -1.15292e+18 times its weight 9 does not "
	    "fit the grid: |w x| must stay below 2^63 = 9.2e18");
	refused(FLP_DTYPE_F64, 0x1p10, FLP_EXACT_WEIGHT, "value 14321: 1024 times its weight "
	    "9007199254740992 does not fit the grid: |w x| must stay below 2^63 = 9.2e18");
	refused(FLP_DTYPE_I8, 1, 1, "a program error: dtype i8: expected f64, f32, f16 or bf16");
}

/* A sum beyond 128 bits is refused when it is wanted, not while it grows; its
 * mean is not. */
static void
check_overflow(void)
{
	const double huge[] = { 0x1.fffffffffffffp62, 1 }, minus[] = { -0x1.fffffffffffffp62, 1 };
	const double least[] = { -0x1p62, 0 };
	struct flp_error e = { 0 };
	struct flp_exact *sums = flp_exact_new(2, &e);
	__int128 stored[2];
	uint16_t half[2];
	double mean[2];
	int bad = 0;

	for (int k = 0; k < 3; k++)
		bad |= flp_exact_add(sums, 0, huge, FLP_DTYPE_F64, 2, 1, &e);
	CHECK(bad == 0, "%s", e.text);
	CHECK(flp_exact_store(sums, 0, stored, 2, &e) < 0, "stored");
	CHECK(flp_exact_mean(sums, 0, mean, FLP_DTYPE_F64, 2, 3, &e) == 0 && mean[0] == huge[0] &&
	    mean[1] == 1, "%s, %a", e.text, mean[0]);
	compare(sums, sums, 0, 2, 3, 0);
	CHECK(flp_exact_mean(sums, 0, mean, FLP_DTYPE_F64, 2, 2, &e) < 0 &&
	    strstr(e.text, "value 0: the mean does not fit the grid") != NULL, "%s", e.text);
	CHECK(flp_exact_mean(sums, 0, mean, FLP_DTYPE_F64, 2, 1, &e) < 0, "divided by 1");
	CHECK(e.code == FLP_ERROR_BAD && strcmp(e.text, "value 0: the sum does not fit the grid: "
	    "it must stay below 2^63 = 9.2e18 in magnitude") == 0, "%s", e.text);
	CHECK(flp_exact_mean(sums, 1, mean, FLP_DTYPE_F64, 1, 3, &e) == 0 && mean[0] == 1, "%g", mean[0]);
	for (int k = 0; k < 3; k++)
		bad |= flp_exact_add(sums, 0, minus, FLP_DTYPE_F64, 2, 1, &e);
	bad |= flp_exact_mean(sums, 0, mean, FLP_DTYPE_F64, 2, 6, &e);
	CHECK(bad == 0 && mean[0] == 0 && mean[1] == 1, "%g %g", mean[0], mean[1]);

	/* Far beyond 128 bits, either sign, every way to round. */
	flp_exact_reset(sums, 0);
	for (int k = 0; k < 40; k++) {
		uint64_t w = 2 * (uint64_t)k + 1;

		for (int i = 0; i < 2; i++)
			stored[i] = (__int128)(~(unsigned __int128)0 >> (1 + k % 3)) - 12345 * k * k;
		stored[1] = -stored[1];
		bad |= flp_exact_add_partial(sums, 0, stored, 2, &e);
		compare(sums, sums, 0, 2, w, 100 + k);
		compare(sums, sums, 0, 2, w << 40, 200 + k);
		compare(sums, sums, 0, 2, UINT64_MAX - w, 300 + k);
	}
	CHECK(bad == 0, "%s", e.text);

	/* The only number without a negative. */
	flp_exact_reset(sums, 0);
	bad = flp_exact_add(sums, 0, least, FLP_DTYPE_F64, 2, 2, &e);
	bad |= flp_exact_store(sums, 0, stored, 2, &e);
	bad |= flp_exact_mean(sums, 0, mean, FLP_DTYPE_F64, 2, 1, &e);
	CHECK(bad == 0 && mean[0] == -0x1p63, "%s", e.text);
	CHECK((unsigned __int128)stored[0] == (unsigned __int128)1 << 127, "stored");
	CHECK(flp_exact_add_partial(sums, 0, stored, 2, &e) == 0, "%s", e.text);
	CHECK(flp_exact_store(sums, 0, stored, 2, &e) < 0, "stored");

	flp_exact_reset(sums, 5);
	mean[0] = 1;
	mean[1] = -65520;
	bad = flp_exact_add(sums, 0, mean, FLP_DTYPE_F64, 2, 3, &e);
	CHECK(bad == 0 && flp_exact_mean(sums, 0, half, FLP_DTYPE_F16, 2, 3, &e) < 0, "half");
	CHECK(strcmp(e.text, "value 6: -65520 does not fit f16, "
	    "whose greatest number is 65504") == 0, "%s", e.text);
	CHECK(flp_exact_mean(sums, 0, mean, FLP_DTYPE_F64, 2, 0, &e) < 0, "divisor 0");
	CHECK(flp_exact_mean(sums, 0, mean, FLP_DTYPE_U8, 2, 1, &e) < 0, "u8");
	flp_exact_free(sums);
}

/* Divisors that doubles can't represent, up to the greatest. */
static void
check_divisors(void)
{
	const double x = 0.25;
	struct flp_error e = { 0 };
	struct flp_exact *sums = flp_exact_new(1, &e);
	double mean = 0;
	int bad = flp_exact_add(sums, 0, &x, FLP_DTYPE_F64, 1, 1, &e);

	bad |= flp_exact_mean(sums, 0, &mean, FLP_DTYPE_F64, 1, FLP_EXACT_WEIGHT + 1, &e);
	CHECK(bad == 0 && mean == 0x1.fffffffffffffp-56, "%a", mean);
	compare(sums, sums, 0, 1, FLP_EXACT_WEIGHT + 1, 0);
	compare(sums, sums, 0, 1, UINT64_MAX, 1);
	flp_exact_free(sums);
}

/* Stored sums are what the format says, and need no element at all. */
static void
check_store(void)
{
	static const unsigned char want[2][FLP_EXACT_SIZE] = {
		{ 0, 0, 0, 0, 0, 0, 0, 0x80, 4 }, /* 3 * 1.5 */
		{ 0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, /* 3 * -2^-64 */
	};
	const float x[] = { 1.5f, -0x1p-64f };
	struct flp_error e = { 0 };
	struct flp_exact *sums = flp_exact_new(2, &e), *none = flp_exact_new(0, &e);
	unsigned char got[sizeof want];
	int bad = flp_exact_add(sums, 0, x, FLP_DTYPE_F32, 2, 3, &e);

	bad |= flp_exact_store(sums, 0, got, 2, &e);
	CHECK(bad == 0 && memcmp(got, want, sizeof want) == 0, "%s", e.text);
	bad |= flp_exact_add(none, 0, x, FLP_DTYPE_F32, 0, 1, &e);
	bad |= flp_exact_add_partial(none, 0, got, 0, &e);
	bad |= flp_exact_mean(none, 0, got, FLP_DTYPE_F32, 0, 1, &e);
	CHECK(bad == 0, "%s", e.text);
	flp_exact_reset(none, 0);
	flp_exact_free(none);
	flp_exact_free(sums);
	flp_exact_free(NULL);
}

/* Sums as doubles, exactly or not at all. */
static void
check_doubles(void)
{
	const double x[] = { 0x1p53, -3, 0x1p-60, 0 }, one[] = { 1, 0x1p-64, 0, 0 };
	struct flp_error e = { 0 };
	struct flp_exact *sums = flp_exact_new(4, &e);
	double got[4];
	int bad = flp_exact_add(sums, 0, x, FLP_DTYPE_F64, 4, 1, &e);

	bad |= flp_exact_doubles(sums, 0, got, 4, &e);
	CHECK(bad == 0 && memcmp(got, x, sizeof got) == 0, "%s", e.text);
	flp_exact_reset(sums, 100);
	bad = flp_exact_add(sums, 0, x, FLP_DTYPE_F64, 4, 1, &e);
	bad |= flp_exact_add(sums, 0, one, FLP_DTYPE_F64, 4, 1, &e);
	CHECK(bad == 0 && flp_exact_doubles(sums, 0, got, 1, &e) < 0 && e.code == FLP_ERROR_BAD &&
	    strcmp(e.text, "value 100: expected a sum that f64 holds exactly, found one of more than "
	    "53 bits") == 0, "%s", e.text);
	CHECK(flp_exact_doubles(sums, 1, got, 3, &e) < 0 && strncmp(e.text, "value 101: ", 11) == 0,
	    "%s", e.text);
	CHECK(flp_exact_doubles(sums, 2, got, 2, &e) == 0 && got[0] == 0x1p-60 && got[1] == 0, "%s",
	    e.text);
	flp_exact_reset(sums, 0);
	bad = flp_exact_add(sums, 0, &(double){ 0x1p62 }, FLP_DTYPE_F64, 1, 1, &e);
	bad |= flp_exact_doubles(sums, 0, got, 1, &e);
	CHECK(bad == 0 && got[0] == 0x1p62, "%g", got[0]);
	bad = flp_exact_add(sums, 0, &(double){ 0x1p62 }, FLP_DTYPE_F64, 1, 1, &e);
	CHECK(bad == 0 && flp_exact_doubles(sums, 0, got, 1, &e) < 0, "beyond 128 bits");
	flp_exact_free(sums);
}

/* Small weights until the two words are full and must be added to the wide sums. */
static void
check_long(void)
{
	const float x[] = { 0.4999999f, -0.3f, 0x1p-70f, 0 };
	struct flp_error e = { 0 };
	struct flp_exact *a = flp_exact_new(4, &e), *b = flp_exact_new(4, &e);
	int bad = 0;

	for (int k = 0; k < 20000; k++)
		bad |= flp_exact_add(a, 0, x, FLP_DTYPE_F32, 4, 1 << 20, &e);
	bad |= flp_exact_add_ref(b, 0, x, FLP_DTYPE_F32, 4, (uint64_t)20000 << 20, &e);
	CHECK(bad == 0, "%s", e.text);
	compare(a, b, 0, 4, (uint64_t)20000 << 20, 0);
	flp_exact_free(a);
	flp_exact_free(b);
}

int
main(void)
{
	struct flp_random r;

	flp_random_init(&r, 1, 0, 0, 0);
	check_known();
	check_store();
	check_doubles();
	check_divisors();
	check_refusals();
	check_overflow();
	check_long();
	check_ref(&r, 400);
	check_order(&r, 30);
	return unit_done();
}
