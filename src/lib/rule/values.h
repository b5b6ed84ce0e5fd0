/* What the values of a record must be for it to be merged with others.
 *
 * What is added up is bounded, so that no client's values make a sum overflow. A float
 * times its weight is below 2^60 in magnitude, a 64-bit integer is at most 2^60, and a
 * sum in a partial is at most 2^60 for each client in it. So the sum of seven clients
 * always fits a partial, and a mean always fits (kernel/exact.h). The digits of statistics
 * (kernel/digits.h) are below 2^32 as fl-stats writes them, so sums of many more fit. */
#ifndef FLP_RULE_VALUES_H
#define FLP_RULE_VALUES_H

#include "rule/rule.h"

#define FLP_VALUES_BITS 60

/* Checks n values that are to be added up; under a rule without bounds all are good. The
 * first of them is number `first` of its tensor. `dtype` and `weight`, above 0, are the
 * record's. `clients` is the number of clients in a partial, otherwise 1. */
int flp_values_bounds(const struct flp_rule *rule, enum flp_dtype dtype, uint64_t first,
    const void *values, size_t n, uint64_t weight, uint64_t clients,
    struct flp_error *e) FLP_CHECKED;

/* Checks that n values of a masked record are below 2^bits. */
int flp_values_modular(unsigned bits, uint64_t first, const void *values, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* A tensor's values that must be the same in all records. The first n of them are known. */
struct flp_kept {
	unsigned char *values;
	size_t room;
	uint64_t n;
};

/* Compares n values, from value `first` on, with the known ones: FLP_ERROR_BAD if they
 * differ. Values that come right after the known ones are kept, and are then known too. The
 * caller frees kept->values. */
int flp_values_equal(struct flp_kept *kept, const struct flp_tensor *t, uint64_t first,
    const void *values, size_t n, struct flp_error *e) FLP_CHECKED;

#endif
