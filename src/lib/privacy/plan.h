/* Plans: any one of noise, rate, steps, delta and epsilon is computed from the others. */
#ifndef FLP_PRIVACY_PLAN_H
#define FLP_PRIVACY_PLAN_H

#include "privacy/calibrate.h"

struct flp_plan {
	struct flp_spent *spent; /* groups of releases; a quantity of the first may be unknown */
	size_t n;
	double delta, epsilon;
	char unknown; /* a letter: z, q, T, d or e */
};

/* Sets what is unknown, so that the whole is never less private than asked, and sets *cost to
 * what it costs. A target that can't be met is FLP_ERROR_BAD. */
int flp_plan_solve(struct flp_plan *plan, struct flp_cost *cost, struct flp_error *e) FLP_CHECKED;

/* The value of what was unknown. */
double flp_plan_solved(const struct flp_plan *plan);

/* How many digits of it are printed; it is rounded up, so it is never less than what was
 * found. */
#define FLP_PLAN_DIGITS 10

#endif
