/* The first reading of an aggregation: which records are taken. */
#ifndef FLP_RULE_TAKE_H
#define FLP_RULE_TAKE_H

#include "rule/run.h"

/* Checks the records of the files and takes them, or leaves them out and reports it. Records
 * that can be read again are then on the stack; the others are added to totals of the whole
 * model. If two records differ, run->admit->dispute says so. Returns -1 if a bad input ends
 * the run, or if the system failed. */
int flp_take_all(struct flp_run *run, char **paths, struct flp_error *e) FLP_CHECKED;

#endif
