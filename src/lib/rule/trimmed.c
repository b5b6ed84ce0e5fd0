/* The trimmed mean of each value over the records: without the F greatest and the
 * F least, the exact mean of the others (Yin et al. 2018, "Byzantine-robust
 * distributed learning: towards optimal statistical rates"). */
#include "kernel/exact.h"
#include "kernel/sort.h"
#include "rule/rule.h"

static int
check(const struct flp_rule *rule, uint64_t records, struct flp_error *e)
{
	if (rule->argument < records && rule->argument < records - rule->argument)
		return 0;
	return flp_error_bad(e, "expected more than %llu records to leave out %llu at each end, "
	    "found %llu", 2 * (unsigned long long)rule->argument,
	    (unsigned long long)rule->argument, (unsigned long long)records);
}

static int
combine(const struct flp_rule *rule, double *values, size_t records, size_t n,
    enum flp_dtype dtype, void *out, struct flp_error *e)
{
	size_t cut = (size_t)rule->argument;
	struct flp_exact *sums;
	int status;

	if (check(rule, records, e) < 0 || (sums = flp_exact_new(n, e)) == NULL)
		return -1;
	status = flp_sort_columns(values, records, n, e);
	for (size_t i = cut; status == 0 && i < records - cut; i++)
		status = flp_exact_add(sums, 0, values + i * n, FLP_DTYPE_F64, n, 1, e);
	if (status == 0)
		status = flp_exact_mean(sums, 0, out, dtype, n, records - 2 * cut, e);
	flp_exact_free(sums);
	return status;
}

const struct flp_rule_kind flp_rule_trimmed = {
	.name = "trimmed:F",
	.result = "trimmed mean",
	.floats = FLP_TREATMENT_COLUMN,
	.integers = FLP_TREATMENT_EQUAL,
	.check = check,
	.bounded = 1,
	.combine = combine,
};
