/* kernel/digits and kernel/wide: sums as digits against wide integers, and quotients,
 * roots and texts against what a double does exactly; tests/stats.py holds the whole to
 * rational arithmetic. */
#include "kernel/digits.h"
#include "base/bits.h"
#include "kernel/random.h"
#include "unit.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { COLUMNS = 3, ROWS = 2000 };

static const float extremes[] = { 0, -0.0f, FLT_TRUE_MIN, -FLT_TRUE_MIN, FLT_MIN, FLT_MAX,
	-FLT_MAX, 1, -1, 0x1.fffffep-127f, 0x1p-149f, 16777215, 0.1f, -3e38f };

/* Any finite f32. */
static float
draw(struct flp_random *r)
{
	uint32_t u;

	if (flp_random_below(r, 8) == 0)
		return extremes[flp_random_below(r, sizeof extremes / sizeof *extremes)];
	do
		u = (uint32_t)flp_random_u64(r);
	while ((u >> 23 & 255) == 255);
	return flp_bits_to_f32(u);
}

static void
test_sums(struct flp_random *r)
{
	int64_t sum[COLUMNS * FLP_DIGITS_SUM] = { 0 }, sum_ref[COLUMNS * FLP_DIGITS_SUM] = { 0 };
	int64_t sumsq[COLUMNS * FLP_DIGITS_SUMSQ] = { 0 }, sumsq_ref[COLUMNS * FLP_DIGITS_SUMSQ] = { 0 };

	for (size_t i = 0; i < ROWS; i++) {
		float x[COLUMNS];

		for (size_t j = 0; j < COLUMNS; j++)
			x[j] = draw(r);
		flp_digits_add(sum, sumsq, x, COLUMNS);
		flp_digits_add_ref(sum_ref, sumsq_ref, x, COLUMNS);
	}
	for (size_t k = 0; k < FLP_DIGITS_SUMSQ; k++)
		CHECK(sumsq[k] >= 0 && sumsq[k] < (int64_t)ROWS << 32, "digit %zu: %lld", k,
		    (long long)sumsq[k]);
	flp_digits_carry(sum, FLP_DIGITS_SUM, COLUMNS);
	flp_digits_carry(sumsq, FLP_DIGITS_SUMSQ, COLUMNS);
	CHECK(memcmp(sum, sum_ref, sizeof sum) == 0, "sums");
	CHECK(memcmp(sumsq, sumsq_ref, sizeof sumsq) == 0, "sums of squares");
	for (size_t k = 0; k < FLP_DIGITS_SUM - 1; k++)
		CHECK(sum[k] >= 0 && sum[k] <= UINT32_MAX, "digit %zu: %lld", k, (long long)sum[k]);
}

/* Every value by itself, as a double. */
static void
test_values(struct flp_random *r)
{
	for (size_t i = 0; i < ROWS; i++) {
		int64_t sum[FLP_DIGITS_SUM] = { 0 }, sumsq[FLP_DIGITS_SUMSQ] = { 0 };
		float x = i < sizeof extremes / sizeof *extremes ? extremes[i] : draw(r);
		char text[FLP_WIDE_TEXT], want[FLP_WIDE_TEXT];

		flp_digits_add(sum, sumsq, &x, 1);
		CHECK(flp_digits_f64(sum, FLP_DIGITS_SUM) == x, "%a: %a", x,
		    flp_digits_f64(sum, FLP_DIGITS_SUM));
		CHECK(flp_digits_f64(sumsq, FLP_DIGITS_SUMSQ) == (double)x * x, "%a: %a", x,
		    flp_digits_f64(sumsq, FLP_DIGITS_SUMSQ));
		snprintf(want, sizeof want, "%.17g", (double)x + 0);
		CHECK(flp_digits_print(text, sum, FLP_DIGITS_SUM) == strlen(want) &&
		    strcmp(text, want) == 0, "%s, expected %s", text, want);
		snprintf(want, sizeof want, "%.17g", (double)x * x);
		CHECK(flp_digits_print(text, sumsq, FLP_DIGITS_SUMSQ) == strlen(want) &&
		    strcmp(text, want) == 0, "%s, expected %s", text, want);
	}
}

/* Digits as they are after many additions, and forged ones. */
static void
test_forms(void)
{
	static const int64_t digit[] = { -1, 0, INT64_MAX, INT64_MIN, (int64_t)1 << 62, -7 };
	int64_t a[FLP_DIGITS_SUM], b[FLP_DIGITS_SUM];
	struct flp_wide w, v, part = { { 0 } };

	for (size_t k = 0; k < FLP_DIGITS_SUM; k++) {
		a[k] = digit[k % 6];
		flp_wide_add(&part, a[k], 32 * (unsigned)k);
	}
	w = flp_digits_wide(a, FLP_DIGITS_SUM);
	CHECK(flp_wide_compare(&w, &part) == 0, "digits are added up");
	for (size_t k = 0; k < FLP_DIGITS_SUM; k++)
		a[k] /= 4;
	memcpy(b, a, sizeof b);
	flp_digits_carry(b, FLP_DIGITS_SUM, 1);
	v = flp_digits_wide(a, FLP_DIGITS_SUM);
	w = flp_digits_wide(b, FLP_DIGITS_SUM);
	CHECK(memcmp(a, b, sizeof a) != 0 && flp_wide_compare(&w, &v) == 0, "two forms");
	CHECK(flp_wide_sign(&v) == 1, "sign");
	flp_wide_subtract(&w, &v);
	CHECK(flp_wide_sign(&w) == 0 && flp_wide_bits(&w) == 0, "difference");
}

static struct flp_wide
wide(int64_t value, unsigned shift)
{
	struct flp_wide w = { { 0 } };

	flp_wide_add(&w, value, shift);
	return w;
}

/* Quotients and roots of whole numbers of 53 bits are rounded once by doubles too. */
static void
test_rounding(struct flp_random *r)
{
	for (size_t i = 0; i < ROWS; i++) {
		int64_t m = (int64_t)(flp_random_u64(r) >> (11 + flp_random_below(r, 50)));
		uint64_t d = 1 + (flp_random_u64(r) >> (11 + flp_random_below(r, 50)));
		unsigned shift = (unsigned)flp_random_below(r, 600);
		struct flp_wide w = wide(m, shift), minus = wide(-m, shift), square;
		double x = ldexp((double)m, (int)shift - 320);

		d = d > (uint64_t)1 << 53 ? (uint64_t)1 << 53 : d;
		CHECK(flp_wide_quotient(&w, d, -320) == x / (double)d, "%a / %a", x, (double)d);
		CHECK(flp_wide_quotient(&minus, d, -320) == -(x / (double)d), "%a / %a", -x, (double)d);
		CHECK(flp_wide_root(&w, 1, 1, -320) == sqrt(x), "root of %a", x);
		flp_wide_multiply(&w, d);
		flp_wide_multiply(&w, d - (d > 1));
		CHECK(flp_wide_root(&w, d, d - (d > 1), -320) == sqrt(x), "root of %a", x);
		CHECK(flp_wide_divide(&w, d) == 0, "remainder");
		minus = wide(-m, shift % 300);
		flp_wide_square(&square, &minus);
		CHECK(flp_wide_root(&square, 1, 1, 0) == ldexp((double)m, (int)(shift % 300)),
		    "square of %lld", (long long)m);
	}
}

/* A tie, and what lies just beside one: 2^53 + 1 and its neighbours. */
static void
test_ties(void)
{
	struct flp_wide tie = wide(1, 253), above, root;

	flp_wide_add(&tie, 1, 200);
	above = tie;
	CHECK(flp_wide_quotient(&tie, 1, -200) == 0x1p53, "to even");
	flp_wide_add(&above, 1, 0);
	CHECK(flp_wide_quotient(&above, 1, -200) == 0x1p53 + 2, "above");
	flp_wide_add(&above, -2, 0);
	CHECK(flp_wide_quotient(&above, 1, -200) == 0x1p53, "below");
	flp_wide_square(&root, &tie);
	CHECK(flp_wide_root(&root, 1, 1, -400) == 0x1p53, "root, to even");
	flp_wide_add(&root, 1, 0);
	CHECK(flp_wide_root(&root, 1, 1, -400) == 0x1p53 + 2, "root, above");
	flp_wide_add(&root, -2, 0);
	CHECK(flp_wide_root(&root, 1, 1, -400) == 0x1p53, "root, below");
}

static void
test_texts(void)
{
	static const struct {
		int64_t value;
		unsigned shift;
		const char *text;
	} cases[] = {
		{ 0, 0, "0" }, { 1, 160, "1" }, { -3, 159, "-1.5" }, { 10, 160, "10" },
		{ INT64_C(99999999999999999), 160, "99999999999999999" },
		{ INT64_C(100000000000000000), 160, "1e+17" },
		{ INT64_C(999999999999999995), 160, "1e+18" }, /* a tie, to even */
		{ INT64_C(999999999999999985), 160, "9.9999999999999998e+17" },
		{ 1, 146, "6.103515625e-05" }, { 1, 147, "0.0001220703125" },
		{ 1, 0, "6.8422776578360209e-49" }, { 1, 350, "1.5692754338466702e+57" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct flp_wide w = wide(cases[i].value, cases[i].shift);
		char text[FLP_WIDE_TEXT];

		CHECK(flp_wide_print(text, &w, 160) == strlen(text) &&
		    strcmp(text, cases[i].text) == 0, "%s, expected %s", text, cases[i].text);
	}
}

/* The greatest number, with all its digits before the point: 2^830 - 1/2. */
static void
test_greatest(void)
{
	struct flp_wide w;
	char text[FLP_WIDE_TEXT];

	memset(&w, 0xff, sizeof w);
	w.word[FLP_WIDE_WORDS - 1] >>= 1;
	flp_wide_print(text, &w, 1);
	CHECK(strcmp(text, "7.1597259796187403e+249") == 0, "%s", text);
}

int
main(void)
{
	struct flp_random r;

	flp_random_init(&r, 7, 0, 0, FLP_PURPOSE_INIT);
	test_sums(&r);
	test_values(&r);
	test_forms();
	test_rounding(&r);
	test_ties();
	test_texts();
	test_greatest();
	return unit_done();
}
