/* base/number: decimal text to double and back, held to the C library. */
#include "base/number.h"
#include "unit.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 1;

static uint64_t
roll(uint64_t below)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (state >> 33) % below;
}

static double
any_double(void)
{
	uint64_t bits;
	double v;

	do {
		bits = roll(1u << 31) << 33 ^ roll(1u << 31) << 12 ^ roll(1u << 31);
		memcpy(&v, &bits, sizeof v);
	} while (!isfinite(v));
	return v;
}

/* The text stands at the end of its memory, so that a read beyond it is seen
 * by the address sanitizer. */
static int
parse(const char *text, double *v)
{
	size_t n = strlen(text);
	char *exact = malloc(n ? n : 1);
	int status;

	memcpy(exact, text, n);
	status = flp_number_f64(exact, n, v);
	free(exact);
	return status;
}

static void
check_same(const char *text)
{
	double expected = strtod(text, NULL), v = 0;
	int status = parse(text, &v);

	if (!isfinite(expected)) {
		CHECK(status == -2, "%s is too large: %d", text, status);
		return;
	}
	CHECK(status == 0, "%s", text);
	CHECK(memcmp(&v, &expected, sizeof v) == 0, "%s: expected %.17g, found %.17g", text,
	    expected, v);
}

static void
test_forms(void)
{
	static const char *const good[] = { "0", "-0", "1", "-1", ".5", "5.", "-.5", "00012",
		"1e5", "1E5", "1e+5", "1e-5", "1.5e300", "1e-400", "123456789012345678901234567890",
		"0.000000000000000000000000000000000000000000000000000000000000000000000000001",
		"9007199254740993", "9007199254740992.5", "9007199254740993.5", "1e23", "8.5e22",
		"0.1", "0.3", "1e22", "1e-22", "4.9e-324", "2.4703282292062327e-324",
		"1.7976931348623157e308", "1.7976931348623159e308", "1e999", "0e999999999999",
		"12345678", "1234567.8", ".12345678", "123456789", "1234567812345678",
		"123456781234567.8", "1.234567812345678", "99999999999999999999", "0.00000000000001",
		"18446744073709551615", "18446744073709551616", "1844674407370955161.5" };
	static const char *const bad[] = { "", "-", ".", "-.", "+1", "1 ", " 1", "1,", "1..2",
		"1.2.3", "e5", "1e", "1e+", "1e5.", "--1", "0x10", "nan", "inf", "1a", "a1",
		"1234567a", "123456789012345a", "1/2", "1:2", "12:", "\xb1", "1\x80", ".e1",
		"123456789.1234.1" };
	double v;

	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		check_same(good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK(parse(bad[i], &v) == -1, "\"%s\"", bad[i]);
	CHECK(flp_number_f64("1\0002", 3, &v) < 0, "a NUL");
}

static void
test_every_byte(void)
{
	char text[24];
	double v;

	for (int n = 1; n < 22; n++)
		for (int at = 0; at < n; at++)
			for (int c = 1; c < 256; c++) {
				int good = (c >= '0' && c <= '9') || (c == '.' && n > 1) ||
				    (c == '-' && at == 0 && n > 1) ||
				    ((c | 0x20) == 'e' && at > 0 && at < n - 1);

				memset(text, '0', (size_t)n);
				text[n] = '\0';
				text[at] = (char)c;
				CHECK(parse(text, &v) == (good ? 0 : -1), "\"%s\"", text);
			}
}

/* Digits at random, with a point and an exponent or without. */
static void
test_digits(void)
{
	for (int i = 0; i < 400000; i++) {
		size_t digits = 1 + roll(24), point = roll(2 * digits), n = 0;
		char text[64];

		if (roll(2))
			text[n++] = '-';
		for (size_t k = 0; k < digits; k++) {
			if (k == point)
				text[n++] = '.';
			text[n++] = (char)('0' + (roll(4) ? roll(10) : 0));
		}
		text[n] = '\0';
		if (roll(3) == 0)
			sprintf(text + n, "e%d", (int)roll(61) - 30);
		check_same(text);
	}
}

/* Doubles to text and back; and texts half way between two, which only their
 * last digits decide. */
static void
test_doubles(void)
{
	for (int i = 0; i < 200000; i++) {
		double v = i % 2 ? any_double() : ldexp((double)(roll(1u << 31) << 22 | roll(1 << 22)),
		    -(int)roll(70)), back = 0;
		char text[1200];
		size_t n = flp_number_print(text, v);

		CHECK(strlen(text) == n && parse(text, &back) == 0 && back == v, "%.17g as %s", v, text);
		snprintf(text, sizeof text, "%.16e", v);
		check_same(text);
		snprintf(text, sizeof text, "%.*f", (int)roll(20), fmod(v, 1e15));
		check_same(text);
		if (i % 100)
			continue;
		snprintf(text, sizeof text, "%.1100g", v);
		check_same(text);
	}
	for (uint64_t i = 0; i < 100000; i++) {
		uint64_t m = ((uint64_t)1 << 53 | roll(1u << 31) << 21 | roll(1 << 21)) << 1 | 1;
		char text[64];
		int n = snprintf(text, sizeof text, "%llu", (unsigned long long)m);

		check_same(text);
		snprintf(text + n, sizeof text - (size_t)n, i % 2 ? ".0" : "00");
		check_same(text);
	}
}

/* Thousands of digits: the exact middle of two doubles, with and without a digit far
 * after it, between zeros, with a point anywhere and an exponent. */
static void
test_long(void)
{
	char digits[1200], text[6000];

	for (int i = 0; i < 4000; i++) {
		double v = i % 2 ? fabs(any_double()) : ldexp(1 + (double)roll(1u << 31), -1074);
		long double next = (long double)nextafter(v, INFINITY);
		int point = (int)roll(1500), n;

		snprintf(digits, sizeof digits, "%.1100Le", v + (next - v) / 2);
		digits[1] = digits[0];
		digits[strcspn(digits, "e")] = '\0';
		n = snprintf(text, sizeof text, "%s%0*d.%0*d%s%0*d", roll(2) ? "-" : "", point + 1,
		    0, (int)roll(1500) + 1, 0, digits + 1, (int)roll(1500) + 1, (int)roll(2));
		check_same(text);
		snprintf(text + n, sizeof text - (size_t)n, "e%d", (int)roll(4000) - 2000);
		check_same(text);
		n = snprintf(text, sizeof text, "%s%0*d", digits + 1, point + 1, (int)roll(2));
		check_same(text);
		snprintf(text + n, sizeof text - (size_t)n, ".5e%d", -(int)roll(3000));
		check_same(text);
	}
	snprintf(text, sizeof text, "-0.%03000d", 0);
	check_same(text);
}

/* The shortest text by its definition. */
static void
shortest(char text[64], double v, int least, int most, int single)
{
	for (int digits = least; digits <= most; digits++) {
		snprintf(text, 64, "%.*g", digits, v);
		if (single ? strtof(text, NULL) == (float)v : strtod(text, NULL) == v)
			break;
	}
}

static void
check_print(double v, int single)
{
	char text[FLP_NUMBER_TEXT], expected[64];
	size_t n = single ? flp_number_print_f32(text, (float)v) : flp_number_print(text, v);
	int subnormal = fabs(v) < (single ? FLT_MIN : DBL_MIN);

	shortest(expected, v, subnormal ? 1 : single ? 6 : 15, single ? 9 : 17, single);
	CHECK(strcmp(text, expected) == 0 && n == strlen(text), "%.17g: expected %s, found %s", v,
	    expected, text);
}

static void
test_print(void)
{
	static const double some[] = { 0, -0.0, 1, -1, 9, 10, 99999, 999999, 1e6, 1000001, 16777216,
		999999.5, 0.1, 0.0001, 0.00009999, 1e-5, 9.9999995, 99.999995, 0.99999997, 123456.5,
		1e15, 999999999999999, 1e16, 3.4028235e38, 1e-45, 0.5, 0.00012207031 };

	for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
		check_print((double)(float)some[i], 1);
		check_print(some[i], 0);
	}
	for (int i = 0; i < 600000; i++) {
		double v = any_double();

		if (i % 3 == 0)
			v = (double)roll(1 << 24) / (double)(1 << roll(30));
		else if (i % 3 == 1)
			v = (double)roll(10000000) / pow(10, (double)roll(12));
		if (isfinite((float)v))
			check_print((double)(float)v, 1);
		if (i % 8 == 0)
			check_print(v, 0);
	}
}

static void
test_whole(void)
{
	uint64_t u;

	CHECK(flp_number_u64("18446744073709551615", 20, &u) == 0 && u == UINT64_MAX, "greatest");
	CHECK(flp_number_u64("18446744073709551616", 20, &u) < 0, "one more");
	CHECK(flp_number_u64("", 0, &u) < 0 && flp_number_u64("-1", 2, &u) < 0, "bad");
}

/* tests/plain.py holds it to Python's numbers; this is what it does not see. */
static void
test_plain(void)
{
	static const char *const good[] = { "+1.0", "1", "-0", "0", ".5e0", "0.5", "1e400", "1e400",
		"-00.0120", "-0.012", "1000e-2", "10", "+-1", "", "1,5", "", "", "", "1e", "" };
	char out[FLP_NUMBER_PLAIN + 30];

	for (size_t i = 0; i < sizeof good / sizeof *good; i += 2) {
		long n = flp_number_plain(out, FLP_NUMBER_PLAIN, good[i], strlen(good[i]));

		CHECK(n == (long)strlen(good[i + 1]) && memcmp(out, good[i + 1], (size_t)n) == 0,
		    "%s: %ld", good[i], n);
	}
	memset(out, 'x', sizeof out);
	CHECK(flp_number_plain(out, FLP_NUMBER_PLAIN - 1, "1", 1) == -1 && out[0] == 'x', "no room");
	CHECK(flp_number_plain(out, 44, "11111111111111111111111111111e400", 33) == -1 &&
	    out[0] == 'x', "no room for an exponent");
	CHECK(flp_number_plain(out, 60, "11111111111111111111111111111e400", 33) == 33, "room");
	CHECK(flp_number_plain(out, 60, "1e999999999999999999", 20) == 20, "the greatest");
	CHECK(flp_number_plain(out, 60, "1e1000000000000000000", 21) == -1, "one more");
	CHECK(flp_number_plain(out, 60, "1\0002", 3) == 0, "a NUL");
}

int
main(void)
{
	test_forms();
	test_every_byte();
	test_digits();
	test_doubles();
	test_long();
	test_print();
	test_whole();
	test_plain();
	return unit_done();
}
