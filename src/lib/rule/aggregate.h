/* Aggregation: many records become one.
 *
 * Files are read twice. The first reading checks the records one by one (rule/take.h). The
 * second goes through all of them at once: it reads a window of n values of each record, and
 * writes the n values of the result that these make. So memory does not grow with the
 * size of the records; rule/stack.h says what is kept for each of them.
 *
 * Some records can't be read twice, such as those of a pipe (rule/stack.h). Under `unique`, and
 * under a rule that needs all records at once, these are copied to a temporary file. Otherwise
 * each of them is read whole and added to totals that cover the whole model. The bytes of the
 * result are the same either way. */
#ifndef FLP_RULE_AGGREGATE_H
#define FLP_RULE_AGGREGATE_H

#include "base/out.h"
#include "loop/each.h"
#include "rule/admit.h"
#include "rule/report.h"

struct flp_aggregation {
	struct flp_bad bad;     /* what to do with bad inputs, and how many there were */
	struct flp_admit admit;
	struct flp_report report;
	int partial;            /* write sums that can be aggregated again */
	int counted;            /* inputs may be left out, as long as the next two hold */
	uint64_t expect;        /* there must be exactly this many clients; 0: any number */
	uint64_t least;         /* there must be at least this many clients */
	void (*tell_files)(uint64_t done, uint64_t total); /* as that of struct flp_inputs */
};

/* Aggregates the records of the files ("-" is standard input) and writes the result. `paths` ends
 * with NULL. a->admit must have been begun (flp_admit_begin); the caller frees it and the
 * report.
 *
 * A bad input is one that is damaged, or that rule/admit.h or rule/unique.h refuses. It is
 * reported and left out, and the others are still read. If any was left out, the error at the
 * end is FLP_ERROR_BAD, unless `counted` is set. Under `strict` the first bad input is an
 * error at once, and the values in files are read once only, so they are verified while they
 * are added; otherwise every record is verified before it is added.
 *
 * It is also FLP_ERROR_BAD if there are too few clients or too many; if records differ in what
 * must be equal; if none was taken, and flp_admit_like was not called; or if a sum does not
 * fit. Unless `strict` is set, the result, the error code and the list of inputs left out
 * do not depend on the order of the records. After an error `out` may hold the beginning of a
 * record, without its tail. */
int flp_aggregate(struct flp_aggregation *a, char **paths, struct flp_out *out,
    struct flp_error *e) FLP_CHECKED;

#endif
