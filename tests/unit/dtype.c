#include "base/dtype.h"
#include "kernel/random.h"
#include "unit.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void
check_names(void)
{
	static const struct {
		enum flp_dtype dtype;
		const char *name;
		size_t size;
	} all[] = {
		{ 1, "f64", 8 }, { 2, "f32", 4 }, { 3, "f16", 2 }, { 4, "bf16", 2 },
		{ 5, "i8", 1 }, { 6, "i16", 2 }, { 7, "i32", 4 }, { 8, "i64", 8 },
		{ 9, "u8", 1 }, { 10, "u16", 2 }, { 11, "u32", 4 }, { 12, "u64", 8 },
		{ 0x11, "sum-f64", 16 }, { 0x12, "sum-f32", 16 },
		{ 0x13, "sum-f16", 16 }, { 0x14, "sum-bf16", 16 },
	};
	unsigned known = 0;

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		enum flp_dtype d = all[i].dtype;

		CHECK(flp_dtype_size(d) == all[i].size, "%s", all[i].name);
		CHECK(strcmp(flp_dtype_name(d), all[i].name) == 0, "%s", all[i].name);
		CHECK(flp_dtype_is_float(d) == (d <= 4), "%s", all[i].name);
	}
	for (int code = 0; code < 256; code++) {
		known += flp_dtype_size(code) > 0;
		CHECK((flp_dtype_name(code) != NULL) == (flp_dtype_size(code) > 0), "%d", code);
	}
	CHECK(known == 16, "%u", known);
}

/* A 16-bit float by its definition. */
static double
decode(unsigned code, int fraction)
{
	int bias = (1 << (14 - fraction)) - 1, field = (int)(code & 0x7fff) >> fraction;
	int m = (int)code & ((1 << fraction) - 1);
	double x = field == 0 ? ldexp(m, 1 - bias - fraction) :
	    ldexp(m | 1 << fraction, field - bias - fraction);

	return code & 0x8000 ? -x : x;
}

static unsigned
encode(double x, enum flp_dtype dtype)
{
	uint16_t code;

	flp_dtype_from_f64(&x, 1, dtype, &code);
	return code;
}

/* Every number of a 16-bit dtype, and every border between two. */
static void
check_16(enum flp_dtype dtype, int fraction)
{
	unsigned infinite = 0x7fff >> fraction << fraction;

	for (unsigned code = 0; code < 0x10000; code++) {
		unsigned size = code & 0x7fff, even = code + (code & 1);
		double x = decode(code, fraction), middle, wide;
		uint16_t u = (uint16_t)code;

		flp_dtype_to_f64(&u, dtype, 1, &wide);
		if (size >= infinite) {
			CHECK(size > infinite ? isnan(wide) : isinf(wide), "%x: %g", code, wide);
			CHECK(!signbit(wide) == !(code & 0x8000), "%x: %g", code, wide);
			CHECK(size > infinite ? (encode(wide, dtype) & 0x7fff) > infinite :
			    encode(wide, dtype) == code, "%x", encode(wide, dtype));
			continue;
		}
		CHECK(memcmp(&wide, &x, sizeof x) == 0, "%x: %g", code, wide);
		CHECK(encode(x, dtype) == code, "%x: %x", code, encode(x, dtype));
		middle = (x + decode(code + 1, fraction)) / 2;
		CHECK(encode(middle, dtype) == even, "%x: %x", code, encode(middle, dtype));
		CHECK(encode(nextafter(middle, 0), dtype) == code, "%x", code);
		CHECK(encode(nextafter(middle, 2 * middle), dtype) == code + 1, "%x", code);
	}
	CHECK(encode(1e308, dtype) == infinite, "%x", encode(1e308, dtype));
	CHECK(encode(-5e-324, dtype) == 0x8000, "%x", encode(-5e-324, dtype));
}

#define WIDENS(dtype, type, value) do { \
	unsigned char raw[2 * sizeof(type) + 1]; \
	type v[2] = { value, (type)1 }; \
	double wide[2]; \
	memcpy(raw + 1, v, sizeof v); \
	flp_dtype_to_f64(raw + 1, dtype, 2, wide); \
	CHECK(wide[0] == (double)v[0] && wide[1] == 1, #type ": %g", wide[0]); \
} while (0)

static void
check_others(void)
{
	__int128 sums[] = { (__int128)1 << 64, -1, ((__int128)1 << 118) + 1 };
	double out[3], x = 0x1.000001p0, odd = 0x1.000003p0;
	float f;

	WIDENS(FLP_DTYPE_I8, int8_t, INT8_MIN);
	WIDENS(FLP_DTYPE_I16, int16_t, INT16_MIN);
	WIDENS(FLP_DTYPE_I32, int32_t, INT32_MIN);
	WIDENS(FLP_DTYPE_I64, int64_t, INT64_MIN + 1);
	WIDENS(FLP_DTYPE_U8, uint8_t, UINT8_MAX);
	WIDENS(FLP_DTYPE_U16, uint16_t, UINT16_MAX);
	WIDENS(FLP_DTYPE_U32, uint32_t, UINT32_MAX);
	WIDENS(FLP_DTYPE_U64, uint64_t, UINT64_MAX);
	WIDENS(FLP_DTYPE_F32, float, 0x1p-149f);
	WIDENS(FLP_DTYPE_F64, double, 0x1p-1074);
	flp_dtype_to_f64(sums, FLP_DTYPE_SUM_F32, 3, out);
	CHECK(out[0] == 1 && out[1] == -0x1p-64 && out[2] == 0x1p54, "%g %g %g",
	    out[0], out[1], out[2]);
	flp_dtype_from_f64(&x, 1, FLP_DTYPE_F32, &f);
	CHECK(f == 1, "%a", f);
	flp_dtype_from_f64(&odd, 1, FLP_DTYPE_F32, &f);
	CHECK(f == 0x1.000004p0f, "%a", f);
}

static void
check_finite(void)
{
	static const double bad[] = { INFINITY, -INFINITY, NAN };
	enum { N = 5000 };
	unsigned char *raw = malloc(N * sizeof(double) + 1);
	struct flp_random r;
	size_t where = 0;

	flp_random_init(&r, 1, 0, 0, 0);
	for (enum flp_dtype d = FLP_DTYPE_F64; d <= FLP_DTYPE_BF16; d++) {
		size_t size = flp_dtype_size(d);
		const double most = d == FLP_DTYPE_F16 ? 65504 : 0x1.fep127, zero = 0;

		for (int i = 0; i < N; i++)
			flp_dtype_from_f64(i % 2 ? &most : &zero, 1, d, raw + 1 + i * size);
		CHECK(flp_dtype_finite(raw + 1, d, N, &where), "%s: %zu", flp_dtype_name(d), where);
		for (size_t last = N; last > 0;) {
			last = flp_random_below(&r, last);
			flp_dtype_from_f64(&bad[last % 3], 1, d, raw + 1 + last * size);
			CHECK(!flp_dtype_finite(raw + 1, d, N, &where) && where == last,
			    "%s: %zu, not %zu", flp_dtype_name(d), where, last);
			CHECK(flp_dtype_finite(raw + 1, d, last, &where), "%zu", last);
		}
	}
	memset(raw, 0xff, N);
	CHECK(flp_dtype_finite(raw, FLP_DTYPE_I16, N / 2, &where), "integers");
	free(raw);
}

int
main(void)
{
	check_names();
	check_16(FLP_DTYPE_F16, 10);
	check_16(FLP_DTYPE_BF16, 7);
	check_others();
	check_finite();
	return unit_done();
}
