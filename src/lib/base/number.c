#include "base/number.h"

#include <float.h>
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

#define DIGITS ((size_t)800)

/* The rare number that the fast path can't round exactly goes to strtod, which has
 * no length argument. No more than 768 digits tell two doubles apart: of one that
 * has more than DIGITS it only matters whether the others are all zeros. */
static int
slow_f64(const char *s, size_t n, int scale, double *out)
{
	char text[DIGITS + 32];
	size_t kept = 0;
	int minus = *s == '-', rest = 0;
	double v;

	if (n < sizeof text) {
		memcpy(text, s, n);
		text[n] = '\0';
		minus = 0;
	} else {
		for (size_t i = (size_t)minus; i < n && (s[i] | 0x20) != 'e'; i++) {
			if (s[i] == '.' || (kept == 0 && s[i] == '0'))
				continue;
			if (kept < DIGITS) {
				text[kept++] = s[i];
				continue;
			}
			rest |= s[i] != '0';
			scale++;
		}
		snprintf(text + kept, sizeof text - kept, "%de%d", rest, scale - 1);
	}
	v = strtod(text, NULL);
	if (!isfinite(v))
		return -2;
	*out = minus ? -v : v;
	return 0;
}

/* m 10^scale, scale in -19..19, rounded once: an integer quotient or product of
 * 128 bits, cut to 53 bits by what is below them. The 17 digits that programs
 * print of a double come here; strtod takes five times as long. */
static double
exact_f64(uint64_t m, int scale)
{
	unsigned __int128 v, low, half;
	uint64_t power = 1;
	int shift = 0, rest = 0, drop;

	for (int i = scale < 0 ? -scale : scale; i > 0; i--)
		power *= 10;
	if (scale < 0) {
		unsigned __int128 all;

		shift = 64 + __builtin_clzll(m);
		all = (unsigned __int128)m << shift;
		v = all / power;
		rest = all != v * power;
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

/* A decimal of at most 19 digits m * 10^k is exact in double when m < 2^53
 * and |k| <= 22, and one multiplication or division rounds it correctly
 * (Clinger 1990, "How to read floating point numbers accurately"). */
int
flp_number_f64(const char *s, size_t n, double *out)
{
	static const double ten[] = {
		1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
		1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
	};
	size_t i = n > 0 && s[0] == '-', digits = 0, kept = 0;
	int minus = (int)i, scale = 0, point = 0;
	uint64_t m = 0;
	double v;

	for (; i < n; i++) {
		unsigned d = (unsigned char)s[i] - (unsigned)'0';

		if (d <= 9) {
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
			power = power < 100000000 ? power * 10 + (s[i] - '0') : power;
		if (i == from)
			return -1;
		scale += sign * power;
	}
	if (i != n)
		return -1;
	if (kept > 19 || scale < -22 || scale > 22)
		return slow_f64(s, n, scale, out);
	if (m >= (uint64_t)1 << 53 && (scale < -19 || scale > 19))
		return slow_f64(s, n, scale, out);
	if (m >= (uint64_t)1 << 53)
		v = exact_f64(m, scale);
	else
		v = scale < 0 ? (double)m / ten[-scale] : (double)m * ten[scale];
	*out = minus ? -v : v;
	return 0;
}

#define EXPONENT INT64_C(999999999999999999) /* the greatest of a plain number */
#define BEYOND INT64_C(4000000000000000000)

/* A number as it is written: digits, perhaps with a point among them, times 10^power. */
struct written {
	const char *s;     /* the first digit that is not 0; NULL if all are */
	size_t n;          /* bytes up to the last such digit, with a point between them */
	size_t digits;     /* among these bytes */
	int minus;
	int64_t power;     /* of the last digit */
};

/* Reads the digits before an exponent. Returns the place after them; 0 if digits are missing. */
static size_t
read_digits(const char *s, size_t n, struct written *w)
{
	size_t i = (size_t)w->minus, digits = 0, kept = 0, last = 0, after = 0;
	int point = 0;

	for (; i < n; i++) {
		if (s[i] == '.' && !point) {
			point = 1;
			continue;
		}
		if (s[i] < '0' || s[i] > '9')
			break;
		digits++;
		kept += w->s != NULL;
		w->power -= point;
		after++;
		if (s[i] == '0')
			continue;
		if (w->s == NULL) {
			w->s = s + i;
			kept = 1;
		}
		last = i;
		w->digits = kept;
		after = 0;
	}
	if (w->s != NULL)
		w->n = last + 1 - (size_t)(w->s - s);
	w->power += (int64_t)after; /* zeros at the end */
	return digits > 0 ? i : 0;
}

/* Reads all of s, which is without a plus sign. Returns 0, or -1 if it is not a number. A power of
 * BEYOND stays above EXPONENT however many digits there are. */
static int
read_written(const char *s, size_t n, struct written *w)
{
	int64_t power = 0;
	int minus = 0;
	size_t i, from;

	*w = (struct written){ .minus = n > 0 && s[0] == '-' };
	if ((i = read_digits(s, n, w)) == 0)
		return -1;
	if (i == n)
		return 0;
	if ((s[i++] | 0x20) != 'e')
		return -1;
	if (i < n && (s[i] == '-' || s[i] == '+'))
		minus = s[i++] == '-';
	for (from = i; i < n && s[i] >= '0' && s[i] <= '9'; i++)
		power = power <= BEYOND / 10 ? power * 10 + (s[i] - '0') : BEYOND;
	w->power += minus ? -power : power;
	return i == n && i > from ? 0 : -1;
}

/* Writes the digits with a point before the last `fraction` of them; without one if it is 0. */
static char *
put_digits(char *out, const struct written *w, size_t fraction)
{
	size_t left = w->digits;

	for (size_t i = 0; i < w->n; i++) {
		if (w->s[i] == '.')
			continue;
		if (left-- == fraction)
			*out++ = '.';
		*out++ = w->s[i];
	}
	return out;
}

static char *
put_zeros(char *out, size_t n)
{
	memset(out, '0', n);
	return out + n;
}

/* The length of the plain form; more than FLP_NUMBER_PLAIN if it has many zeros. */
static size_t
plain_length(const struct written *w)
{
	size_t zeros = w->power < -FLP_NUMBER_PLAIN || w->power > FLP_NUMBER_PLAIN ?
	    FLP_NUMBER_PLAIN : (size_t)(w->power < 0 ? -w->power : w->power);
	size_t n = (size_t)w->minus;

	if (w->power >= 0)
		return n + w->digits + zeros;
	return n + (w->digits > zeros ? w->digits + 1 : zeros + 2);
}

long
flp_number_plain(char *out, size_t room, const char *s, size_t n)
{
	size_t plus = n > 1 && s[0] == '+' && s[1] != '-';
	struct written w;
	char *to = out;
	int plain;

	if (n == 0 || read_written(s + plus, n - plus, &w) < 0)
		return 0;
	if (w.s == NULL)
		w = (struct written){ .s = "0", .n = 1, .digits = 1 };
	plain = plain_length(&w) <= FLP_NUMBER_PLAIN;
	if (w.power > EXPONENT || w.power < -EXPONENT ||
	    (plain ? FLP_NUMBER_PLAIN : w.digits + sizeof "-e-999999999999999999") > room)
		return -1;
	if (w.minus)
		*to++ = '-';
	if (!plain) {
		to = put_digits(to, &w, 0);
		to += sprintf(to, "e%lld", (long long)w.power);
	} else if (w.power >= 0) {
		to = put_zeros(put_digits(to, &w, 0), (size_t)w.power);
	} else if ((size_t)-w.power < w.digits) {
		to = put_digits(to, &w, (size_t)-w.power);
	} else {
		*to++ = '0';
		*to++ = '.';
		to = put_digits(put_zeros(to, (size_t)-w.power - w.digits), &w, 0);
	}
	return to - out;
}

/* %g drops trailing zeros, so the first precision that reads back is also
 * the shortest text. Every decimal of 15 digits (of 6 for f32) reads back,
 * but for subnormals, which have fewer. */
size_t
flp_number_print(char out[FLP_NUMBER_TEXT], double v)
{
	int len = 0;

	for (int digits = fabs(v) < DBL_MIN ? 1 : 15; digits <= 17; digits++) {
		len = snprintf(out, FLP_NUMBER_TEXT, "%.*g", digits, v);
		if (strtod(out, NULL) == v)
			break;
	}
	return (size_t)len;
}

size_t
flp_number_print_f32(char out[FLP_NUMBER_TEXT], float v)
{
	int len = 0;

	for (int digits = fabsf(v) < FLT_MIN ? 1 : 6; digits <= 9; digits++) {
		len = snprintf(out, FLP_NUMBER_TEXT, "%.*g", digits, (double)v);
		if (strtof(out, NULL) == v)
			break;
	}
	return (size_t)len;
}

double
flp_number_above(double v, int digits)
{
	char text[FLP_NUMBER_TEXT];
	double near;

	if (v == 0 || !isfinite(v))
		return v;
	snprintf(text, sizeof text, "%.*e", digits - 1, v);
	near = strtod(text, NULL);
	if (near >= v)
		return near;
	/* The next is a unit of the last digit above. */
	v += 0.6 * pow(10, atoi(strchr(text, 'e') + 1) - digits + 1);
	snprintf(text, sizeof text, "%.*e", digits - 1, v);
	return strtod(text, NULL);
}
