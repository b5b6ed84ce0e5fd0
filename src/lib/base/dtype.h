/* Dtypes: the types of a tensor's values, their codes in files, and conversions.
 *
 * Values are raw little-endian bytes at any alignment. A dtype of sums holds exact sums, which are
 * integers of 16 bytes in two's complement, in units of 2^-64 (kernel/exact.h). The low four
 * bits of its code are the code of the float dtype to which the sum is rounded once it has been
 * divided. */
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
#define FLP_DTYPE_SUM 0x10 /* the bit that makes a float's code that of its sums */
#define FLP_DTYPE_SIZE_LIMIT 16 /* most bytes of a value */

/* Bytes of a value; 0 for an unknown code. */
size_t flp_dtype_size(enum flp_dtype dtype);

/* "f64" ... "u64", "sum-f64" ... "sum-bf16"; NULL for an unknown code. */
const char *flp_dtype_name(enum flp_dtype dtype);

/* Returns 1 for f64, f32, f16 and bf16. */
int flp_dtype_is_float(enum flp_dtype dtype);

/* The layout of a float dtype, in the terms of IEEE 754: the number of significant bits, with the
 * hidden one, and what is added to the exponent. */
struct flp_dtype_layout {
	int precision, bias;
};
struct flp_dtype_layout flp_dtype_layout(enum flp_dtype dtype);

/* Converts n values of any known dtype to doubles. This is exact except for
 * i64, u64 and sums, which are rounded to the nearest, ties to even. */
void flp_dtype_to_f64(const void *values, enum flp_dtype dtype, size_t n, double *out);

/* Converts n doubles to a float dtype, rounded once to the nearest, ties to
 * even. A value that is too large becomes infinite; NaN stays NaN. */
void flp_dtype_from_f64(const double *values, size_t n, enum flp_dtype dtype, void *out);

/* Returns 1 if all n values are finite, as those of dtypes other than floats always are. Otherwise
 * returns 0 and sets *where to the index of the first that is not. */
int flp_dtype_finite(const void *values, enum flp_dtype dtype, size_t n, size_t *where);

#endif
