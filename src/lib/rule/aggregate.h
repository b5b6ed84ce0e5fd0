/* Many records into one: the moving of their values.
 *
 * Records in files are looked at one by one and then go window by window: of every one
 * of them n values, then n values of the result, so memory grows neither with the model
 * nor with their number. So do records of pipes under a rule that needs all of them at
 * once. Under a rule that adds, records of pipes go one after the other into totals of
 * the whole model. The result's bytes are the same. */
#ifndef FLP_RULE_AGGREGATE_H
#define FLP_RULE_AGGREGATE_H

#include "base/out.h"
#include "rule/admit.h"

struct flp_aggregation {
	struct flp_admit admit;
	int partial;               /* write sums that aggregate again */
	int strict;                /* a bad input ends it; files are read once */
	uint64_t expect, least;    /* clients: exactly, at least; 0 for any */
	void (*left_out)(const struct flp_error *e); /* told of each bad input */
};

/* Aggregates the records of the files ("-" is standard input) and writes the
 * result. A bad input (damaged, or refused by rule/admit.h) is left out and told of, or
 * ends it under `strict`.
 * Every input is verified before it counts, except that under `strict` values in files
 * are verified while they are added: on damage what was written has no tail. */
int flp_aggregate(struct flp_aggregation *a, char **paths, struct flp_out *out,
    struct flp_error *e) FLP_CHECKED;

#endif
