/* What one field of a text file says. */
#ifndef FLP_DATA_VALUE_H
#define FLP_DATA_VALUE_H

#include <float.h>
#include <stddef.h>

enum flp_value {
	FLP_VALUE_NUMBER,  /* finite in f32 */
	FLP_VALUE_BEYOND,  /* NaN, infinity, or too large for f32 */
	FLP_VALUE_TEXT,
};

/* Reads a number as flp_number_f64 does, after an optional plus sign. *v is
 * set for a number only; rounding it to f32 stays finite. */
enum flp_value flp_value_parse(const char *s, size_t n, double *v);

/* 1 for what rounds to a finite f32: below half a unit above the greatest. */
static inline int
flp_value_fits(double v)
{
	return v < FLT_MAX + 0x1p103 && v > -(FLT_MAX + 0x1p103);
}

/* 1 for a missing value: nothing, "NA" or "?". */
static inline int
flp_value_missing(const char *s, size_t n)
{
	return n == 0 || (n == 1 && s[0] == '?') || (n == 2 && s[0] == 'N' && s[1] == 'A');
}

#endif
