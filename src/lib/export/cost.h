/* What releases cost, as lines of a name and a number with a tab between them, or as rows of a
 * table. Numbers are rounded up to FLP_PLAN_DIGITS digits, so that what is printed is never
 * less than what was found. */
#ifndef FLP_EXPORT_COST_H
#define FLP_EXPORT_COST_H

#include "base/out.h"
#include "privacy/plan.h"

struct flp_cost_print {
	struct flp_out *out;
	enum flp_place place; /* under central noise the server's epsilon is infinite: it has read
	                       * the updates */
	int all;              /* 1: also the results of each accountant, the smaller epsilon first */
};

/* Prints the number that a plan has solved, under its letter, and epsilon against readers and
 * against the server. */
int flp_cost_print_plan(const struct flp_cost_print *p, const struct flp_plan *plan,
    const struct flp_cost *cost, struct flp_error *e) FLP_CHECKED;

/* Prints a table with a row for each release of the plan's first group. */
int flp_cost_print_trace(const struct flp_cost_print *p, const struct flp_plan *plan,
    struct flp_error *e) FLP_CHECKED;

#endif
