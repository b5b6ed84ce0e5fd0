#include "kernel/exact.h"
#include "base/bits.h"
#include "base/memory.h"
#include "base/simd.h"
#include "kernel/quotient.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#ifdef __FAST_MATH__
#error "exact sums need the arithmetic of IEEE 754: build without -ffast-math"
#endif

/* 1.5 * 2^52 in unit 2^-32 and in unit 2^-64. Adding it to a number rounds that to a multiple
 * of the unit, which is then in the low bits of the double, if it is at most 2^51 in magnitude. */
#define HIGH 0x1.8p20
#define LOW 0x1.8p-12

/* Sums stay within this while they are in two words, far enough from int64's
 * end that a carry between the words fits too. */
#define LIMIT ((uint64_t)1 << 62)

#define BLOCK 256 /* elements of a mean that are rounded together */

/* Sum i is high[i] * 2^32 + low[i] + large[i] in unit 2^-64. */
struct segment {
	uint64_t high, low; /* bounds on the magnitude of any high[i], low[i] */
	struct flp_i192 *large;  /* NULL while all are zero */
};

struct flp_exact {
	size_t n;
	uint64_t first;
	int64_t *high, *low;
	struct segment *segments;
};

static size_t
segments(size_t n)
{
	return n / FLP_EXACT_SEGMENT + (n % FLP_EXACT_SEGMENT != 0);
}

struct flp_exact *
flp_exact_new(size_t n, struct flp_error *e)
{
	struct flp_exact *sums = flp_memory_new(1, sizeof *sums, e);

	if (sums == NULL)
		return NULL;
	sums->n = n;
	if ((sums->high = flp_memory_new(n, sizeof *sums->high, e)) == NULL ||
	    (sums->low = flp_memory_new(n, sizeof *sums->low, e)) == NULL ||
	    (sums->segments = flp_memory_new(segments(n), sizeof *sums->segments, e)) == NULL) {
		flp_exact_free(sums);
		return NULL;
	}
	return sums;
}

void
flp_exact_free(struct flp_exact *sums)
{
	if (sums == NULL)
		return;
	for (size_t i = 0; sums->segments != NULL && i < segments(sums->n); i++)
		free(sums->segments[i].large);
	free(sums->segments);
	free(sums->high);
	free(sums->low);
	free(sums);
}

void
flp_exact_reset(struct flp_exact *sums, uint64_t first)
{
	sums->first = first;
	memset(sums->high, 0, sums->n * sizeof *sums->high);
	memset(sums->low, 0, sums->n * sizeof *sums->low);
	for (size_t i = 0; i < segments(sums->n); i++) {
		free(sums->segments[i].large);
		memset(&sums->segments[i], 0, sizeof sums->segments[i]);
	}
}

/* How many of the n elements from `at` on are in the segment of `at`. */
static size_t
within(size_t at, size_t n)
{
	size_t left = FLP_EXACT_SEGMENT - at % FLP_EXACT_SEGMENT;

	return n < left ? n : left;
}

static unsigned long long
name(const struct flp_exact *sums, size_t i)
{
	return (unsigned long long)(sums->first + i);
}

static void
add_i192(struct flp_i192 *sum, __int128 value)
{
	unsigned __int128 old = sum->low;

	sum->low += (unsigned __int128)value;
	sum->high += (int64_t)(value >> 127) + (sum->low < old);
}

/* Makes sure that the segment's sums have their part of 192 bits. */
static int
make_large(struct flp_exact *sums, size_t at, struct flp_error *e)
{
	struct segment *c = &sums->segments[at / FLP_EXACT_SEGMENT];
	size_t from = at - at % FLP_EXACT_SEGMENT;

	if (c->large == NULL)
		c->large = flp_memory_new(within(from, sums->n - from), sizeof *c->large, e);
	return c->large == NULL ? -1 : 0;
}

/* Makes room in the two words of the sums of the segment of `at` for terms of
 * these magnitudes, each at most LIMIT. */
static int
make_room(struct flp_exact *sums, size_t at, uint64_t high, uint64_t low,
    struct flp_error *e)
{
	struct segment *c = &sums->segments[at / FLP_EXACT_SEGMENT];
	size_t from = at - at % FLP_EXACT_SEGMENT, n = within(from, sums->n - from);
	int64_t *h = sums->high + from, *l = sums->low + from;

	if (c->high + high > LIMIT || c->low + low > LIMIT) {
		if (make_large(sums, at, e) < 0)
			return -1;
		for (size_t i = 0; i < n; i++) {
			add_i192(&c->large[i], h[i] * ((__int128)1 << 32) + l[i]);
			h[i] = l[i] = 0;
		}
		c->high = c->low = 0;
	}
	c->high += high;
	c->low += low;
	return 0;
}

/* The greatest magnitude among n values, as the greatest of their bits, so a
 * NaN counts as more than infinity. */
FLP_SIMD static double
greatest_f32(const unsigned char *values, size_t n)
{
	int32_t most = 0;
	float x;

	for (size_t i = 0; i < n; i++) {
		int32_t u;

		memcpy(&u, values + i * sizeof u, sizeof u);
		u &= INT32_MAX;
		most = u > most ? u : most;
	}
	memcpy(&x, &most, sizeof x);
	return x;
}

FLP_SIMD static double
greatest_f64(const unsigned char *values, size_t n)
{
	int64_t most = 0;

	for (size_t i = 0; i < n; i++) {
		int64_t u;

		memcpy(&u, values + i * sizeof u, sizeof u);
		u &= INT64_MAX;
		most = u > most ? u : most;
	}
	return flp_bits_to_f64(most);
}

/* high[i] += w * (x in unit 2^-32, rounded), low[i] += w * (the rest in unit
 * 2^-64, rounded), for |w x| <= 2^19 and w <= 2^20: all in double is exact but
 * for the last rounding of the rest, which is the one to the grid. */
#define ADD_LIGHT(type) do { \
	for (size_t i = 0; i < n; i++) { \
		type x; \
		double h, l; \
		memcpy(&x, values + i * sizeof x, sizeof x); \
		h = (x + HIGH) - HIGH; \
		l = ((x - h) + LOW) - LOW; \
		high[i] += flp_bits_f64(h * w + HIGH) - flp_bits_f64(HIGH); \
		low[i] += flp_bits_f64(l * w + LOW) - flp_bits_f64(LOW); \
	} \
} while (0)

FLP_SIMD static void
add_light_f32(int64_t *restrict high, int64_t *restrict low,
    const unsigned char *restrict values, size_t n, double w)
{
	ADD_LIGHT(float);
}

FLP_SIMD static void
add_light_f64(int64_t *restrict high, int64_t *restrict low,
    const unsigned char *restrict values, size_t n, double w)
{
	ADD_LIGHT(double);
}

/* The same for |x| <= 2^19, |w x| <= 2^30 and w <= 2^30. */
FLP_SIMD static void
add_heavy(int64_t *restrict high, int64_t *restrict low,
    const unsigned char *restrict values, size_t n, int64_t w)
{
	for (size_t i = 0; i < n; i++) {
		double x, h;

		memcpy(&x, values + i * sizeof x, sizeof x);
		h = x + HIGH;
		high[i] += (flp_bits_f64(h) - flp_bits_f64(HIGH)) * w;
		low[i] += (flp_bits_f64(x - (h - HIGH) + LOW) - flp_bits_f64(LOW)) * w;
	}
}

/* round(2^64 |x|), for |x| < 2^63. */
static unsigned __int128
grid(double x)
{
	int64_t u = flp_bits_f64(x) & INT64_MAX;
	int shift = (int)(u >> 52) - 1023 - 52 + 64;
	uint64_t m = ((uint64_t)u & (((uint64_t)1 << 52) - 1)) | (uint64_t)1 << 52;
	uint64_t whole, rest, half;

	if (shift >= 0)
		return (unsigned __int128)m << shift;
	if (shift < -53)
		return 0;
	whole = m >> -shift;
	rest = m - (whole << -shift);
	half = (uint64_t)1 << (-shift - 1);
	return whole + (rest > half || (rest == half && (whole & 1)));
}

/* Sets *product to grid(x) * w. Returns -1 if it does not fit. */
static int
grid_times(double x, uint64_t w, __int128 *product)
{
	unsigned __int128 g = grid(x), low, high, most = ~(unsigned __int128)0 >> 1;

	low = (unsigned __int128)(uint64_t)g * w;
	high = (g >> 64) * w + (low >> 64);
	low = high << 64 | (uint64_t)low;
	if (high >> 64 != 0 || low > most + (x < 0))
		return -1;
	*product = (__int128)(x < 0 ? -low : low);
	return 0;
}

static int
refuse(const struct flp_exact *sums, size_t i, double x, uint64_t weight,
    struct flp_error *e)
{
	unsigned long long at = name(sums, i);

	if (!isfinite(x))
		return flp_error_bad(e, "value %llu: %s is not a finite number", at,
		    isnan(x) ? "nan" : x > 0 ? "inf" : "-inf");
	if (fabs(x) >= 0x1p63)
		return flp_error_bad(e, "value %llu: %g does not fit the grid: "
		    "|x| must stay below 2^63 = 9.2e18", at, x);
	return flp_error_bad(e, "value %llu: %g times its weight %llu does not fit "
	    "the grid: |w x| must stay below 2^63 = 9.2e18", at, x,
	    (unsigned long long)weight);
}

/* Any doubles and any weight, one by one; all within one segment. */
static int
add_each(struct flp_exact *sums, size_t at, const unsigned char *values, size_t n,
    uint64_t weight, struct flp_error *e)
{
	struct flp_i192 *large;

	if (make_large(sums, at, e) < 0)
		return -1;
	large = sums->segments[at / FLP_EXACT_SEGMENT].large + at % FLP_EXACT_SEGMENT;
	for (size_t i = 0; i < n; i++) {
		__int128 product;
		double x;

		memcpy(&x, values + i * sizeof x, sizeof x);
		if (!(fabs(x) < 0x1p63) || grid_times(x, weight, &product) < 0)
			return refuse(sums, at + i, x, weight, e);
		add_i192(&large[i], product);
	}
	return 0;
}

/* n values of a float dtype, all within one segment, by the fastest way that is
 * exact for the greatest of them. */
static int
add_segment(struct flp_exact *sums, size_t at, const void *values, enum flp_dtype dtype,
    size_t n, uint64_t weight, struct flp_error *e)
{
	int64_t *h = sums->high + at, *l = sums->low + at;
	double doubles[FLP_EXACT_SEGMENT], greatest;
	uint64_t most;
	int fits, light;

	if (dtype == FLP_DTYPE_F16 || dtype == FLP_DTYPE_BF16) {
		flp_dtype_to_f64(values, dtype, n, doubles);
		values = doubles;
		dtype = FLP_DTYPE_F64;
	}
	greatest = dtype == FLP_DTYPE_F32 ? greatest_f32(values, n) : greatest_f64(values, n);
	fits = greatest <= 0x1p19 && weight <= (uint64_t)1 << 30 &&
	    !__builtin_mul_overflow((uint64_t)(((greatest + HIGH) - HIGH) * 0x1p32),
	    weight, &most) && most <= LIMIT;
	light = fits && most <= (uint64_t)1 << 51 && weight <= (uint64_t)1 << 20;
	if (!light && dtype == FLP_DTYPE_F32) {
		flp_dtype_to_f64(values, dtype, n, doubles);
		values = doubles;
	}
	if (!fits)
		return add_each(sums, at, values, n, weight, e);
	if (make_room(sums, at, most, weight << 31, e) < 0)
		return -1;
	if (!light)
		add_heavy(h, l, values, n, (int64_t)weight);
	else if (dtype == FLP_DTYPE_F32)
		add_light_f32(h, l, values, n, (double)weight);
	else
		add_light_f64(h, l, values, n, (double)weight);
	return 0;
}

static int
check_float(enum flp_dtype dtype, struct flp_error *e)
{
	const char *found = flp_dtype_name(dtype);

	if (flp_dtype_is_float(dtype))
		return 0;
	return flp_error_misuse(e, "dtype %s: expected f64, f32, f16 or bf16",
	    found ? found : "unknown");
}

static int
check_add(enum flp_dtype dtype, uint64_t weight, struct flp_error *e)
{
	if (weight < 1 || weight > FLP_EXACT_WEIGHT)
		return flp_error_misuse(e, "weight %llu: expected 1 to 2^53",
		    (unsigned long long)weight);
	return check_float(dtype, e);
}

int
flp_exact_add(struct flp_exact *sums, size_t at, const void *values, enum flp_dtype dtype,
    size_t n, uint64_t weight, struct flp_error *e)
{
	const unsigned char *p = values;

	if (check_add(dtype, weight, e) < 0)
		return -1;
	for (size_t some; n > 0; at += some, n -= some) {
		some = within(at, n);
		if (add_segment(sums, at, p, dtype, some, weight, e) < 0)
			return -1;
		p += some * flp_dtype_size(dtype);
	}
	return 0;
}

int
flp_exact_add_ref(struct flp_exact *sums, size_t at, const void *values,
    enum flp_dtype dtype, size_t n, uint64_t weight, struct flp_error *e)
{
	const unsigned char *p = values;

	if (check_add(dtype, weight, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++, p += flp_dtype_size(dtype)) {
		double x;

		flp_dtype_to_f64(p, dtype, 1, &x);
		if (add_each(sums, at + i, (unsigned char *)&x, 1, weight, e) < 0)
			return -1;
	}
	return 0;
}

/* A bound on |T| / 2^64, rounded up, over n stored sums. */
static uint64_t
greatest_partial(const unsigned char *partial, size_t n)
{
	uint64_t most = 0;

	for (size_t i = 0; i < n; i++) {
		int64_t upper;
		uint64_t size;

		memcpy(&upper, partial + i * FLP_EXACT_SIZE + 8, sizeof upper);
		size = (uint64_t)(upper < 0 ? ~upper : upper);
		most = size > most ? size : most;
	}
	return most + 1;
}

static int
add_partial_segment(struct flp_exact *sums, size_t at, const unsigned char *partial,
    size_t n, struct flp_error *e)
{
	uint64_t most = greatest_partial(partial, n);
	struct flp_i192 *large;

	if (most <= LIMIT >> 32) {
		if (make_room(sums, at, most << 32, (uint64_t)1 << 32, e) < 0)
			return -1;
		for (size_t i = 0; i < n; i++) {
			__int128 t;

			memcpy(&t, partial + i * FLP_EXACT_SIZE, sizeof t);
			sums->high[at + i] += (int64_t)(t >> 32);
			sums->low[at + i] += (int64_t)(t & UINT32_MAX);
		}
		return 0;
	}
	if (make_large(sums, at, e) < 0)
		return -1;
	large = sums->segments[at / FLP_EXACT_SEGMENT].large + at % FLP_EXACT_SEGMENT;
	for (size_t i = 0; i < n; i++) {
		__int128 t;

		memcpy(&t, partial + i * FLP_EXACT_SIZE, sizeof t);
		add_i192(&large[i], t);
	}
	return 0;
}

int
flp_exact_add_partial(struct flp_exact *sums, size_t at, const void *partial, size_t n,
    struct flp_error *e)
{
	const unsigned char *p = partial;

	for (size_t some; n > 0; at += some, n -= some, p += some * FLP_EXACT_SIZE) {
		some = within(at, n);
		if (add_partial_segment(sums, at, p, some, e) < 0)
			return -1;
	}
	return 0;
}

/* Sum i in unit 2^-64. */
static struct flp_i192
total(const struct flp_exact *sums, size_t i)
{
	const struct flp_i192 *large = sums->segments[i / FLP_EXACT_SEGMENT].large;
	struct flp_i192 sum = { 0, 0 };

	if (large != NULL)
		sum = large[i % FLP_EXACT_SEGMENT];
	add_i192(&sum, sums->high[i] * ((__int128)1 << 32) + sums->low[i]);
	return sum;
}

/* Whether -2^63 <= T / W < 2^63. */
static int
fits(struct flp_i192 t, uint64_t w)
{
	__int128 parts = t.high * (__int128)2 + (__int128)(t.low >> 127);

	return parts < (__int128)w && parts >= -(__int128)w;
}

static int
refuse_total(const struct flp_exact *sums, size_t i, uint64_t divisor, struct flp_error *e)
{
	return flp_error_bad(e, "value %llu: the %s does not fit the grid: it must stay below "
	    "2^63 = 9.2e18 in magnitude", name(sums, i), divisor > 1 ? "mean" : "sum");
}

int
flp_exact_store(const struct flp_exact *sums, size_t at, void *partial, size_t n,
    struct flp_error *e)
{
	unsigned char *p = partial;

	for (size_t i = 0; i < n; i++) {
		struct flp_i192 t = total(sums, at + i);

		if (!fits(t, 1))
			return refuse_total(sums, at + i, 1, e);
		memcpy(p + i * FLP_EXACT_SIZE, &t.low, FLP_EXACT_SIZE);
	}
	return 0;
}

/* t / 2^64 as a double; 0 if t has more than 53 bits from its first to its last. */
static int
to_double(__int128 t, double *out)
{
	uint64_t low = (uint64_t)t, high = (uint64_t)(t >> 64);
	int zeros = low != 0 ? __builtin_ctzll(low) : high != 0 ? 64 + __builtin_ctzll(high) : 0;
	__int128 odd = t >> zeros;

	*out = (double)(int64_t)odd * flp_bits_to_f64((int64_t)(1023 - 64 + zeros) << 52);
	return odd <= (int64_t)1 << 53 && odd >= -((int64_t)1 << 53);
}

int
flp_exact_doubles(const struct flp_exact *sums, size_t at, void *out, size_t n,
    struct flp_error *e)
{
	unsigned char *p = out;
	double sum;

	for (size_t i = 0; i < n; i++) {
		struct flp_i192 t = total(sums, at + i);

		if (!fits(t, 1))
			return refuse_total(sums, at + i, 1, e);
		if (!to_double((__int128)t.low, &sum))
			return flp_error_bad(e, "value %llu: expected a sum that f64 holds exactly, found "
			    "one of more than 53 bits", name(sums, at + i));
		memcpy(p + i * sizeof sum, &sum, sizeof sum);
	}
	return 0;
}

/* Element i of the mean, exactly, whatever it takes. */
static int
mean_one(const struct flp_exact *sums, size_t i, void *out, enum flp_dtype dtype,
    uint64_t divisor, struct flp_error *e)
{
	struct flp_i192 t = total(sums, i);
	double under, over;

	if (!fits(t, divisor))
		return refuse_total(sums, i, divisor, e);
	if (flp_quotient_round(t, divisor, dtype, out) == 0)
		return 0;
	flp_quotient_bracket_i192(t, (double)divisor, &under, &over);
	return flp_error_bad(e, "value %llu: %g does not fit f16, whose greatest number is 65504",
	    name(sums, i), (under + over) / 2);
}

static int
check_mean(enum flp_dtype dtype, uint64_t divisor, struct flp_error *e)
{
	if (divisor < 1)
		return flp_error_misuse(e, "divisor 0: expected a total weight of at least 1");
	return check_float(dtype, e);
}

int
flp_exact_mean_ref(const struct flp_exact *sums, size_t at, void *out,
    enum flp_dtype dtype, size_t n, uint64_t divisor, struct flp_error *e)
{
	unsigned char *p = out;

	if (check_mean(dtype, divisor, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++, p += flp_dtype_size(dtype))
		if (mean_one(sums, at + i, p, dtype, divisor, e) < 0)
			return -1;
	return 0;
}

/* The mask of flp_quotient_bracket: bits that a quotient must not have for its
 * product with w to be exact; all of them where T itself may not be exact in
 * doubles. */
static int64_t
product_mask(const struct segment *c, uint64_t w)
{
	if (w > (uint64_t)1 << 52 || c->high + (c->low >> 32) + 1 > (uint64_t)1 << 53)
		return -1;
	return w == 1 ? 0 : (int64_t)(UINT64_MAX >> __builtin_clzll(w - 1));
}

/* With a constant size the compiler needs no call of memcmp. */
static int
same(const unsigned char *a, const unsigned char *b, size_t size)
{
	return size == 8 ? memcmp(a, b, 8) == 0 :
	    size == 4 ? memcmp(a, b, 4) == 0 : memcmp(a, b, 2) == 0;
}

/* Makes n <= BLOCK elements of the mean, all within one segment. Rounding is monotone, so if
 * both ends of a bracket round to the same finite number, that number is the result. */
static int
mean_block(const struct flp_exact *sums, size_t at, unsigned char *out,
    enum flp_dtype dtype, size_t n, uint64_t divisor, struct flp_error *e)
{
	const struct segment *c = &sums->segments[at / FLP_EXACT_SEGMENT];
	double under[BLOCK], over[BLOCK];
	unsigned char other[BLOCK * sizeof(double)];
	size_t size = flp_dtype_size(dtype), where;

	if (c->large == NULL)
		flp_quotient_bracket(sums->high + at, sums->low + at, n, (double)divisor,
		    product_mask(c, divisor), under, over);
	for (size_t i = 0; c->large != NULL && i < n; i++)
		flp_quotient_bracket_i192(total(sums, at + i), (double)divisor, &under[i], &over[i]);
	flp_dtype_from_f64(under, n, dtype, other);
	flp_dtype_from_f64(over, n, dtype, out);
	if (memcmp(other, out, n * size) == 0 && flp_dtype_finite(out, dtype, n, &where))
		return 0;
	for (size_t i = 0; i < n; i++) {
		unsigned char *p = out + i * size;

		/* Only f16 is too small for what the grid holds. */
		if (same(other + i * size, p, size) &&
		    (dtype != FLP_DTYPE_F16 || fabs(over[i]) < 65504))
			continue;
		if (mean_one(sums, at + i, p, dtype, divisor, e) < 0)
			return -1;
	}
	return 0;
}

int
flp_exact_mean(const struct flp_exact *sums, size_t at, void *out, enum flp_dtype dtype,
    size_t n, uint64_t divisor, struct flp_error *e)
{
	unsigned char *p = out;

	if (check_mean(dtype, divisor, e) < 0)
		return -1;
	for (size_t some; n > 0; at += some, n -= some) {
		some = within(at, n < BLOCK ? n : BLOCK);
		if (mean_block(sums, at, p, dtype, some, divisor, e) < 0)
			return -1;
		p += some * flp_dtype_size(dtype);
	}
	return 0;
}
