/* The element types of tensors, their codes in files, and conversions.
 *
 * Elements are raw little-endian bytes at any alignment. A sum dtype holds
 * exact sums: 16-byte two's complement integers in unit 2^-64. Once they are
 * divided they are rounded to the float dtype that the low four bits of the sum
 * dtype's code give (kernel/exact.h). */
#ifndef FLP_BASE_DTYPE_H
#define FLP_BASE_DTYPE_H

#include <stddef.h>

enum flp_dtype {
	FLP_DTYPE_F64 = 1,
	FLP_DTYPE_F32 = 2,
	FLP_DTYPE_F16 = 3,  /* IEEE 754 binary16 */
	FLP_DTYPE_BF16 = 4, /* the upper half of an f32 */
	FLP_DTYPE_I8 = 5,
	FLP_DTYPE_I16 = 6,
	FLP_DTYPE_I32 = 7,
	FLP_DTYPE_I64 = 8,
	FLP_DTYPE_U8 = 9,
	FLP_DTYPE_U16 = 10,
	FLP_DTYPE_U32 = 11,
	FLP_DTYPE_U64 = 12,
	FLP_DTYPE_SUM_F64 = 0x11,
	FLP_DTYPE_SUM_F32 = 0x12,
	FLP_DTYPE_SUM_F16 = 0x13,
	FLP_DTYPE_SUM_BF16 = 0x14,
};
#define FLP_DTYPE_SUM 0x10 /* a sum's code is this | its float's */
#define FLP_DTYPE_SIZE_LIMIT 16 /* bytes of an element of any dtype */

/* Bytes of one element, 0 for a code that is none of the above. */
size_t flp_dtype_size(enum flp_dtype dtype);

/* "f64" ... "u64", "sum-f64" ... "sum-bf16"; NULL for an unknown code. */
const char *flp_dtype_name(enum flp_dtype dtype);

/* 1 for f64, f32, f16 and bf16. */
int flp_dtype_is_float(enum flp_dtype dtype);

/* How a float dtype is laid out, by IEEE 754: significant bits, the hidden one
 * among them, and what is added to the exponent. */
struct flp_dtype_layout {
	int precision, bias;
};
struct flp_dtype_layout flp_dtype_layout(enum flp_dtype dtype);

/* n elements of any known dtype to doubles. Exact but for i64, u64 and sums,
 * which are rounded to the nearest, ties to even. */
void flp_dtype_to_f64(const void *values, enum flp_dtype dtype, size_t n, double *out);

/* n doubles to a float dtype, rounded once to the nearest, ties to even; what
 * is too large becomes infinite, a NaN stays one. */
void flp_dtype_from_f64(const double *values, size_t n, enum flp_dtype dtype, void *out);

/* 1 when all n elements are finite; 0, and *where the index of the first that
 * is not. Elements of dtypes that are not floats are always finite. */
int flp_dtype_finite(const void *values, enum flp_dtype dtype, size_t n, size_t *where);

#endif
