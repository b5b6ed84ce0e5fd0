/* Accounts after every release. From release n to 2 n one grid is fine enough. */
#include "privacy/loss.h"
#include "privacy/tally.h"

#include <math.h>

/* Traces releases `first` to `last`, which is at most twice `first`, on the grid that `first`
 * needs. */
static int
trace_some(struct flp_tally *a, const struct flp_tally *one, uint64_t first, uint64_t last,
    double delta, flp_account_row *row, void *context, struct flp_error *e)
{
	struct flp_loss loss = { 0 };
	struct flp_cost cost;
	double h;
	int status = 0;

	for (a->steps = first; status == 0 && a->steps <= last; a->steps++) {
		flp_tally_add(a, one, 1);
		if (loss.n == 0) {
			status = flp_tally_cost(a, delta, &cost, &h, e);
		} else {
			cost = (struct flp_cost){ .delta = delta };
			flp_tally_rdp(a, delta, &cost);
			flp_loss_read(&loss, 1);
			cost.pld = flp_loss_epsilon(&loss, delta);
			cost.epsilon = fmin(fmin(cost.rdp, cost.pld), a->pure);
		}
		if (status == 0 && a->steps == first && h > 0 && last > first &&
		    (status = flp_loss_init(&loss, a->spent, a->n, a->then, last, h,
		    2 * cost.epsilon, delta, e)) == 0)
			flp_loss_read(&loss, first);
		if (status >= 0)
			status = row(context, a->steps, &cost, e) < 0 ? -1 : 0;
	}
	flp_loss_free(&loss);
	return status;
}

int
flp_account_trace(const struct flp_spent *spent, size_t n, const struct flp_spent *then,
    double delta, flp_account_row *row, void *context, struct flp_error *e)
{
	struct flp_tally a, one;
	uint64_t last;
	int status;

	if (flp_tally_init(&a, spent, n, e) < 0)
		return -1;
	if ((status = flp_tally_check(&a, then, e)) == 0)
		status = flp_tally_check_delta(&a, delta, then, e);
	if (status == 0)
		flp_tally_one(&one, then);
	a.then = then;
	for (uint64_t first = 1; status == 0 && first <= then->steps; first = last + 1) {
		last = first < then->steps / 2 ? 2 * first : then->steps;
		status = trace_some(&a, &one, first, last, delta, row, context, e);
	}
	flp_tally_free(&a);
	return status;
}
