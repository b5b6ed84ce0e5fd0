#include "privacy/account.h"
#include "privacy/exact.h"
#include "privacy/loss.h"
#include "privacy/tally.h"

#include <math.h>

#define STILL 2e-5      /* PLD: the grid is fine enough if epsilon moves by less than this */
#define POINTS 500      /* of the first grid, up to RDP's epsilon */
#define COARSEST 0x1p-7 /* step of a grid */

/* The step of the first grid: a power of two, so that a slightly different cost gives the same
 * grid. */
static double
first_grid(double rdp)
{
	return rdp > 0 ? fmin(exp2(floor(log2(rdp / POINTS))), COARSEST) : COARSEST;
}

static int
compose(struct flp_loss *loss, const struct flp_tally *a, double h, double epsilon, double delta,
    struct flp_error *e)
{
	int status = flp_loss_init(loss, a->spent, a->n, a->then, a->steps, h, epsilon,
	    delta, e);

	if (status == 0)
		flp_loss_read(loss, a->steps);
	return status;
}

/* Makes *h the step of the next grid, which is finer by 2 or by 4, or returns 0 if epsilon, which
 * fell by `fell`, no longer moves. The error is about proportional to h^2. So a grid that is finer
 * by 4 lowers epsilon 5 times as much as the last halving of its step alone would. */
static int
finer(double *h, int *apart, double fell, double epsilon)
{
	double last = *apart == 4 ? fell / 5 : fell;

	if (!(last > STILL * epsilon))
		return 0;
	*apart = last > 16 * STILL * epsilon ? 4 : 2;
	*h /= *apart;
	return 1;
}

/* Composes on finer and finer grids until epsilon no longer moves; *h is the step of the last. On
 * the first grid it composes three times, each time with a better guess of epsilon. */
static int
by_loss(const struct flp_tally *a, double delta, struct flp_cost *cost, double *h,
    struct flp_error *e)
{
	double last, next = first_grid(cost->rdp), about = isfinite(cost->rdp) ? cost->rdp : 0;
	struct flp_loss loss;
	int status, apart = 2, again = 3;

	do {
		last = again > 0 ? INFINITY : cost->pld;
		if ((status = compose(&loss, a, next, about, delta, e)) != 0)
			return status < 0 ? -1 : 0;
		*h = next;
		cost->pld = flp_loss_epsilon(&loss, delta);
		about = fmin(about, cost->pld);
		flp_loss_free(&loss);
	} while (--again > 0 || finer(&next, &apart, last - cost->pld, cost->pld));
	return 0;
}

/* Returns 1 if PLD can't be used. */
static int
unlost(const struct flp_tally *a, double delta)
{
	return a->proved || !a->profiled || delta < FLP_ACCOUNT_DELTA;
}

int
flp_tally_cost(const struct flp_tally *a, double delta, struct flp_cost *cost, double *h,
    struct flp_error *e)
{
	*cost = (struct flp_cost){ .pld = INFINITY, .delta = delta };
	*h = 0;
	flp_tally_rdp(a, delta, cost);
	if (!a->proved && a->square > 0 && delta > 0)
		cost->pld = flp_exact_epsilon(a->square, delta);
	else if (!unlost(a, delta) && by_loss(a, delta, cost, h, e) < 0)
		return -1;
	cost->epsilon = fmin(fmin(cost->rdp, cost->pld), a->pure);
	return 0;
}

int
flp_account_epsilon(struct flp_cost *cost, const struct flp_spent *spent, size_t n,
    double delta, struct flp_error *e)
{
	struct flp_tally a;
	double h;
	int status;

	*cost = (struct flp_cost){ .delta = delta };
	if (flp_tally_init(&a, spent, n, e) < 0)
		return -1;
	status = flp_tally_check_delta(&a, delta, NULL, e);
	if (status == 0 && n > 0)
		status = flp_tally_cost(&a, delta, cost, &h, e);
	flp_tally_free(&a);
	return status;
}

/* Composes on finer and finer grids, the first of step h, until flp_account_epsilon would stop at
 * this grid with the delta that was found. */
static int
refine_delta(const struct flp_tally *a, double epsilon, double h, double *delta,
    struct flp_error *e)
{
	double before, found = INFINITY, fell;
	struct flp_loss loss, last = { 0 };
	int status, apart = 2;

	do {
		before = found;
		if ((status = compose(&loss, a, h, epsilon, *delta, e)) != 0)
			break;
		found = flp_loss_delta(&loss, epsilon);
		fell = epsilon == 0 ? before - found : last.n == 0 ? INFINITY :
		    flp_loss_epsilon(&last, found) - epsilon;
		flp_loss_free(&last);
		last = loss;
	} while (finer(&h, &apart, fell, epsilon == 0 ? found : epsilon));
	flp_loss_free(&last);
	*delta = fmax(fmin(found, 1), FLP_ACCOUNT_DELTA);
	return status < 0 ? -1 : 0;
}

/* The least delta by PLD. flp_account_epsilon must begin on the same grid with this delta, so if
 * a better guess of delta gives another first grid, the search begins again there. */
static int
delta_by_loss(const struct flp_tally *a, double epsilon, double *delta, struct flp_error *e)
{
	double h = 0, next;
	struct flp_cost cost;

	for (int i = 0; i < 3; i++) {
		flp_tally_rdp(a, *delta, &cost);
		if ((next = first_grid(cost.rdp)) == h)
			return 0;
		h = next;
		if (refine_delta(a, epsilon, h, delta, e) < 0)
			return -1;
	}
	return 0;
}

/* The least delta of a tally that does not hold with `epsilon` at a delta of 0. */
static int
find_delta(const struct flp_tally *a, double epsilon, double *delta, struct flp_error *e)
{
	double lost;

	*delta = 1;
	for (unsigned i = 0; i < FLP_DIVERGENCE_ORDERS; i++)
		*delta = fmin(*delta, flp_divergence_delta(a->divergence[i],
		    flp_divergence_order(i), epsilon));
	lost = *delta;
	if (!a->proved && a->square > 0)
		lost = flp_exact_delta(a->square, epsilon);
	else if (!unlost(a, *delta) && delta_by_loss(a, epsilon, &lost, e) < 0)
		return -1;
	*delta = fmin(*delta, lost);
	return 0;
}

int
flp_account_delta(struct flp_cost *cost, const struct flp_spent *spent, size_t n,
    double epsilon, struct flp_error *e)
{
	struct flp_tally a;
	int status = 0;

	*cost = (struct flp_cost){ .rdp = INFINITY, .pld = INFINITY, .epsilon = epsilon };
	if (!(epsilon >= 0 && epsilon < INFINITY))
		return flp_error_bad(e, "epsilon: expected a finite number of at least 0, found %g",
		    epsilon);
	if (flp_tally_init(&a, spent, n, e) < 0)
		return -1;
	if (!(a.pure <= epsilon))
		status = find_delta(&a, epsilon, &cost->delta, e);
	flp_tally_free(&a);
	return status;
}
