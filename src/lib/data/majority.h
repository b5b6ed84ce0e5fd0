/* Which values the rows of a column share. */
#ifndef FLP_DATA_MAJORITY_H
#define FLP_DATA_MAJORITY_H

#include "data/dataset.h"

#define FLP_MAJORITY_FEW 3 /* values that are listed with their rows */

/* What the rows of one column have; rows that lack a value do not count. One pass finds the only
 * value that more than half of them may share (Boyer and Moore, "MJRTY: a fast majority vote
 * algorithm", 1991), and a second pass counts. */
struct flp_majority {
	double value;
	uint64_t others; /* rows with another one; UINT64_MAX if no value is that frequent */
	unsigned distinct; /* different values; FLP_MAJORITY_FEW + 1 stands for more than few */
	struct {
		double value;
		uint64_t n;  /* rows that have it */
	} few[FLP_MAJORITY_FEW]; /* the values, unless they are more than few */
};

/* Fills `to`, which has room for the set's d columns. */
int flp_majority_of(struct flp_majority *to, const struct flp_dataset *set,
    struct flp_error *e) FLP_CHECKED;

#endif
