/* Aggregation: many records become one.
 *
 * Records in files are first checked one by one and then read window by window: n
 * values of each record are read, then n values of the result are written. So memory does
 * not grow with the model, and each record adds only what rule/stack.h keeps of it.
 *
 * rule/stack.h says which records can't be read in this way. Under a rule that needs all
 * records at once, and under `unique`, they are copied to a temporary file. Otherwise they
 * are read whole and added to totals of the whole model. The bytes of the result are the
 * same either way. */
#ifndef FLP_RULE_AGGREGATE_H
#define FLP_RULE_AGGREGATE_H

#include "base/out.h"
#include "loop/each.h"
#include "rule/admit.h"
#include "rule/report.h"

struct flp_aggregation {
	struct flp_bad bad;     /* inputs; under `strict` files are read once */
	struct flp_admit admit;
	struct flp_report report;
	int partial;            /* write sums that can be aggregated again */
	int counted;            /* the result may lack inputs if it has enough clients */
	uint64_t expect, least; /* clients: exactly this many, 0 for any; at least this many */
};

/* Aggregates the records of the files ("-" is standard input) and writes the result.
 * a->admit must have been begun; the caller still frees it and the report. A bad input
 * (damaged, or refused by rule/admit.h or rule/unique.h) is left out and reported, and
 * the others are still read; in the end it is an error unless `counted`. Under `strict` a bad
 * input is an error at once. Every input is verified before it counts, but under `strict` the
 * values in files are verified while they are added. The result, the error code and the
 * inputs that are left out do not depend on the order of the records. After an error the
 * record that was being written may lack its tail. */
int flp_aggregate(struct flp_aggregation *a, char **paths, struct flp_out *out,
    struct flp_error *e) FLP_CHECKED;

#endif
