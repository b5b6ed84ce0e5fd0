/* What the values of a record must be, so that it can be merged with others.
 *
 * What is added up is bounded, so that no client's values make a sum overflow: floats
 * times the weight stay below 2^60 in magnitude, 64-bit integers within it, and the sums
 * of a partial within 2^60 for each client in it. Thus a sum of seven clients fits a
 * partial, whatever their values, and a mean always fits (kernel/exact.h). A tighter
 * bound would leave more room for liars, but honest sums of squares are large: a site's
 * ten thousand incomes reach 10^16. */
#ifndef FLP_RULE_VALUES_H
#define FLP_RULE_VALUES_H

#include "rule/rule.h"

#define FLP_VALUES_BITS 60

/* Checks n values that are added up or that a rule combines, the first of which is number
 * `first` of its tensor; `dtype` is the record's own. weight is the record's, above 0;
 * clients how many a partial is of. */
int flp_values_bounds(const struct flp_rule *rule, enum flp_dtype dtype, uint64_t first,
    const void *values, size_t n, uint64_t weight, uint64_t clients,
    struct flp_error *e) FLP_CHECKED;

/* A tensor's values that must be the same in all records: n of them are known. */
struct flp_kept {
	unsigned char *values;
	size_t room;
	uint64_t n;
};

/* Keeps n values from value `first` on, where as many are known, or compares them with
 * those: FLP_ERROR_BAD where they differ. The caller frees kept->values. */
int flp_values_equal(struct flp_kept *kept, const struct flp_tensor *t, uint64_t first,
    const void *values, size_t n, struct flp_error *e) FLP_CHECKED;

#endif
