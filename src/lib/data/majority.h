/* Which values the rows of a column share. */
#ifndef FLP_DATA_MAJORITY_H
#define FLP_DATA_MAJORITY_H

#include "data/dataset.h"

#define FLP_MAJORITY_FEW 3

/* Of a column. One pass finds the only candidate for a value that more than half of the rows that
 * have one share (Boyer and Moore, "MJRTY: a fast majority vote algorithm", 1991); a second one
 * counts. */
struct flp_majority {
	double value;
	uint64_t others; /* rows with another one; UINT64_MAX if no more than half share one */
	unsigned distinct; /* different values; FLP_MAJORITY_FEW + 1 stands for more than few */
	struct {
		double value;
		uint64_t n;  /* rows that have it */
	} few[FLP_MAJORITY_FEW]; /* the values, unless they are more than few */
};

/* `to` has room for the d columns. */
int flp_majority_of(struct flp_majority *to, const struct flp_dataset *set,
    struct flp_error *e) FLP_CHECKED;

#endif
