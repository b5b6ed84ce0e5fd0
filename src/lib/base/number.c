#include "base/number.h"

#include <endian.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
flp_number_u64(const char *s, size_t n, uint64_t *out)
{
	uint64_t v = 0;

	if (n == 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		if (__builtin_mul_overflow(v, (uint64_t)10, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(s[i] - '0'), &v))
			return -1;
	}
	*out = v;
	return 0;
}

int
flp_number_i64(const char *s, size_t n, int64_t *out)
{
	int minus = n > 0 && s[0] == '-';
	uint64_t v;

	if (flp_number_u64(s + minus, n - minus, &v) < 0 ||
	    v > (uint64_t)INT64_MAX + minus)
		return -1;
	*out = minus ? (int64_t)(0 - v) : (int64_t)v;
	return 0;
}

/* The rare number that the fast path can't round exactly goes to strtod,
 * which has no length argument. */
static int
slow_f64(const char *s, size_t n, double *out)
{
	char small[64], *text = small, *end;
	double v;

	if (n >= sizeof small && (text = malloc(n + 1)) == NULL)
		return -1;
	memcpy(text, s, n);
	text[n] = '\0';
	v = strtod(text, &end);
	if (end == text + n && isfinite(v))
		*out = v;
	else
		end = NULL;
	if (text != small)
		free(text);
	return end ? 0 : -1;
}

/* m 10^scale, scale in -19..19, rounded once: an integer quotient or product of
 * 128 bits, cut to 53 bits by what is below them. */
static double
exact_f64(uint64_t m, int scale)
{
	uint64_t power = 1;
	unsigned __int128 v, low, half;
	int shift = 0, rest = 0, drop;

	for (int i = scale < 0 ? -scale : scale; i > 0; i--)
		power *= 10;
	if (scale < 0) {
		shift = 64 + __builtin_clzll(m);
		v = (unsigned __int128)m << shift;
		rest = v % power != 0;
		v /= power;
	} else {
		v = (unsigned __int128)m * power;
	}
	drop = v >> 64 ? 75 - __builtin_clzll((uint64_t)(v >> 64)) :
	    11 - __builtin_clzll((uint64_t)v);
	if (drop <= 0)
		return ldexp((double)(uint64_t)v, -shift);
	low = v & (((unsigned __int128)1 << drop) - 1);
	half = (unsigned __int128)1 << (drop - 1);
	v >>= drop;
	v += low > half || (low == half && (rest || (v & 1)));
	return ldexp((double)(uint64_t)v, drop - shift);
}

static const double ten[] = {
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

/* Decimal digits and a scale as a double. m 10^k is exact in double when
 * m < 2^53 and |k| <= 22, and one multiplication or division rounds it
 * correctly (Clinger 1990, "How to read floating point numbers accurately").
 * -1 where neither this nor 128 bits will do. */
static int
scaled_f64(uint64_t m, int scale, double *out)
{
	if (m < (uint64_t)1 << 53 && scale >= -22 && scale <= 22)
		*out = scale < 0 ? (double)m / ten[-scale] : (double)m * ten[scale];
	else if (scale >= -19 && scale <= 19)
		*out = exact_f64(m, scale);
	else
		return -1;
	return 0;
}

static uint64_t
load(const char *s, size_t n)
{
	uint64_t w = 0;

	memcpy(&w, s, n);
	return le64toh(w);
}

/* 1 to 8 bytes, the first in the lowest place, without a loop and without a
 * look beyond them: loads that overlap agree where they do. */
static inline uint64_t
load_short(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s;

	if (n == 8)
		return load(s, 8);
	if (n >= 4)
		return load(s, 4) | load(s + n - 4, 4) << 8 * (n - 4);
	return p[0] | (uint64_t)p[n / 2] << 8 * (n / 2) | (uint64_t)p[n - 1] << 8 * (n - 1);
}

#define EACH(byte) (0x0101010101010101u * (byte))

static inline int
is_eight(uint64_t w)
{
	return ((w & EACH(0xf0)) | ((w + EACH(6)) & EACH(0xf0)) >> 4) == EACH(0x33);
}

/* Eight digits: pairs, then fours, then all, each by one multiplication. */
static inline uint64_t
eight(uint64_t w)
{
	w = (w & EACH(0x0f)) * 2561 >> 8;
	w = (w & 0x00ff00ff00ff00ff) * 6553601 >> 16;
	return (w & 0x0000ffff0000ffff) * 42949672960001 >> 32;
}

/* The lowest byte of a word that is a point, as 8 times its place plus 7; 64
 * where there is none. */
static inline int
find_point(uint64_t w)
{
	uint64_t x = w ^ EACH('.');

	x = (x - EACH(1)) & ~x & EACH(0x80);
	return x ? __builtin_ctzll(x) : 64;
}

/* Text of nothing but digits and at most one point, which most numbers are, as
 * words: without the point, with zeros before the first digit. -1 for anything
 * else, which may yet be a number. 1 to 8 bytes: */
static inline int
short_f64(const char *s, int n, double *out)
{
	uint64_t v = load_short(s, (size_t)n), below;
	int point = find_point(v), places = 0;

	if (point < 64) {
		if (n == 1)
			return -1;
		below = ((uint64_t)1 << (point - 7)) - 1;
		v = (v & below) | (v >> 8 & ~below);
		places = --n - point / 8;
	}
	v = n == 8 ? v : v << 8 * (8 - n) | EACH('0') >> 8 * n;
	if (!is_eight(v))
		return -1;
	*out = (double)(int64_t)eight(v) / ten[places];
	return 0;
}

/* 9 to 16 bytes: */
static __attribute__((noinline)) int
middle_f64(const char *s, int n, double *out)
{
	uint64_t low = load(s, 8), high = load(s + n - 8, 8) >> 8 * (16 - n);
	unsigned __int128 v = (unsigned __int128)high << 64 | low, below;
	unsigned __int128 zeros = (unsigned __int128)EACH('0') << 64 | EACH('0');
	int point = find_point(low), scale = 0;

	if (point == 64)
		point += find_point(high);
	if (point < 128) {
		below = ((unsigned __int128)1 << (point - 7)) - 1;
		v = (v & below) | (v >> 8 & ~below);
		scale = point / 8 - --n;
	}
	v = n == 16 ? v : v << 8 * (16 - n) | zeros >> 8 * n;
	low = (uint64_t)v;
	high = (uint64_t)(v >> 64);
	if (!is_eight(low) || !is_eight(high))
		return -1;
	return scaled_f64(eight(low) * 100000000 + eight(high), scale, out);
}

static __attribute__((noinline)) int
long_f64(const char *s, size_t n, double *out)
{
	size_t i = 0, digits = 0, kept = 0;
	int scale = 0, point = 0;
	uint64_t m = 0;

	for (; i < n; i++) {
		unsigned d = (unsigned char)s[i] - (unsigned)'0';

		if (d <= 9) {
			uint64_t w;

			if (kept > 0 && kept <= 11 && n - i >= 8 && is_eight(w = load(s + i, 8))) {
				m = m * 100000000 + eight(w);
				digits += 8;
				kept += 8;
				scale -= 8 * point;
				i += 7;
				continue;
			}
			digits++;
			scale -= point;
			if (m != 0 || d != 0)
				kept++;
			if (kept <= 19)
				m = m * 10 + d;
		} else if (s[i] == '.' && !point) {
			point = 1;
		} else {
			break;
		}
	}
	if (digits == 0)
		return -1;
	if (i < n && (s[i] | 0x20) == 'e') {
		int sign = 1, power = 0;
		size_t from;

		i++;
		if (i < n && (s[i] == '-' || s[i] == '+'))
			sign = s[i++] == '-' ? -1 : 1;
		for (from = i; i < n && s[i] >= '0' && s[i] <= '9'; i++)
			power = power < 100000 ? power * 10 + (s[i] - '0') : power;
		if (i == from)
			return -1;
		scale += sign * power;
	}
	if (i != n)
		return -1;
	if (kept > 19 || scaled_f64(m, scale, out) < 0)
		return slow_f64(s, n, out);
	return 0;
}

int
flp_number_f64(const char *s, size_t n, double *out)
{
	static const double sign[] = { 1, -1 };
	int status = -1;
	size_t minus;
	double v = 0;

	if (n == 0)
		return -1;
	minus = s[0] == '-';
	s += minus;
	n -= minus;
	if (n - 1 < 8)
		status = short_f64(s, (int)n, &v);
	else if (n - 1 < 16)
		status = middle_f64(s, (int)n, &v);
	if (status < 0 && long_f64(s, n, &v) < 0)
		return -1;
	*out = v * sign[minus];
	return 0;
}

/* r / 10^places in decimal, without zeros at its end. */
static size_t
print_decimal(char *out, int minus, uint64_t r, int places)
{
	char digits[24];
	int n = 0;
	size_t at = 0;

	while (places > 0 && r % 10 == 0) {
		r /= 10;
		places--;
	}
	for (; r > 0 || n <= places; r /= 10)
		digits[n++] = (char)('0' + r % 10);
	if (minus)
		out[at++] = '-';
	while (n > 0) {
		if (n == places)
			out[at++] = '.';
		out[at++] = digits[--n];
	}
	out[at] = '\0';
	return at;
}

/* The loop of flp_number_print_f32 in integers, for 1e-4 <= v < 1e6, where %g
 * has no exponent and v 10^places is exact in double: 24 bits times 5^12. 0
 * where it can't tell. */
static size_t
quick_f32(char *out, int minus, double v)
{
	int places = 5;
	double r, back;
	uint64_t bits;

	for (double top = 10; v >= top; top *= 10)
		places--;
	for (double top = 1; v < top; top /= 10)
		places++;
	for (int digits = 6; digits <= 9; digits++, places++) {
		r = rint(v * ten[places]);
		back = r / ten[places];
		memcpy(&bits, &back, sizeof bits);
		/* Rounded to f32 it would be rounded twice, here perhaps wrongly. */
		if ((bits & 0x1fffffff) == 0x10000000)
			return 0;
		if ((float)back == (float)v)
			return print_decimal(out, minus, (uint64_t)r, places);
	}
	return 0;
}

/* %g drops trailing zeros, so the first precision that reads back is also
 * the shortest text; every decimal of 15 (or 6) digits reads back. */
size_t
flp_number_print(char out[FLP_NUMBER_TEXT], double v)
{
	int len = 0;

	if (fabs(v) < 1e15 && v == (double)(int64_t)v)
		return print_decimal(out, signbit(v) != 0, (uint64_t)fabs(v), 0);
	for (int digits = 15; digits <= 17; digits++) {
		len = snprintf(out, FLP_NUMBER_TEXT, "%.*g", digits, v);
		if (strtod(out, NULL) == v)
			break;
	}
	return (size_t)len;
}

size_t
flp_number_print_f32(char out[FLP_NUMBER_TEXT], float v)
{
	double a = fabs((double)v);
	size_t quick = 0;
	int len = 0;

	if (a < 1e6 && a == (double)(uint32_t)a)
		return print_decimal(out, signbit(v) != 0, (uint32_t)a, 0);
	if (a >= 1e-4 && a < 1e6)
		quick = quick_f32(out, signbit(v) != 0, a);
	if (quick > 0)
		return quick;
	for (int digits = 6; digits <= 9; digits++) {
		len = snprintf(out, FLP_NUMBER_TEXT, "%.*g", digits, (double)v);
		if (strtof(out, NULL) == v)
			break;
	}
	return (size_t)len;
}
