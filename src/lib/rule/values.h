/* What the values of a record must be for it to be merged with others.
 *
 * Values that are added up are bounded, so that no client can make the sum of all overflow:
 *   a float times the record's weight   below 2^60 in magnitude
 *   a 64-bit integer                    at most 2^60 in magnitude
 *   a sum in a partial                  at most 2^60 in magnitude for each client in it
 * A partial holds sums below 2^63, so the sum of seven clients always fits. A mean always
 * fits (kernel/exact.h). Digits of statistics (kernel/digits.h) are below 2^32 as fl-stats
 * writes them, so sums of many more of them fit. */
#ifndef FLP_RULE_VALUES_H
#define FLP_RULE_VALUES_H

#include "rule/rule.h"

#define FLP_VALUES_BITS 60

/* Checks that n values are within these bounds. Under a rule that is not `bounded` all are. The
 * first of them is number `first` of its tensor. `dtype` is the one in the record, `weight` the
 * record's, above 0, and `clients` the number of clients in a partial, 1 for other records.
 * FLP_ERROR_BAD if a value is out of bounds. */
int flp_values_bounds(const struct flp_rule *rule, enum flp_dtype dtype, uint64_t first,
    const void *values, size_t n, uint64_t weight, uint64_t clients,
    struct flp_error *e) FLP_CHECKED;

/* Checks that n values of a masked record are below 2^bits. FLP_ERROR_BAD if one is not. */
int flp_values_modular(unsigned bits, uint64_t first, const void *values, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* The values of a tensor that must be the same in all records. All zero: none are known. */
struct flp_kept {
	unsigned char *values; /* the first n values of the tensor, in its dtype */
	size_t room;
	uint64_t n;
};

/* Compares n values, from value `first` on, with those in *kept. FLP_ERROR_BAD if they differ. If
 * `first` is kept->n, the values are not known yet: they are kept, and nothing is compared. Call
 * it for no other values than those. The caller frees kept->values. */
int flp_values_equal(struct flp_kept *kept, const struct flp_tensor *t, uint64_t first,
    const void *values, size_t n, struct flp_error *e) FLP_CHECKED;

#endif
