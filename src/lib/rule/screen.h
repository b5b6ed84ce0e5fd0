/* Looks at a record's values before it is taken, so that one that can't be
 * added is left out instead of ending the aggregation: floats times the weight
 * must fit the grid of exact sums; descriptions, and integers under a mean,
 * must be those of the first record that was taken. Keeps the latter. */
#ifndef FLP_RULE_SCREEN_H
#define FLP_RULE_SCREEN_H

#include "rule/total.h"

struct flp_screen;

struct flp_screen *flp_screen_new(enum flp_rule rule, struct flp_error *e) FLP_CHECKED;
void flp_screen_free(struct flp_screen *s);

/* Values first .. first + n of tensor t of a record, its `index`th, in the
 * order they stand; dtype is as in the record, t's own or its sum's. */
int flp_screen_values(struct flp_screen *s, size_t index, const struct flp_tensor *t,
    enum flp_dtype dtype, uint64_t first, const void *values, size_t n, uint64_t weight,
    struct flp_error *e) FLP_CHECKED;

/* The record whose values were looked at last was taken. */
void flp_screen_done(struct flp_screen *s);

#endif
