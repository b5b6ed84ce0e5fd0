/* Looks at a record's values before it is taken, so that one that can't be
 * added is left out instead of ending the aggregation. Descriptions, and
 * integers under a mean, must be those of the first record that was taken; they
 * are kept.
 *
 * What is added up is bounded, so that no client's values make a sum overflow:
 * floats times the weight stay below 2^60 in magnitude, 64-bit integers within
 * it, and the sums of a partial within 2^60 for each client in it. Thus a sum
 * of seven clients fits a partial, whatever their values, and a mean always fits
 * (kernel/exact.h). A tighter bound would leave more room for liars, but honest
 * sums of squares are large: a site's ten thousand incomes reach 10^16. */
#ifndef FLP_RULE_SCREEN_H
#define FLP_RULE_SCREEN_H

#include "rule/total.h"

#define FLP_SCREEN_BITS 60

struct flp_screen;

struct flp_screen *flp_screen_new(enum flp_rule rule, struct flp_error *e) FLP_CHECKED;
void flp_screen_free(struct flp_screen *s);

/* Values first .. first + n of tensor t of a record, its `index`th, in the
 * order they stand; dtype is as in the record, t's own or its sum's; weight is
 * that of flp_candidate. */
int flp_screen_values(struct flp_screen *s, size_t index, const struct flp_tensor *t,
    enum flp_dtype dtype, uint64_t first, const void *values, size_t n, uint64_t weight,
    struct flp_error *e) FLP_CHECKED;

/* The bounds alone, on values that are added up under the rule; any others
 * pass. Keeps nothing. */
int flp_screen_bounds(const struct flp_tensor *t, enum flp_rule rule, enum flp_dtype dtype,
    uint64_t first, const void *values, size_t n, uint64_t weight,
    struct flp_error *e) FLP_CHECKED;

/* The record whose values were looked at last was taken, and was no partial of
 * nothing: that makes no claim about what must be equal. */
void flp_screen_done(struct flp_screen *s);

#endif
