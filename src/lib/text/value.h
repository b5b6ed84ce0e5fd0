/* What one field of a text file says. */
#ifndef FLP_TEXT_VALUE_H
#define FLP_TEXT_VALUE_H

#include "base/error.h"
#include "base/number.h"

#include <float.h>
#include <stddef.h>

enum flp_value {
	FLP_VALUE_NUMBER,  /* finite in f32 */
	FLP_VALUE_BEYOND,  /* NaN, infinity, or too large for f32 */
	FLP_VALUE_TEXT,
};

/* Returns 1 if v rounds to a finite f32: it is less than half a unit beyond the greatest. */
static inline int
flp_value_fits(double v)
{
	return v < FLT_MAX + 0x1p103 && v > -(FLT_MAX + 0x1p103);
}

/* The kind of a text that is not a decimal number: BEYOND if it names NaN or infinity. */
enum flp_value flp_value_other(const char *s, size_t n);

/* How many bytes of a field of n bytes a message shows. */
static inline int
flp_value_shown(size_t n)
{
	return n > 64 ? 64 : (int)n;
}

/* Hides what a message says was found: a field in quotes, cut as above. */
static inline int
flp_value_hide(struct flp_error *e, const char *s, size_t n)
{
	return flp_error_hide(e, "something else", "\"%.*s\"", flp_value_shown(n), s);
}

/* The error of a field that should be a number and is not. */
int flp_value_refuse(enum flp_value value, const char *s, size_t n, struct flp_error *e);

/* Reads a number as flp_number_f64 does, after an optional plus sign. *v is set
 * only for a number, which stays finite when it is rounded to f32. */
static inline enum flp_value
flp_value_parse(const char *s, size_t n, double *v)
{
	size_t plus = n > 1 && s[0] == '+' && s[1] != '-';
	double x;
	int status = flp_number_f64(s + plus, n - plus, &x);

	if (status == -1)
		return flp_value_other(s, n);
	if (status < 0 || !flp_value_fits(x))
		return FLP_VALUE_BEYOND;
	*v = x;
	return FLP_VALUE_NUMBER;
}

#endif
