/* Many records into one: the moving of their values.
 *
 * Records in files go stretch by stretch: of every input one block, then the
 * block of the result, so memory does not grow with the model. Records of
 * pipes, and of more files than FLP_AGGREGATE_OPEN, go one after the other
 * into sums for the whole model. The result's bytes are the same. */
#ifndef FLP_RULE_AGGREGATE_H
#define FLP_RULE_AGGREGATE_H

#include "base/out.h"
#include "rule/merge.h"

#define FLP_AGGREGATE_OPEN 64 /* records in files that are read at once */

struct flp_aggregation {
	struct flp_merger merger;
	int partial;               /* write sums that aggregate again */
	int strict;                /* a bad input ends it; files are read once */
	int unique;                /* refuse an id that was taken before */
	uint64_t expect, least;    /* clients: exactly, at least; 0 for any */
	void (*left_out)(const struct flp_error *e); /* told of each bad input */
};

/* Aggregates the records of the files ("-" is standard input) and writes the
 * result. A bad input (damaged, or refused by rule/merge.h or rule/screen.h) is
 * left out and told of, or ends it under `strict`.
 * Every input is verified before it counts, except that under `strict` values
 * in files are verified while they are summed: on damage what was written has
 * no tail. */
int flp_aggregate(struct flp_aggregation *a, char **paths, struct flp_out *out,
    struct flp_error *e) FLP_CHECKED;

#endif
