#include "export/cost.h"
#include "base/number.h"
#include "export/print.h"

#include <math.h>
#include <stdio.h>

static int
print(struct flp_out *out, const char *before, double v, const char *after, struct flp_error *e)
{
	char text[FLP_NUMBER_TEXT];

	flp_number_print(text, flp_number_above(v, FLP_PLAN_DIGITS));
	return flp_print_text(out, before, e) < 0 || flp_print_text(out, text, e) < 0 ? -1 :
	    flp_print_text(out, after, e);
}

static double
server(const struct flp_cost_print *p, const struct flp_cost *cost)
{
	return p->place == FLP_PLACE_LOCAL ? cost->epsilon : INFINITY;
}

static int
print_rdp(const struct flp_cost_print *p, const struct flp_cost *cost, struct flp_error *e)
{
	return print(p->out, "rdp\t", cost->rdp, "\n", e) < 0 ? -1 :
	    print(p->out, "order\t", cost->order, "\n", e);
}

static int
print_all(const struct flp_cost_print *p, const struct flp_cost *cost, struct flp_error *e)
{
	int first = cost->pld <= cost->rdp;

	if (!first && print_rdp(p, cost, e) < 0)
		return -1;
	if (print(p->out, "pld\t", cost->pld, "\n", e) < 0)
		return -1;
	return first ? print_rdp(p, cost, e) : 0;
}

int
flp_cost_print_plan(const struct flp_cost_print *p, const struct flp_plan *plan,
    const struct flp_cost *cost, struct flp_error *e)
{
	const char name[] = { plan->unknown, '\t', '\0' };

	if (print(p->out, name, flp_plan_solved(plan), "\n", e) < 0 ||
	    print(p->out, "readers\t", cost->epsilon, "\n", e) < 0 ||
	    print(p->out, "server\t", server(p, cost), "\n", e) < 0)
		return -1;
	return p->all ? print_all(p, cost, e) : 0;
}

static int
print_row(void *context, uint64_t step, const struct flp_cost *cost, struct flp_error *e)
{
	const struct flp_cost_print *p = context;
	char text[32];

	snprintf(text, sizeof text, "%llu\t", (unsigned long long)step);
	if (print(p->out, text, cost->epsilon, "\t", e) < 0 ||
	    print(p->out, "", server(p, cost), "", e) < 0 ||
	    (p->all && (print(p->out, "\t", cost->pld, "\t", e) < 0 ||
	    print(p->out, "", cost->rdp, "\t", e) < 0 ||
	    print(p->out, "", cost->order, "", e) < 0)))
		return -1;
	return flp_print_text(p->out, "\n", e);
}

int
flp_cost_print_trace(const struct flp_cost_print *p, const struct flp_plan *plan,
    struct flp_error *e)
{
	struct flp_cost_print copy = *p; /* the context of a callback is not const */

	if (flp_print_text(p->out, "round\treaders\tserver", e) < 0 ||
	    flp_print_text(p->out, p->all ? "\tpld\trdp\torder\n" : "\n", e) < 0)
		return -1;
	return flp_account_trace(plan->spent + 1, plan->n - 1, plan->spent, plan->delta, print_row,
	    &copy, e);
}
