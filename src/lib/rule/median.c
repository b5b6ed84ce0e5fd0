/* The median of each value over the records: the middle one or, of an even
 * number, the mean of the middle two, rounded once. Whatever fewer than half of the
 * records hold, it stays within the range of the others (Yin et al. 2018,
 * "Byzantine-robust distributed learning: towards optimal statistical rates"). */
#include "kernel/sort.h"
#include "rule/rule.h"

#include <math.h>

/* Rounded once to f64, also where a + b is too large for it: the sum of two doubles
 * is exact where half of it would be subnormal, and halves are exact where it would
 * overflow. A second rounding, to f32 or less, changes nothing: 53 bits are more
 * than twice 24 and two. */
static double
halfway(double a, double b)
{
	return isfinite(a + b) ? (a + b) / 2 : a / 2 + b / 2;
}

static int
combine(const struct flp_rule *rule, double *values, size_t records, size_t n,
    enum flp_dtype dtype, void *out, struct flp_error *e)
{
	const double *low, *high;

	(void)rule;
	if (flp_sort_columns(values, records, n, e) < 0)
		return -1;
	low = values + (records - 1) / 2 * n;
	high = values + records / 2 * n;
	for (size_t i = 0; i < n && low != high; i++)
		values[i] = halfway(low[i], high[i]);
	flp_dtype_from_f64(low == high ? low : values, n, dtype, out);
	return 0;
}

const struct flp_rule_kind flp_rule_median = {
	.name = "median",
	.result = "median",
	.floats = FLP_TREATMENT_COLUMN,
	.integers = FLP_TREATMENT_EQUAL,
	.combine = combine,
};
