/* The value that most rows of a column have. */
#ifndef FLP_DATA_MAJORITY_H
#define FLP_DATA_MAJORITY_H

#include "data/dataset.h"

/* For each of the set's d columns: the value that more than half of the rows that have one share,
 * and how many of these rows have another value. If there is no such value, `others` is
 * UINT64_MAX. One pass finds the only candidate (Boyer and Moore, "MJRTY: a fast majority vote
 * algorithm", 1991), a second one counts. */
struct flp_majority {
	double value;
	uint64_t others;
};

/* `to` has room for the d columns. */
int flp_majority_of(struct flp_majority *to, const struct flp_dataset *set,
    struct flp_error *e) FLP_CHECKED;

#endif
