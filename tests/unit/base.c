/* base: text, numbers, element types, memory, input, output. */
#include "base/dtype.h"
#include "base/in.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/out.h"
#include "base/shown.h"
#include "base/text.h"
#include "base/unfinished.h"
#include "kernel/random.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct flp_random dice;

static double
random_f64(void)
{
	uint64_t bits = flp_random_u64(&dice);
	double v;

	memcpy(&v, &bits, sizeof v);
	return v;
}

/* A text, and what a function must find in it. */
struct found {
	const char *s;
	int want;
};

/* A name may have any letters and what spells them, but no other invisible characters or
 * that change the direction of others. */
static void
names(void)
{
	static const struct found c[] = {
		{ "", 1 }, { "a\tb", 0 }, { "\xff", 0 }, { "\xd8\x9b", 1 }, { "\xd8\x9c", 0 }, { "\xd8\x9d", 1 },
		{ "\xe2\x80\x8d", 1 }, { "\xe2\x80\x8e", 0 }, { "\xe2\x80\x8f", 0 }, { "\xe2\x80\x90", 1 },
		{ "\xe2\x80\xa9", 0 }, { "\xe2\x80\xaa", 0 }, { "\xe2\x80\xac", 0 }, { "\xe2\x80\xae", 0 },
		{ "\xe2\x80\xaf", 1 }, { "\xe2\x81\xa5", 0 }, { "\xe2\x81\xa6", 0 }, { "\xe2\x81\xa9", 0 },
		{ "\xe2\x81\xaa", 0 }, { "\xef\xbb\xbf", 0 }, { "a\xe2\x80\x8b", 0 },
		{ "a\xe2\x80\xae" "b", 0 }, { "\xd7\x90", 1 }, { "\xe3\x80\x8e", 1 },
	};

	for (size_t i = 0; i < sizeof c / sizeof c[0]; i++)
		CHECK(flp_shown_name(c[i].s, strlen(c[i].s)) == c[i].want, "%zu", i);
}

static void
text(void)
{
	static const struct found c[] = {
		{ "a", 1 }, { " ", 1 }, { "~", 1 }, { "\x7f", 0 }, { "\x1f", 0 }, { "\n", 0 },
		{ "\xc2\xa0", 2 }, { "\xc2\x9f", 0 }, { "\xc2\x80", 0 }, { "\xc3\xa9", 2 },
		{ "\xc1\xbf", 0 }, { "\xe0\xa0\x80", 3 }, { "\xe0\x9f\xbf", 0 }, { "\xed\x9f\xbf", 3 },
		{ "\xed\xa0\x80", 0 }, { "\xee\x80\x80", 3 }, { "\xef\xbf\xbf", 3 },
		{ "\xf0\x90\x80\x80", 4 }, { "\xf0\x8f\xbf\xbf", 0 }, { "\xf4\x8f\xbf\xbf", 4 },
		{ "\xf4\x90\x80\x80", 0 }, { "\xf5\x80\x80\x80", 0 }, { "\x80", 0 }, { "\xff", 0 },
		{ "\xc3", 0 }, { "\xe2\x82", 0 }, { "\xe2\x28\xa1", 0 }, { "\xf0\x9f\x90", 0 },
	};
	char out[16];

	for (size_t i = 0; i < sizeof c / sizeof c[0]; i++)
		CHECK(flp_text_step(c[i].s, strlen(c[i].s)) == (size_t)c[i].want, "case %zu", i);
	CHECK(flp_text_step("", 0) == 0, "nothing");
	CHECK(flp_text_printable("", 0), "nothing");
	CHECK(flp_text_printable("caf\xc3\xa9 x", 7), "good");
	CHECK(!flp_text_printable("caf\xc3\xa9 x", 4), "cut");
	CHECK(!flp_text_printable("a\0b", 3), "NUL");
	CHECK(strcmp(flp_text_end("caf\xc3\xa9", 5), "caf\xc3\xa9") == 0, "all");
	CHECK(strcmp(flp_text_end("caf\xc3\xa9", 2), "\xc3\xa9") == 0, "a character");
	CHECK(strcmp(flp_text_end("caf\xc3\xa9", 1), "") == 0, "half a character");
	CHECK(flp_text_escape(out, sizeof out, "a\033\xc3\xa9\xff", 5) == 11, "length");
	CHECK(strcmp(out, "a\\x1b\xc3\xa9\\xff") == 0, "%s", out);
	for (size_t cap = 1; cap < 12; cap++) {
		memset(out, '#', sizeof out);
		CHECK(flp_text_escape(out, cap, "a\033\xc3\xa9\xff", 5) == strlen(out), "cap %zu", cap);
		CHECK(strlen(out) < cap && out[cap] == '#', "cap %zu", cap);
	}
}

static void
shown(void)
{
	static const struct {
		const char *s, *shown;
		size_t file, terminal; /* columns */
	} c[] = {
		{ "", "", 0, 0 }, { "caf\u00e9 x", "caf\u00e9 x", 6, 6 },
		{ "\u540d\u524d", "\u540d\u524d", 2, 4 }, { "e\u0301", "e\u0301", 2, 1 },
		{ "a\u202eb", "a\\u{202E}b", 10, 10 }, { "\ufeff", "\\u{FEFF}", 8, 8 },
		{ "\u00ad", "\\u{00AD}", 8, 8 }, { "\U000e0041", "\\u{E0041}", 9, 9 },
		{ "\u200d", "\\u{200D}", 8, 8 }, { "\U0001f600", "\U0001f600", 1, 2 },
	};
	locale_t unicode = (locale_t)0;
	char out[64];
	size_t step;

	CHECK(flp_shown_widths("plain", &unicode) == 5 && unicode == (locale_t)0, "needs no locale");
	for (size_t i = 0; i < sizeof c / sizeof c[0]; i++) {
		size_t n = strlen(c[i].s), length = strlen(c[i].shown);

		CHECK(flp_shown_text(out, sizeof out, c[i].s, n) == length &&
		    strcmp(out, c[i].shown) == 0 && length <= 4 * n, "%zu: %s", i, out);
		CHECK(flp_shown_columns(c[i].s, 0) == c[i].file, "%zu", i);
		CHECK(flp_shown_columns(c[i].s, 1) == c[i].terminal, "%zu", i);
		CHECK(flp_shown_widths(c[i].s, &unicode) == c[i].terminal, "%zu", i);
		for (size_t cap = 1; cap <= length; cap++) {
			memset(out, '#', sizeof out);
			CHECK(flp_shown_text(out, cap, c[i].s, n) == strlen(out) && strlen(out) < cap &&
			    out[cap] == '#', "%zu: cap %zu", i, cap);
		}
	}
	freelocale(unicode);
	CHECK(flp_shown_text(out, sizeof out, "\033\xff", 2) == 8 && strcmp(out, "\\x1b\\xff") == 0,
	    "%s", out);
	CHECK(flp_shown_plain("\xff" "a\u200b", 5, &step) == 2 && step == 3, "hidden");
	CHECK(flp_shown_plain("\xff" "a\t", 3, &step) == 3 && step == 0, "not hidden");
	CHECK(flp_shown_hidden("a\u200d\u200e", 7, 0) == 0x200d, "any");
	CHECK(flp_shown_hidden("a\u200d\u200e", 7, 1) == 0x200e, "odd");
}

static void
whole_numbers(void)
{
	static const struct found c[] = {
		{ "0", 1 }, { "00", 1 }, { "18446744073709551615", 1 },
		{ "18446744073709551616", 0 }, { "99999999999999999999999", 0 },
		{ "9223372036854775807", 1 }, { "9223372036854775808", 1 },
		{ "-9223372036854775808", 0 }, { "-9223372036854775809", 0 }, { "-0", 0 },
		{ "", 0 }, { "-", 0 }, { "+1", 0 }, { " 1", 0 }, { "1 ", 0 }, { "0x1", 0 },
		{ "1e3", 0 }, { "1.", 0 }, { "--1", 0 }, { "1\n", 0 },
	};
	uint64_t u;

	for (size_t i = 0; i < sizeof c / sizeof c[0]; i++) {
		size_t n = strlen(c[i].s);

		CHECK((flp_number_u64(c[i].s, n, &u) == 0) == c[i].want, "\"%s\"", c[i].s);
		CHECK(!c[i].want || u == strtoull(c[i].s, NULL, 10), "\"%s\"", c[i].s);
	}
	CHECK(flp_number_u64("1\0002", 3, &u) < 0, "NUL");
	CHECK(flp_number_u64("123", 2, &u) == 0 && u == 12, "length");
}

/* Against strtod, which rounds correctly. */
static void
same_as_strtod(const char *s)
{
	double v = -7, expected = strtod(s, NULL);
	char *copy = malloc(strlen(s)); /* without a NUL after it */
	int taken;

	memcpy(copy, s, strlen(s));
	taken = flp_number_f64(copy, strlen(s), &v) == 0;
	CHECK(taken == (isfinite(expected) != 0), "\"%s\"", s);
	CHECK(!taken || memcmp(&v, &expected, sizeof v) == 0, "\"%s\": %.17g, %.17g", s, v, expected);
	free(copy);
}

static void
reals(void)
{
	static const char *const good[] = {
		"0", "-0", "0.0", "-0.0e5", "1", "-1.5", ".5", "-.5", "5.", "1e5", "1E5", "1e+5", "1e-5",
		"0.1", "0.3", "123456789012345678", "9007199254740993", "9007199254740992.9999999999",
		"1e22", "1e23", "1e-22", "1e-23", "9007199254740991e22", "4.9e-324", "2.4e-324",
		"2.5e-324", "1.7976931348623157e308", "1.7976931348623159e308", "1e309", "-1e400",
		"1e-400", "0e999999999", "1e999999999999", "1e-999999999999",
		"0.000000000000000000000000000000000000000000000000000000000000000000000001",
		"1000000000000000000000000000000000000000000000000000000000000000000000000000000",
		"2.2250738585072011e-308", "2.2250738585072014e-308", "0.500000000000000166533453693773481063544750213623046875",
		"3.518437208883201171875e13", "62.5364939768271845828", "8.10109172351e-10",
		"1.50000000000000011102230246251565404236316680908203125",
		"00000000000000000000000000000000000000000000000001.5", "1.00000000000000000000000000000",
		"0.00000000000000000000000000000000000000000000000000000000000000000000000000000000e9",
	};
	static const char *const bad[] = { "", "-", "+1", ".", "-.", "e5", "1e", "1e+", "1e-", "1.5.5",
		" 1", "1 ", "0x10", "nan", "inf", "-inf", "infinity", "1,5", "1e5.5", "--1", "1f", "1e5e5",
		"NA", "1_000", "\xc2\xb5", "1\n" };
	char s[80];
	double v;

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		same_as_strtod(good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		CHECK(flp_number_f64(bad[i], strlen(bad[i]), &v) < 0, "\"%s\"", bad[i]);
	CHECK(flp_number_f64("1\0", 2, &v) < 0, "NUL");
	for (int i = 0; i < 200000; i++) {
		unsigned long long m = flp_random_u64(&dice) >> flp_random_below(&dice, 64);
		int power = (int)flp_random_below(&dice, 60) - 30, dot = (int)flp_random_below(&dice, 20);

		if (i % 4 == 0)
			snprintf(s, sizeof s, "%llue%d", m, power * 11);
		else if (i % 4 == 1)
			snprintf(s, sizeof s, "-%llu.%llu", m >> 40, m & 0xffffff);
		else if (i % 4 == 2)
			snprintf(s, sizeof s, "%.*f", dot, (double)m * 1e-9);
		else
			snprintf(s, sizeof s, "%.*e", dot, random_f64());
		if (strpbrk(s, "in") == NULL)
			same_as_strtod(s);
	}
}

/* Every shorter precision reads back as another number. */
static void
shortest(double v, int single)
{
	char out[FLP_NUMBER_TEXT], shorter[40];
	size_t n = single ? flp_number_print_f32(out, (float)v) : flp_number_print(out, v), digits = 0;
	double back = single ? strtof(out, NULL) : strtod(out, NULL);

	CHECK(n == strlen(out) && n < sizeof out, "%s", out);
	CHECK(back == v && signbit(back) == signbit(v), "%s for %.17g", out, v);
	for (const char *p = out; *p != '\0' && *p != 'e'; p++)
		digits += *p >= '0' && *p <= '9' && (digits > 0 || *p != '0');
	if (digits < 2 || strchr(out, 'e') == NULL)
		return;
	snprintf(shorter, sizeof shorter, "%.*e", (int)digits - 2, v);
	CHECK((single ? (double)strtof(shorter, NULL) : strtod(shorter, NULL)) != v, "%s is shorter than %s",
	    shorter, out);
}

static void
printing(void)
{
	static const double some[] = { 0, -0.0, 1, -1, 0.1, 0.2, 0.3, 1e15, 1e16, 1e17, 1e21, 1e22, 1e23,
		123456789, 5e-324, 1.7976931348623157e308, 2.2250738585072014e-308, 1.0 / 3, 1e-5, 1e-4 };
	char out[FLP_NUMBER_TEXT];

	CHECK(flp_number_print(out, 0.1) == 3 && strcmp(out, "0.1") == 0, "%s", out);
	CHECK(flp_number_print_f32(out, 0.1f) == 3 && strcmp(out, "0.1") == 0, "%s", out);
	CHECK(flp_number_print(out, INFINITY) == 3 && strcmp(out, "inf") == 0, "%s", out);
	for (size_t i = 0; i < sizeof some / sizeof some[0]; i++) {
		shortest(some[i], 0);
		shortest((float)some[i], isfinite((float)some[i]) != 0);
	}
	for (int i = 0; i < 100000; i++) {
		double v = random_f64();

		if (isfinite(v))
			shortest(v, 0);
		if (isfinite((float)v))
			shortest((float)v, 1);
	}
}

/* A 16-bit float's value by its definition. */
static double
value_of(unsigned code, int fraction)
{
	int top = 15 - fraction, bias = (1 << (top - 1)) - 1;
	int exponent = code >> fraction & ((1 << top) - 1), f = code & ((1 << fraction) - 1);
	double v;

	if (exponent == (1 << top) - 1)
		v = f ? NAN : INFINITY;
	else if (exponent == 0)
		v = ldexp(f, 1 - bias - fraction);
	else
		v = ldexp(f + (1 << fraction), exponent - bias - fraction);
	return code & 0x8000 ? -v : v;
}

/* The nearest code, ties to even, found from the values of the neighbours. */
static unsigned
nearest(double x, int fraction)
{
	unsigned sign = signbit(x) ? 0x8000 : 0, low = 0, high = (0x7fff >> fraction) << fraction;
	double beyond = 2 * value_of(high - 1, fraction) - value_of(high - 2, fraction), a, b;

	x = fabs(x);
	while (high - low > 1) {
		unsigned middle = (low + high) / 2;

		if (value_of(middle, fraction) <= x)
			low = middle;
		else
			high = middle;
	}
	a = value_of(low, fraction);
	b = isinf(value_of(high, fraction)) ? beyond : value_of(high, fraction);
	if (x - a != b - x)
		return sign | (x - a < b - x ? low : high);
	return sign | (low % 2 ? high : low);
}

static void
halves(enum flp_dtype dtype, int fraction)
{
	uint16_t codes[65536], back[65536];
	double *v = malloc(sizeof *v * 65536);

	for (unsigned i = 0; i < 65536; i++)
		codes[i] = (uint16_t)i;
	flp_dtype_to_f64(codes, dtype, 65536, v);
	flp_dtype_from_f64(v, 65536, dtype, back);
	for (unsigned i = 0; i < 65536; i++) {
		double expected = value_of(i, fraction);
		size_t where;
		int finite = flp_dtype_finite(&codes[i], dtype, 1, &where);

		CHECK(isnan(expected) ? isnan(v[i]) : v[i] == expected && signbit(v[i]) == signbit(expected),
		    "code %04x: %.17g, %.17g", i, v[i], expected);
		CHECK(isnan(expected) ? isnan(value_of(back[i], fraction)) : back[i] == i, "code %04x: %04x", i, back[i]);
		CHECK(finite == (isfinite(expected) != 0), "code %04x", i);
	}
	/* Between and beyond: each middle of two neighbours, a step beside it. */
	for (unsigned i = 0; i < 0x7fffu >> fraction << fraction; i++) {
		double a = value_of(i, fraction), b = value_of(i + 1, fraction), m = isinf(b) ?
		    a + (a - value_of(i - 1, fraction)) / 2 : a + (b - a) / 2;
		double x[3] = { nextafter(m, 0), m, nextafter(m, INFINITY) };
		uint16_t got[3];

		flp_dtype_from_f64(x, 3, dtype, got);
		for (int k = 0; k < 3; k++)
			CHECK(got[k] == nearest(x[k], fraction), "%.17g: %04x, %04x", x[k], got[k], nearest(x[k], fraction));
	}
	for (int i = 0; i < 65536; i++)
		v[i] = i % 2 ? random_f64() : ldexp(random_f64(), -990 + i % 40);
	flp_dtype_from_f64(v, 65536, dtype, back);
	for (int i = 0; i < 65536; i++)
		CHECK(isnan(v[i]) ? isnan(value_of(back[i], fraction)) : back[i] == nearest(v[i], fraction),
		    "%.17g: %04x", v[i], back[i]);
	free(v);
}

static void
element_types(void)
{
	static const struct {
		enum flp_dtype dtype;
		const char *name;
		size_t size;
	} c[] = { { FLP_DTYPE_F64, "f64", 8 }, { FLP_DTYPE_F32, "f32", 4 }, { FLP_DTYPE_F16, "f16", 2 },
		{ FLP_DTYPE_BF16, "bf16", 2 }, { FLP_DTYPE_I8, "i8", 1 }, { FLP_DTYPE_I16, "i16", 2 }, { FLP_DTYPE_I32, "i32", 4 },
		{ FLP_DTYPE_I64, "i64", 8 }, { FLP_DTYPE_U8, "u8", 1 }, { FLP_DTYPE_U16, "u16", 2 }, { FLP_DTYPE_U32, "u32", 4 },
		{ FLP_DTYPE_U64, "u64", 8 }, { FLP_DTYPE_SUM_F64, "sum-f64", 16 }, { FLP_DTYPE_SUM_F32, "sum-f32", 16 },
		{ FLP_DTYPE_SUM_F16, "sum-f16", 16 }, { FLP_DTYPE_SUM_BF16, "sum-bf16", 16 } };
	size_t known = 0, where;

	for (size_t i = 0; i < sizeof c / sizeof c[0]; i++) {
		CHECK(strcmp(flp_dtype_name(c[i].dtype), c[i].name) == 0, "%s", c[i].name);
		CHECK(flp_dtype_size(c[i].dtype) == c[i].size, "%s", c[i].name);
		CHECK(flp_dtype_is_float(c[i].dtype) == (i < 4), "%s", c[i].name);
	}
	for (int code = 0; code < 300; code++)
		known += flp_dtype_size((enum flp_dtype)code) > 0;
	CHECK(known == sizeof c / sizeof c[0], "%zu known", known);
	CHECK(flp_dtype_finite("\xff\xff\xff\xff", FLP_DTYPE_I32, 1, &where), "integers");
	CHECK(flp_dtype_finite(NULL, FLP_DTYPE_F32, 0, &where), "nothing");
}

/* Values of every other dtype, at odd addresses, one by one. */
static void
widening(void)
{
	unsigned char raw[16 * 9 + 1];
	double out[9];

#define WIDENS(type, code, ...) do { \
	type in[] = { __VA_ARGS__ }; \
	size_t n = sizeof in / sizeof in[0]; \
	memcpy(raw + 1, in, sizeof in); \
	flp_dtype_to_f64(raw + 1, code, n, out); \
	for (size_t i = 0; i < n; i++) \
		CHECK(out[i] == (double)in[i], #code " %zu: %.17g", i, out[i]); \
} while (0)
	WIDENS(double, FLP_DTYPE_F64, 0, 1.5, -5e-324, 1e308);
	WIDENS(float, FLP_DTYPE_F32, 0, 0.1f, -1e-45f, 3e38f);
	WIDENS(int8_t, FLP_DTYPE_I8, 0, -1, INT8_MIN, INT8_MAX);
	WIDENS(int16_t, FLP_DTYPE_I16, 0, -1, INT16_MIN, INT16_MAX);
	WIDENS(int32_t, FLP_DTYPE_I32, 0, -1, INT32_MIN, INT32_MAX);
	WIDENS(int64_t, FLP_DTYPE_I64, 0, -1, INT64_MIN, INT64_MAX, (1ll << 53) + 1, (1ll << 53) + 3);
	WIDENS(uint8_t, FLP_DTYPE_U8, 0, 1, UINT8_MAX);
	WIDENS(uint16_t, FLP_DTYPE_U16, 0, 1, UINT16_MAX);
	WIDENS(uint32_t, FLP_DTYPE_U32, 0, 1, UINT32_MAX);
	WIDENS(uint64_t, FLP_DTYPE_U64, 0, 1, UINT64_MAX, (1ull << 63) + 1025, (1ull << 53) + 1);
	{
		__int128 in[] = { 0, 1, (__int128)3 << 63, -((__int128)1 << 126) * 2, (__int128)-1 };

		memcpy(raw + 1, in, sizeof in);
		flp_dtype_to_f64(raw + 1, FLP_DTYPE_SUM_F32, 5, out);
		CHECK(out[0] == 0 && out[1] == 0x1p-64 && out[2] == 1.5 && out[3] == -0x1p63 &&
		    out[4] == -0x1p-64, "sums");
	}
}

static void
to_single(void)
{
	double v[1000];
	float out[1000];

	for (int round = 0; round < 100; round++) {
		for (int i = 0; i < 1000; i++)
			v[i] = i % 2 ? random_f64() : ldexp(flp_random_unit(&dice), i % 300 - 150);
		flp_dtype_from_f64(v, 1000, FLP_DTYPE_F32, out);
		for (int i = 0; i < 1000; i++) {
			float expected = (float)v[i];

			CHECK(isnan(v[i]) ? isnan(out[i]) : memcmp(&expected, &out[i], 4) == 0, "%.17g", v[i]);
		}
	}
}

static void
finding_infinity(void)
{
	size_t n = 5000, where;
	float *v = calloc(n, sizeof *v);

	for (size_t at = 0; at < n; at += 1 + at / 3) {
		v[at] = at % 2 ? NAN : -INFINITY;
		v[n - 1] = INFINITY;
		where = n;
		CHECK(!flp_dtype_finite(v, FLP_DTYPE_F32, n, &where) && where == at, "%zu: %zu", at, where);
		v[at] = v[n - 1] = 0;
	}
	CHECK(flp_dtype_finite(v, FLP_DTYPE_F32, n, &where), "zeros");
	free(v);
}

static void
memory(void)
{
	struct flp_error e = { .text = "" };
	unsigned char *p = flp_memory_new(0, 8, &e);
	void *array = NULL;
	size_t cap = 0;
	char *s;

	CHECK(p != NULL && (uintptr_t)p % 64 == 0, "nothing");
	free(p);
	CHECK(flp_memory_new(SIZE_MAX / 2, 3, &e) == NULL && e.code == FLP_ERROR_SYSTEM, "overflow");
	CHECK(flp_memory_new(1, SIZE_MAX, &e) == NULL && e.code == FLP_ERROR_SYSTEM, "too much");
	CHECK(flp_memory_new(PTRDIFF_MAX, 1, &e) == NULL, "too much");
	p = flp_memory_new(1000, 1, &e);
	for (int i = 0; i < 1000; i++)
		CHECK(p[i] == 0, "byte %d", i);
	memset(p, 7, 1000);
	array = p;
	CHECK(flp_memory_resize(&array, 1000, 5000, &e) == 0, "%s", e.text);
	p = array;
	CHECK((uintptr_t)p % 64 == 0 && p[0] == 7 && p[999] == 7, "resized");
	CHECK(flp_memory_resize(&array, 5000, 1, &e) == 0 && *(unsigned char *)array == 7, "resized");
	free(array);
	array = NULL;
	for (size_t i = 0; i < 1000; i++) {
		CHECK(flp_memory_grow(&array, &cap, i + 1, sizeof(size_t), &e) == 0 && cap > i, "grow");
		((size_t *)array)[i] = i;
	}
	for (size_t i = 0; i < 1000; i++)
		CHECK(((size_t *)array)[i] == i, "%zu", i);
	CHECK(flp_memory_grow(&array, &cap, SIZE_MAX, 1, &e) < 0, "too much");
	CHECK(flp_memory_grow(&array, &cap, SIZE_MAX / 4, 8, &e) < 0, "overflow");
	CHECK(flp_memory_grow(&array, &cap, SIZE_MAX / 2 + 2, 1, &e) < 0, "doubling overflows");
	CHECK(((size_t *)array)[999] == 999, "still there");
	free(array);
	s = flp_memory_text("abc", 2, &e);
	CHECK(strcmp(s, "ab") == 0, "%s", s);
	free(s);
}

/* The part of a sentence that is shown to others. */
static int
shows(const struct flp_error *e, const char *text)
{
	char shown[sizeof e->text];

	flp_error_public(e, shown);
	CHECK(strcmp(shown, text) == 0, "%s, not: %s", shown, text);
	return strcmp(shown, text) == 0;
}

static void
hidden(void)
{
	char huge[2000];
	struct flp_error e;

	flp_error_bad(&e, "expected \"%s\", found \"%s\" (see x)", "a", "a");
	CHECK(shows(&e, "expected \"a\", found \"a\" (see x)"), "nothing hidden");
	CHECK(flp_error_hide(&e, "another text", "\"%s\"", "a") == -1, "hide");
	CHECK(shows(&e, "expected \"a\", found another text (see x)"), "the last");
	flp_error_at(&e, "row %d", 3);
	flp_error_in(&e, "t.csv");
	flp_error_add(&e, "more");
	CHECK(shows(&e, "t.csv: row 3: expected \"a\", found another text (see x); more"), "a place");
	CHECK(strcmp(e.text, "t.csv: row 3: expected \"a\", found \"a\" (see x); more") == 0, "%s", e.text);
	CHECK(flp_error_reveal(&e) == -1 && shows(&e, e.text), "revealed");

	flp_error_bad(&e, "as %s before, found %s", "one", "two");
	flp_error_hide(&e, "2", "%s", "two");
	flp_error_hide(&e, "1", "%s", "one");
	CHECK(shows(&e, "as 1 before, found 2"), "two values");
	flp_error_bad(&e, "none");
	CHECK(shows(&e, "none"), "a new sentence");

	/* If the sentence was cut inside the value, or does not have it, all of it is hidden. */
	memset(huge, 'x', sizeof huge - 1);
	huge[sizeof huge - 1] = '\0';
	flp_error_bad(&e, "found \"%s\"", huge);
	flp_error_hide(&e, "a text", "\"%s\"", huge);
	flp_error_at(&e, "row 3");
	CHECK(shows(&e, "row 3: a text"), "cut");
	flp_error_bad(&e, "found 7");
	flp_error_hide(&e, "a number", "%d", 8);
	CHECK(shows(&e, "a number"), "not there");
}

static void
errors(void)
{
	char path[PATH_MAX + 8], caf[] = "caf\xc3\xa9";
	struct flp_error e;

	CHECK(flp_error_bad(&e, "x: %d", 7) == -1 && e.code == FLP_ERROR_BAD, "code");
	CHECK(strcmp(e.text, "x: 7") == 0, "%s", e.text);
	CHECK(flp_error_at(&e, "row %d", 3) == -1 && strcmp(e.text, "row 3: x: 7") == 0, "%s", e.text);
	CHECK(flp_error_add(&e, "y") == -1 && strcmp(e.text, "row 3: x: 7; y") == 0, "%s", e.text);
	CHECK(flp_error_misuse(&e, "index %d", 9) == -1 && e.code == FLP_ERROR_SYSTEM &&
	    strcmp(e.text, "a program error: index 9") == 0, "%s", e.text);
	flp_error_usage(&e, "%s", caf);
	CHECK(e.code == FLP_ERROR_USAGE && strcmp(e.text, caf) == 0, "%s", e.text);
	errno = EIO;
	flp_error_system(&e, ENOSPC, "write");
	CHECK(e.code == FLP_ERROR_SYSTEM && strcmp(e.text, "write: No space left on device") == 0, "%s", e.text);
	CHECK(flp_error_in(&e, "g.flp") == -1 && flp_error_at(&e, "row 7") == -1 &&
	    strcmp(e.text, "g.flp: write: No space left on device") == 0, "%s", e.text);
	flp_error_system(&e, 0, "zlib");
	CHECK(strcmp(e.text, "zlib") == 0, "%s", e.text);
	flp_error_at(&e, "row 7");
	CHECK(strcmp(e.text, "row 7: zlib") == 0, "%s", e.text);
	/* Neither the reason nor the file's name is lost. */
	flp_error_system(&e, ENOSPC, "%0*d", 9000, 0);
	CHECK(strstr(e.text, "0: No space left on device") != NULL, "%s", e.text);
	for (size_t n = 1000; n < sizeof path; n++) {
		memset(path, 'd', n);
		strcpy(path + n - 6, "/g.flp");
		flp_error_bad(&e, "expected a record");
		flp_error_at(&e, "%s: record %d", path, 2);
		CHECK(strstr(e.text, n > 1014 ? "dd/g.flp: record 2: expected a record" : path) != NULL &&
		    strncmp(e.text, n > 1014 ? "...d" : "dddd", 4) == 0, "%zu: %s", n, e.text);
	}
	flp_error_bad(&e, "%0*d", 9000, 0);
	CHECK(strlen(e.text) < sizeof e.text, "%zu", strlen(e.text));
	for (int i = 0; i < 100; i++)
		flp_error_at(&e, "a/very/long/place/%d", i);
	CHECK(strlen(e.text) < sizeof e.text && strncmp(e.text, "a/very/long/place/99: ", 22) == 0, "%s", e.text);
	for (int i = 0; i < 1000; i++)
		flp_error_add(&e, "more");
	CHECK(strlen(e.text) < sizeof e.text && strlen(e.text) > sizeof e.text - 8 &&
	    strstr(e.text, "0; more; more") != NULL, "%zu", strlen(e.text));
}

static unsigned char
byte_at(uint64_t i)
{
	return (unsigned char)(i * 2654435761u >> 13);
}

/* An input of n known bytes: the rest of a file or a pipe. */
static void
source(struct flp_in *in, uint64_t n, int piped)
{
	struct flp_out out;
	struct flp_error e;
	int end[2];

	CHECK(flp_out_temporary(&out, &e) == 0, "%s", e.text);
	for (uint64_t i = 0; i < n; i++)
		CHECK(flp_out_write(&out, &(unsigned char){ byte_at(i) }, 1, &e) == 0, "%s", e.text);
	CHECK(flp_in_temporary(in, &out, &e) == 0, "%s", e.text);
	if (!piped)
		return;
	CHECK(pipe(end) == 0, "pipe");
	fcntl(end[1], F_SETPIPE_SZ, 1 << 20);
	for (uint64_t i = 0; i < n; i++)
		CHECK(write(end[1], &(unsigned char){ byte_at(i) }, 1) == 1, "write");
	close(end[1]);
	close(in->fd);
	in->fd = end[0];
	in->regular = 0;
}

/* Random reads, blocks, skips and seeks give the bytes at their place. */
static void
inputs(uint64_t n, int piped)
{
	static unsigned char block[300000];
	struct flp_error e = { .text = "" };
	const unsigned char *data;
	struct flp_in in;
	uint64_t at = 0, got64;
	size_t got, k;

	source(&in, n, piped);
	for (int i = 0; i < 200 && at <= n; i++) {
		uint64_t want = flp_random_below(&dice, i % 3 ? 300 : sizeof block), most = n - at;

		switch (flp_random_below(&dice, piped ? 3 : 4)) {
		case 0:
			CHECK(flp_in_read(&in, block, want, &got, &e) == 0, "%s", e.text);
			CHECK(got == (want < most ? want : most), "%zu", got);
			for (k = 0; k < got; k++)
				CHECK(block[k] == byte_at(at + k), "byte %llu", (unsigned long long)(at + k));
			at += got;
			break;
		case 1:
			CHECK(flp_in_skip(&in, want, &got64, &e) == 0, "%s", e.text);
			CHECK(got64 == (want < most ? want : most), "%llu", (unsigned long long)got64);
			at += got64;
			break;
		case 2:
			CHECK(flp_in_buffered(&in, &data, &got, &e) == 0, "%s", e.text);
			CHECK((got == 0) == (most == 0), "%zu at %llu of %llu", got, (unsigned long long)at, (unsigned long long)n);
			for (k = 0; k < got; k++)
				CHECK(data[k] == byte_at(at + k), "byte %llu", (unsigned long long)(at + k));
			at += got;
			break;
		case 3:
			at = flp_random_below(&dice, n + 1);
			CHECK(flp_in_seek(&in, at, &e) == 0, "%s", e.text);
			break;
		}
		CHECK(flp_random_below(&dice, 3) || flp_in_ended(&in, &e) == (at == n), "%llu of %llu",
		    (unsigned long long)at, (unsigned long long)n);
		CHECK(in.offset == at, "%llu, %llu", (unsigned long long)in.offset, (unsigned long long)at);
	}
	flp_in_close(&in);
	flp_in_close(&in);
}

static void
spooling(void)
{
	struct flp_error e = { .text = "" };
	unsigned char block[100];
	struct flp_in in;
	uint64_t n = 200000, got64;
	size_t got;

	source(&in, n, 1);
	CHECK(flp_in_read(&in, block, 100, &got, &e) == 0 && got == 100, "%s", e.text);
	CHECK(flp_in_spool(&in, &e) == 0 && in.regular, "%s", e.text);
	CHECK(in.offset == 0, "%llu", (unsigned long long)in.offset);
	for (int pass = 0; pass < 2; pass++) {
		CHECK(flp_in_read(&in, block, 100, &got, &e) == 0 && got == 100, "%s", e.text);
		CHECK(block[0] == byte_at(100) && block[99] == byte_at(199), "pass %d", pass);
		CHECK(flp_in_seek(&in, 0, &e) == 0, "%s", e.text);
	}
	CHECK(flp_in_spool(&in, &e) == 0, "again does nothing");
	CHECK(flp_in_skip(&in, n, &got64, &e) == 0 && got64 == n - 100, "%llu left", (unsigned long long)got64);
	flp_in_close(&in);
}

static void
opening(const char *folder)
{
	struct flp_error e;
	struct flp_in in;
	char path[200];
	int fd, keep = dup(STDIN_FILENO);
	uint64_t got64;
	size_t got;
	char c;

	snprintf(path, sizeof path, "%s/none", folder);
	CHECK(flp_in_open(&in, path, &e) < 0 && e.code == FLP_ERROR_SYSTEM, "a file that is not there");
	CHECK(flp_in_open(&in, folder, &e) < 0 && e.code == FLP_ERROR_SYSTEM, "a folder");
	CHECK(strstr(e.text, "Is a directory") != NULL, "%s", e.text);
	/* Standard input in the middle of a file begins there. */
	snprintf(path, sizeof path, "%s/letters", folder);
	fd = open(path, O_RDWR | O_CREAT, 0600);
	CHECK(write(fd, "abcdef", 6) == 6, "write");
	lseek(fd, 2, SEEK_SET);
	dup2(fd, STDIN_FILENO);
	close(fd);
	CHECK(flp_in_open(&in, "-", &e) == 0, "%s", e.text);
	CHECK(flp_in_skip(&in, 6, &got64, &e) == 0 && got64 == 4, "%llu left", (unsigned long long)got64);
	CHECK(flp_in_seek(&in, 0, &e) == 0, "%s", e.text);
	for (int pass = 0; pass < 2; pass++) {
		CHECK(flp_in_read(&in, &c, 1, &got, &e) == 0 && got == 1 && c == 'c', "%c", c);
		CHECK(flp_in_seek(&in, 0, &e) == 0, "%s", e.text);
	}
	flp_in_close(&in);
	dup2(keep, STDIN_FILENO);
	close(keep);
	unlink(path);
}

static int
holds(const char *path, const char *expected)
{
	char got[64];
	ssize_t n;
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		return expected == NULL;
	n = read(fd, got, sizeof got);
	close(fd);
	return expected != NULL && n == (ssize_t)strlen(expected) && memcmp(got, expected, (size_t)n) == 0;
}

/* A file under its final name is whole, or still the old one. */
static void
outputs(const char *folder)
{
	struct flp_error e = { .text = "" };
	struct flp_out out;
	struct stat st;
	char path[200], other[200];
	mode_t mask = umask(027);

	snprintf(path, sizeof path, "%s/file", folder);
	CHECK(flp_out_create(&out, path, &e) == 0, "%s", e.text);
	CHECK(flp_out_write(&out, "one", 3, &e) == 0 && flp_out_flush(&out, &e) == 0, "%s", e.text);
	CHECK(holds(path, NULL), "before the commit");
	CHECK(flp_out_commit(&out, 1, &e) == 0, "%s", e.text);
	flp_out_discard(&out);
	CHECK(holds(path, "one"), "after the commit");
	CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0640, "mode %o", st.st_mode & 0777);
	umask(mask);
	CHECK(flp_out_create(&out, path, &e) == 0, "%s", e.text);
	CHECK(flp_out_write(&out, "two", 3, &e) == 0 && flp_out_flush(&out, &e) == 0, "%s", e.text);
	CHECK(holds(path, "one"), "before the commit");
	flp_out_discard(&out);
	flp_out_discard(&out);
	CHECK(holds(path, "one"), "after a discard");
	CHECK(flp_out_create(&out, path, &e) == 0, "%s", e.text);
	CHECK(flp_out_write(&out, "three", 5, &e) == 0, "%s", e.text);
	CHECK(flp_out_commit(&out, 0, &e) == 0 && holds(path, "three"), "%s", e.text);
	snprintf(other, sizeof other, "%s/none/file", folder);
	CHECK(flp_out_create(&out, other, &e) < 0 && e.code == FLP_ERROR_SYSTEM, "no such folder");
	flp_out_discard(&out);
	snprintf(other, sizeof other, "%s/folder", folder);
	CHECK(mkdir(other, 0700) == 0, "mkdir");
	CHECK(flp_out_create(&out, other, &e) < 0 && e.code == FLP_ERROR_USAGE, "a folder in the way");
	flp_out_discard(&out);
	CHECK(rmdir(other) == 0, "rmdir");
	CHECK(unlink(path) == 0, "unlink");
	CHECK(rmdir(folder) == 0, "traces are left in %s", folder);
}

/* In a process of its own: makes a folder and files a to e in it. b and d are finished, c is
 * discarded, and the others are unfinished when all that is unfinished is removed. */
static void
make_some(const char *folder)
{
	struct flp_error e = { .text = "" };
	struct flp_unfinished *made, *again;
	struct flp_out out[5];
	char path[200];
	int status = flp_unfinished_folder(&made, folder, &e);

	if (status == 0)
		status = flp_unfinished_folder(&again, folder, &e);
	if (status < 0 || made == NULL || again != NULL)
		_exit(1);
	for (size_t i = 0; i < 5; i++) {
		snprintf(path, sizeof path, "%s/%c", folder, (char)('a' + i));
		if (flp_out_create(&out[i], path, &e) < 0 || flp_out_write(&out[i], "x", 1, &e) < 0 ||
		    flp_out_close(&out[i], 0, &e) < 0)
			_exit(2);
	}
	if (flp_out_commit(&out[3], 0, &e) < 0 || flp_out_commit(&out[1], 1, &e) < 0)
		_exit(3);
	flp_out_discard(&out[2]);
	flp_unfinished_remove_all();
	_exit(0);
}

static void
unfinished(void)
{
	static const char *const gone[] = { "a", "c", "e" };
	char above[] = "/tmp/fl-unit-XXXXXX", folder[100], path[200];
	int status;

	CHECK(mkdtemp(above) != NULL, "%s", above);
	snprintf(folder, sizeof folder, "%s/folder", above);
	if (fork() == 0)
		make_some(folder);
	CHECK(wait(&status) > 0 && status == 0, "status %x", (unsigned)status);
	for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, gone[i]);
		CHECK(access(path, F_OK) < 0, "%s is left", path);
	}
	for (const char *name = "bd"; *name != '\0'; name++) {
		snprintf(path, sizeof path, "%s/%c", folder, *name);
		CHECK(holds(path, "x") && unlink(path) == 0, "%s", path);
	}
	CHECK(rmdir(folder) == 0 && rmdir(above) == 0, "traces are left in %s", folder);
}

static void
full_disk(void)
{
	static unsigned char block[300000];
	struct flp_error e = { .text = "" };
	struct flp_out out;

	for (size_t n = 1; n <= sizeof block; n *= 20) {
		CHECK(flp_out_temporary(&out, &e) == 0, "%s", e.text);
		close(out.fd);
		out.fd = open("/dev/full", O_WRONLY);
		CHECK(flp_out_write(&out, block, n, &e) < 0 || flp_out_commit(&out, 0, &e) < 0, "%zu bytes", n);
		CHECK(e.code == FLP_ERROR_SYSTEM && strstr(e.text, "No space left") != NULL, "%s", e.text);
		flp_out_discard(&out);
	}
}

/* A cut in what is buffered, in what is on the disk, and where nothing was written. */
static void
cutting(void)
{
	static unsigned char block[300000];
	static const uint64_t cuts[] = { 299999, 150000, 3, 0 };
	struct flp_error e = { .text = "" };
	struct flp_out out;
	struct stat st;

	CHECK(flp_out_temporary(&out, &e) == 0 && flp_out_write(&out, block, sizeof block, &e) == 0,
	    "%s", e.text);
	for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
		CHECK(flp_out_cut(&out, cuts[i] + 300001, &e) < 0 && e.code == FLP_ERROR_SYSTEM &&
		    strstr(e.text, "a cut at byte") != NULL, "%s", e.text);
		CHECK(flp_out_cut(&out, cuts[i], &e) == 0 && flp_out_write(&out, "x", 1, &e) == 0 &&
		    flp_out_flush(&out, &e) == 0, "%s", e.text);
		CHECK(fstat(out.fd, &st) == 0 && (uint64_t)st.st_size == cuts[i] + 1, "%llu bytes",
		    (unsigned long long)st.st_size);
	}
	flp_out_discard(&out);
}

/* What is still in the buffer is forgotten, and what was written before it stays. */
static void
forgetting(void)
{
	static unsigned char block[200000];
	struct flp_error e = { .text = "" };
	struct flp_out out;
	struct stat st;

	CHECK(flp_out_temporary(&out, &e) == 0 && flp_out_write(&out, "abc", 3, &e) == 0, "%s", e.text);
	CHECK(!flp_out_forget(&out, 4) && flp_out_forget(&out, 3) && flp_out_forget(&out, 1), "forget");
	CHECK(flp_out_flush(&out, &e) == 0 && fstat(out.fd, &st) == 0 && st.st_size == 1, "flush");
	CHECK(flp_out_forget(&out, 1) && !flp_out_forget(&out, 0), "forget");
	CHECK(flp_out_write(&out, block, sizeof block, &e) == 0 && !flp_out_forget(&out, 1), "%s",
	    e.text);
	CHECK(out.offset == 1 + sizeof block, "%llu", (unsigned long long)out.offset);
	flp_out_discard(&out);
}

int
main(void)
{
	char folder[] = "/tmp/fl-unit-XXXXXX";

	flp_random_init(&dice, 2, 0, 0, FLP_PURPOSE_SPLIT);
	text();
	names();
	shown();
	whole_numbers();
	reals();
	printing();
	element_types();
	halves(FLP_DTYPE_F16, 10);
	halves(FLP_DTYPE_BF16, 7);
	widening();
	to_single();
	finding_infinity();
	memory();
	errors();
	hidden();
	for (int piped = 0; piped < 2; piped++) {
		inputs(0, piped);
		inputs(1, piped);
		inputs(4096, piped);
		inputs(128 << 10, piped);
		inputs(500000, piped);
	}
	spooling();
	CHECK(mkdtemp(folder) != NULL, "%s", folder);
	opening(folder);
	outputs(folder);
	unfinished();
	full_disk();
	cutting();
	forgetting();
	return unit_done();
}
