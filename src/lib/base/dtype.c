#include "base/dtype.h"
#include "base/bits.h"
#include "base/simd.h"

#include <stdint.h>
#include <string.h>

static const struct {
	const char *name;
	size_t size;
} table[] = {
	[FLP_DTYPE_F64] = { "f64", 8 },
	[FLP_DTYPE_F32] = { "f32", 4 },
	[FLP_DTYPE_F16] = { "f16", 2 },
	[FLP_DTYPE_BF16] = { "bf16", 2 },
	[FLP_DTYPE_I8] = { "i8", 1 },
	[FLP_DTYPE_I16] = { "i16", 2 },
	[FLP_DTYPE_I32] = { "i32", 4 },
	[FLP_DTYPE_I64] = { "i64", 8 },
	[FLP_DTYPE_U8] = { "u8", 1 },
	[FLP_DTYPE_U16] = { "u16", 2 },
	[FLP_DTYPE_U32] = { "u32", 4 },
	[FLP_DTYPE_U64] = { "u64", 8 },
	[FLP_DTYPE_SUM_F64] = { "sum-f64", 16 },
	[FLP_DTYPE_SUM_F32] = { "sum-f32", 16 },
	[FLP_DTYPE_SUM_F16] = { "sum-f16", 16 },
	[FLP_DTYPE_SUM_BF16] = { "sum-bf16", 16 },
};

#define CODES (sizeof table / sizeof table[0])

size_t
flp_dtype_size(enum flp_dtype dtype)
{
	return (size_t)dtype < CODES ? table[dtype].size : 0;
}

const char *
flp_dtype_name(enum flp_dtype dtype)
{
	return (size_t)dtype < CODES ? table[dtype].name : NULL;
}

struct flp_dtype_layout
flp_dtype_layout(enum flp_dtype dtype)
{
	static const struct flp_dtype_layout layouts[] = {
		[FLP_DTYPE_F64] = { 53, 1023 },
		[FLP_DTYPE_F32] = { 24, 127 },
		[FLP_DTYPE_F16] = { 11, 15 },
		[FLP_DTYPE_BF16] = { 8, 127 },
	};

	return layouts[dtype];
}

int
flp_dtype_is_float(enum flp_dtype dtype)
{
	return dtype >= FLP_DTYPE_F64 && dtype <= FLP_DTYPE_BF16;
}

/* The bits of an f16 in an f32's place are the value times 2^-112, subnormals
 * too; only the exponent of infinities and NaNs must be put right by hand. */
static inline double
f16_to_f32(uint16_t u)
{
	uint32_t sign = (uint32_t)(u & 0x8000) << 16, rest = (uint32_t)(u & 0x7fff) << 13;
	uint32_t infinite = -(uint32_t)((u & 0x7c00) == 0x7c00) & 0x7f800000;

	return flp_bits_to_f32(sign | infinite | flp_bits_f32(flp_bits_to_f32(rest) * 0x1p112f));
}

/* `yes` if the condition is 1, `no` if it is 0, without a branch, which would keep the compiler
 * from turning a loop into vector code. */
static inline uint64_t
choose(int condition, uint64_t yes, uint64_t no)
{
	return no ^ ((yes ^ no) & -(uint64_t)condition);
}

/* A 16-bit float of `fraction` fraction bits. Above its least normal number
 * the double's own bits are rounded; below, adding a power of two whose ulp is
 * the least subnormal rounds. A carry out of the fraction is right in both. */
static inline __attribute__((always_inline)) uint16_t
narrow(double x, int fraction)
{
	const int cut = 52 - fraction, bias = (1 << (14 - fraction)) - 1;
	const int64_t least = (int64_t)(1024 - bias) << 52;
	const int64_t infinite = (int64_t)(bias * 2 + 1) << fraction;
	const int64_t anchor = (int64_t)(1024 - bias + cut) << 52;
	int64_t u = flp_bits_f64(x) & INT64_MAX, low, high;
	uint64_t sign = (uint64_t)flp_bits_f64(x) >> 63 << 15, code;

	low = flp_bits_f64(flp_bits_to_f64(u) + flp_bits_to_f64(anchor)) - anchor;
	/* In unsigned arithmetic: a NaN's bits and the rounding may pass 2^63. */
	high = (int64_t)(((uint64_t)u + ((uint64_t)1 << (cut - 1)) - 1 + ((uint64_t)u >> cut & 1)) >>
	    cut) - ((int64_t)(1023 - bias) << fraction);
	code = choose(high > infinite, (uint64_t)infinite, (uint64_t)high);
	code = choose(u < least, (uint64_t)low, code);
	code = choose(u > (int64_t)0x7ff << 52, (uint64_t)infinite | 1 << (fraction - 1), code);
	return (uint16_t)(sign | code);
}

#define CONVERT(type, expression) do { \
	const unsigned char *p = values; \
	for (size_t i = 0; i < n; i++) { \
		type v; \
		memcpy(&v, p + i * sizeof v, sizeof v); \
		out[i] = expression; \
	} \
} while (0)

FLP_SIMD static void
to_f64(const void *values, enum flp_dtype dtype, size_t n, double *out)
{
	switch (dtype) {
	case FLP_DTYPE_F64: CONVERT(double, v); break;
	case FLP_DTYPE_F32: CONVERT(float, v); break;
	case FLP_DTYPE_F16: CONVERT(uint16_t, f16_to_f32(v)); break;
	case FLP_DTYPE_BF16: CONVERT(uint16_t, flp_bits_to_f32((uint32_t)v << 16)); break;
	case FLP_DTYPE_I8: CONVERT(int8_t, v); break;
	case FLP_DTYPE_I16: CONVERT(int16_t, v); break;
	case FLP_DTYPE_I32: CONVERT(int32_t, v); break;
	case FLP_DTYPE_I64: CONVERT(int64_t, (double)v); break;
	case FLP_DTYPE_U8: CONVERT(uint8_t, v); break;
	case FLP_DTYPE_U16: CONVERT(uint16_t, v); break;
	case FLP_DTYPE_U32: CONVERT(uint32_t, v); break;
	case FLP_DTYPE_U64: CONVERT(uint64_t, (double)v); break;
	case FLP_DTYPE_SUM_F64: case FLP_DTYPE_SUM_F32: case FLP_DTYPE_SUM_F16: case FLP_DTYPE_SUM_BF16:
		CONVERT(__int128, (double)v * 0x1p-64);
		break;
	}
}

void
flp_dtype_to_f64(const void *values, enum flp_dtype dtype, size_t n, double *out)
{
	to_f64(values, dtype, n, out);
}

#define NARROW(type, expression) do { \
	unsigned char *p = out; \
	for (size_t i = 0; i < n; i++) { \
		double x = values[i]; \
		type v = expression; \
		memcpy(p + i * sizeof v, &v, sizeof v); \
	} \
} while (0)

FLP_SIMD static void
from_f64(const double *values, size_t n, enum flp_dtype dtype, void *out)
{
	switch (dtype) {
	case FLP_DTYPE_F64: NARROW(double, x); break;
	case FLP_DTYPE_F32: NARROW(float, (float)x); break;
	case FLP_DTYPE_F16: NARROW(uint16_t, narrow(x, 10)); break;
	case FLP_DTYPE_BF16: NARROW(uint16_t, narrow(x, 7)); break;
	default: break;
	}
}

void
flp_dtype_from_f64(const double *values, size_t n, enum flp_dtype dtype, void *out)
{
	from_f64(values, n, dtype, out);
}

/* Counts to the end, since a loop that can be left early does not become vector code. */
#define INFINITE(type, exponent) do { \
	for (size_t i = 0; i < n; i++) { \
		type v; \
		memcpy(&v, p + i * sizeof v, sizeof v); \
		found |= (v & (exponent)) == (exponent); \
	} \
} while (0)

FLP_SIMD static int
any_infinite(const unsigned char *p, enum flp_dtype dtype, size_t n)
{
	int found = 0;

	switch (dtype) {
	case FLP_DTYPE_F64: INFINITE(uint64_t, (uint64_t)0x7ff << 52); break;
	case FLP_DTYPE_F32: INFINITE(uint32_t, 0x7f800000u); break;
	case FLP_DTYPE_F16: INFINITE(uint16_t, 0x7c00); break;
	case FLP_DTYPE_BF16: INFINITE(uint16_t, 0x7f80); break;
	default: break;
	}
	return found;
}

int
flp_dtype_finite(const void *values, enum flp_dtype dtype, size_t n, size_t *where)
{
	const size_t block = 1024, size = flp_dtype_size(dtype);
	const unsigned char *p = values;

	if (!flp_dtype_is_float(dtype))
		return 1;
	for (size_t at = 0; at < n; at += block) {
		size_t some = n - at < block ? n - at : block;

		if (!any_infinite(p + at * size, dtype, some))
			continue;
		while (!any_infinite(p + at * size, dtype, 1))
			at++;
		*where = at;
		return 0;
	}
	return 1;
}
