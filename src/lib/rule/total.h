/* A running total, over many records, of the values of one tensor or of part of one. For values
 * that must be equal there is nothing to total: rule/values.h keeps them. */
#ifndef FLP_RULE_TOTAL_H
#define FLP_RULE_TOTAL_H

#include "rule/merged.h"

struct flp_total;

struct flp_total *flp_total_new(struct flp_error *e) FLP_CHECKED;
void flp_total_free(struct flp_total *total);

/* Makes it an empty total of n values of tensor number `tensor` of *m, from value `first` on. It
 * can be begun again for other values. `rule` must stay valid until then. At most `records`
 * records will be added; the number matters only for FLP_TREATMENT_COLUMN. */
int flp_total_begin(struct flp_total *total, const struct flp_rule *rule,
    const struct flp_merged *m, size_t tensor, uint64_t first, size_t n, uint64_t records,
    struct flp_error *e) FLP_CHECKED;

/* Adds n values of one record to those of the total from number `at` on. For each record the calls
 * must go through all values of the total in order. Values that are added exactly are first
 * multiplied by `weight`, but not if `dtype` is a dtype of sums: those have been weighted. Nothing
 * is added if the weight is 0, as it is for a partial of nothing. */
int flp_total_add(struct flp_total *total, size_t at, size_t n, const void *values,
    enum flp_dtype dtype, uint64_t weight, struct flp_error *e) FLP_CHECKED;

/* Writes n values of the result, from value `at` on. `dtype` is the tensor's own or, if it is added
 * exactly and the result is a partial, its dtype of sums. `weight` is the sum of the weights of
 * all records, by which a mean is divided; without records a mean is all zeros. For
 * FLP_TREATMENT_COLUMN call it only once, for all values. FLP_ERROR_BAD if a sum does not fit. */
int flp_total_result(struct flp_total *total, size_t at, size_t n, void *values,
    enum flp_dtype dtype, uint64_t weight, struct flp_error *e) FLP_CHECKED;

/* Writes n exact sums as f64. FLP_ERROR_BAD if f64 can't hold one of them exactly. */
int flp_total_doubles(struct flp_total *total, size_t at, size_t n, void *values,
    struct flp_error *e) FLP_CHECKED;

#endif
