/* How much the columns of a data set differ in size. Plain gradient descent takes steps of one
 * length for all of them: where one column varies a thousand times as much as another, a rate
 * that is small enough for the first learns next to nothing from the second. */
#ifndef FLP_LEARN_SPREAD_H
#define FLP_LEARN_SPREAD_H

#include "learn/view.h"

struct flp_spread {
	size_t wide, narrow; /* the columns that vary most and least; the first of equals */
	double factor;       /* the deviation of the one divided by that of the other, at least 1 */
};

/* Finds them in one pass over v->f32[rows,columns], as stored: center and scale are not applied.
 * A column is measured by its standard deviation, and one whose values are all equal is passed
 * over. If all columns are, or if v has no f32, both columns are 0 and the factor is 1. */
int flp_spread_find(struct flp_spread *s, const struct flp_view *v,
    struct flp_error *e) FLP_CHECKED;

#endif
