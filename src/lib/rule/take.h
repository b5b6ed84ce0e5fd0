/* The first reading of an aggregation, which decides which records are taken. */
#ifndef FLP_RULE_TAKE_H
#define FLP_RULE_TAKE_H

#include "rule/run.h"

/* Checks each record of the files, and takes it or leaves it out. What is left out is reported.
 * A record that was taken is then on run->stack if it can be read again; otherwise it has been
 * added to the totals of run->result, which are then of the whole model (run->all = 1). If two
 * records differ, run->admit->dispute says so and 0 is returned, except under `strict`. Returns
 * -1 if a bad input ends the run, as it does under `strict`, or if the system failed. */
int flp_take_all(struct flp_run *run, char **paths, struct flp_error *e) FLP_CHECKED;

#endif
