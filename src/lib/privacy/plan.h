/* Plans: one of noise, rate, steps, delta and epsilon is computed from the others. */
#ifndef FLP_PRIVACY_PLAN_H
#define FLP_PRIVACY_PLAN_H

#include "privacy/calibrate.h"

struct flp_plan {
	struct flp_spent *spent; /* groups of releases; a quantity of the first may be unknown */
	size_t n;
	double delta, epsilon;
	char unknown; /* a letter: z, q, T, d or e */
};

/* Sets the unknown quantity, so that all groups together are never less private than asked, and
 * sets *cost to what they cost. FLP_ERROR_BAD if the target can't be met. */
int flp_plan_solve(struct flp_plan *plan, struct flp_cost *cost, struct flp_error *e) FLP_CHECKED;

/* The value of the quantity that was unknown. */
double flp_plan_solved(const struct flp_plan *plan);

/* How many digits of that value are printed. It is rounded up, so what is printed is never less
 * than what was found. */
#define FLP_PLAN_DIGITS 10

#endif
