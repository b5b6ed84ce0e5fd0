/* A running total of one tensor, or of a part of it, over many records. Values that must
 * be equal are not added up: rule/values.h keeps them. */
#ifndef FLP_RULE_TOTAL_H
#define FLP_RULE_TOTAL_H

#include "rule/merged.h"

struct flp_total;

struct flp_total *flp_total_new(struct flp_error *e) FLP_CHECKED;
void flp_total_free(struct flp_total *total);

/* Makes it an empty total of n values of a merged tensor, from value `first` on. `rule` must
 * outlive this use. `records` is the most that will be added; only a tensor that is treated
 * as columns needs it. */
int flp_total_begin(struct flp_total *total, const struct flp_rule *rule,
    const struct flp_merged *m, size_t tensor, uint64_t first, size_t n, uint64_t records,
    struct flp_error *e) FLP_CHECKED;

/* Adds n values of one record, times its weight, from value `at` of the total on. For each
 * record the calls go in order through all values of the total. Where `dtype` is that of
 * sums, the values are stored sums, which have been weighted already. A partial of nothing
 * has weight 0, and its values do not count. */
int flp_total_add(struct flp_total *total, size_t at, size_t n, const void *values,
    enum flp_dtype dtype, uint64_t weight, struct flp_error *e) FLP_CHECKED;

/* Gives n values of the result, from value `at` on, in a dtype: the tensor's own or, for
 * exact sums that can be aggregated again, that of its sums. `weight` is that of all records
 * together; a mean of nothing is all zeros. For a tensor that is treated as columns, call it
 * only once, for all values. */
int flp_total_result(struct flp_total *total, size_t at, size_t n, void *values,
    enum flp_dtype dtype, uint64_t weight, struct flp_error *e) FLP_CHECKED;

/* The same values of exact sums, as doubles. FLP_ERROR_BAD if one does not hold its sum
 * exactly. */
int flp_total_doubles(struct flp_total *total, size_t at, size_t n, void *values,
    struct flp_error *e) FLP_CHECKED;

#endif
