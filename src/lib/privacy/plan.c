#include "privacy/plan.h"
#include "base/number.h"

static int
solve_delta(struct flp_plan *p, struct flp_error *e)
{
	struct flp_cost cost;

	if (flp_account_delta(&cost, p->spent, p->n, p->epsilon, e) < 0)
		return -1;
	p->delta = flp_number_above(cost.delta, FLP_PLAN_DIGITS);
	return p->delta < 1 ? 0 : flp_error_bad(e, "expected a target that can be met: no delta "
	    "below 1 meets epsilon %g", p->epsilon);
}

int
flp_plan_solve(struct flp_plan *p, struct flp_cost *cost, struct flp_error *e)
{
	int status = 0;

	switch (p->unknown) {
	case 'z':
	case 'q':
	case 'T':
		status = flp_calibrate(p->spent, p->n, p->unknown == 'z' ? FLP_QUANTITY_NOISE :
		    p->unknown == 'q' ? FLP_QUANTITY_RATE : FLP_QUANTITY_STEPS, p->epsilon, p->delta,
		    e);
		break;
	case 'd':
		status = solve_delta(p, e);
		break;
	}
	if (status < 0 || flp_account_epsilon(cost, p->spent, p->n, p->delta, e) < 0)
		return -1;
	if (p->unknown == 'e')
		p->epsilon = flp_number_above(cost->epsilon, FLP_PLAN_DIGITS);
	return 0;
}

double
flp_plan_solved(const struct flp_plan *p)
{
	switch (p->unknown) {
	case 'z': return p->spent[0].noise;
	case 'q': return p->spent[0].rate;
	case 'T': return (double)p->spent[0].steps;
	case 'd': return p->delta;
	}
	return p->epsilon;
}
