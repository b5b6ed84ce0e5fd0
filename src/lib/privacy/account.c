#include "privacy/account.h"
#include "privacy/divergence.h"
#include "privacy/exact.h"
#include "privacy/loss.h"

#include <math.h>

#define STILL 2e-5     /* PLD: the grid is fine enough if epsilon moves by less than this */
#define POINTS 500     /* of the first grid, up to RDP's epsilon */
#define COARSEST 0x1p-7 /* step of a grid */

/* What is known of groups together. `pure` is infinite, `square` not a number, where one of
 * them has none. */
struct account {
	const struct flp_spent *spent, *then; /* `steps` releases of `then` are in too */
	size_t n;
	uint64_t steps;
	double divergence[FLP_DIVERGENCE_ORDERS];
	double pure, square;
	int proved, profiled;
};

/* Adds what `steps` releases cost. */
static void
add(struct account *a, const struct account *one, double steps)
{
	for (unsigned i = 0; i < FLP_DIVERGENCE_ORDERS; i++)
		a->divergence[i] += steps * one->divergence[i];
	a->pure += steps * one->pure;
	a->square += steps * one->square;
	a->proved = a->proved || one->proved;
	a->profiled = a->profiled && one->profiled;
}

/* What one release costs. */
static void
measure(struct account *one, const struct flp_spent *s)
{
	const struct flp_mechanism *m = s->mechanism;
	double square = m->square == NULL ? 0 : m->square(s);

	*one = (struct account){ .proved = s->proved };
	for (unsigned i = 0; i < FLP_DIVERGENCE_ORDERS; i++)
		one->divergence[i] = m->divergence(s, flp_divergence_order(i));
	one->pure = m->pure == NULL ? INFINITY : m->pure(s);
	one->square = square > 0 ? square : NAN;
	one->profiled = m->profile != NULL && m->profile(s) != NULL;
}

static int
check(const struct flp_spent *s, const struct flp_spent *first, struct flp_error *e)
{
	if (flp_spent_check(s, e) < 0)
		return -1;
	if (s->adjacency != first->adjacency)
		return flp_error_bad(e, "adjacency: expected %s as before, found %s",
		    flp_adjacency_name(first->adjacency), flp_adjacency_name(s->adjacency));
	return 0;
}

static int
begin(struct account *a, const struct flp_spent *spent, size_t n, struct flp_error *e)
{
	struct account one;

	*a = (struct account){ .spent = spent, .n = n, .profiled = 1 };
	for (size_t i = 0; i < n; i++) {
		if (check(&spent[i], &spent[0], e) < 0)
			return n > 1 ? flp_error_at(e, "group %zu", i + 1) : -1;
		measure(&one, &spent[i]);
		add(a, &one, (double)spent[i].steps);
	}
	return 0;
}

static int
check_delta(const struct account *a, double delta, struct flp_error *e)
{
	if (!(delta >= 0 && delta < 1))
		return flp_error_bad(e, "delta: expected at least 0 and below 1, found %g", delta);
	if (delta > 0 || a->pure < INFINITY)
		return 0;
	for (size_t i = 0; i < a->n; i++)
		if (a->spent[i].mechanism->pure == NULL)
			return flp_error_bad(e, "delta: expected above 0 with %s, found 0",
			    a->spent[i].mechanism->name);
	return flp_error_bad(e, "delta: expected above 0, found 0");
}

static void
by_divergence(const struct account *a, double delta, struct flp_cost *cost)
{
	cost->rdp = INFINITY;
	cost->order = 0;
	for (unsigned i = 0; i < FLP_DIVERGENCE_ORDERS && delta > 0; i++) {
		double order = flp_divergence_order(i);
		double epsilon = flp_divergence_epsilon(a->divergence[i], order, delta);

		if (epsilon < cost->rdp) {
			cost->rdp = epsilon;
			cost->order = order;
		}
	}
}

/* Powers of two, so that a little more or less to pay gives the same grid. */
static double
first_grid(double rdp)
{
	return rdp > 0 ? fmin(exp2(floor(log2(rdp / POINTS))), COARSEST) : COARSEST;
}

static int
compose(struct flp_loss *loss, const struct account *a, double h, double epsilon, double delta,
    struct flp_error *e)
{
	int status = flp_loss_init(loss, a->spent, a->n, a->then, a->steps, h, epsilon,
	    delta, e);

	if (status == 0)
		flp_loss_read(loss, a->steps);
	return status;
}

/* Grids become finer by 2 or by 4. The error is about proportional to h^2, so epsilon falls by
 * 5 times as much between grids that are 4 apart as it does from the one between them. Makes
 * *h the next, or returns 0 if epsilon, which fell by `fell`, stands still. */
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

/* Composes on finer and finer grids until epsilon stands still; *h is the last. On the first it
 * composes three times, with a better guess of epsilon each. */
static int
by_loss(const struct account *a, double delta, struct flp_cost *cost, double *h,
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

/* 1 where PLD does not count. */
static int
unlost(const struct account *a, double delta)
{
	return a->proved || !a->profiled || delta < FLP_ACCOUNT_DELTA;
}

static int
find_epsilon(const struct account *a, double delta, struct flp_cost *cost, double *h,
    struct flp_error *e)
{
	*cost = (struct flp_cost){ .pld = INFINITY, .delta = delta };
	*h = 0;
	by_divergence(a, delta, cost);
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
	struct account a;
	double h;

	if (begin(&a, spent, n, e) < 0 || check_delta(&a, delta, e) < 0)
		return -1;
	*cost = (struct flp_cost){ .delta = delta };
	return n == 0 ? 0 : find_epsilon(&a, delta, cost, &h, e);
}

/* Composes on grids from h on, until one of them is that on which flp_account_epsilon comes to
 * a stand with the delta found. */
static int
refine_delta(const struct account *a, double epsilon, double h, double *delta,
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

/* The least delta by losses. With it flp_account_epsilon must begin on the same grid, so a
 * better guess of it is another beginning. */
static int
delta_by_loss(const struct account *a, double epsilon, double *delta, struct flp_error *e)
{
	double h = 0, next;
	struct flp_cost cost;

	for (int i = 0; i < 3; i++) {
		by_divergence(a, *delta, &cost);
		if ((next = first_grid(cost.rdp)) == h)
			return 0;
		h = next;
		if (refine_delta(a, epsilon, h, delta, e) < 0)
			return -1;
	}
	return 0;
}

int
flp_account_delta(struct flp_cost *cost, const struct flp_spent *spent, size_t n,
    double epsilon, struct flp_error *e)
{
	struct account a;
	double delta = 1, lost;

	*cost = (struct flp_cost){ .rdp = INFINITY, .pld = INFINITY, .epsilon = epsilon };
	if (!(epsilon >= 0 && epsilon < INFINITY))
		return flp_error_bad(e, "epsilon: expected a finite number from 0, found %g", epsilon);
	if (begin(&a, spent, n, e) < 0)
		return -1;
	if (a.pure <= epsilon)
		return 0;
	for (unsigned i = 0; i < FLP_DIVERGENCE_ORDERS; i++)
		delta = fmin(delta, flp_divergence_delta(a.divergence[i], flp_divergence_order(i),
		    epsilon));
	lost = delta;
	if (!a.proved && a.square > 0)
		lost = flp_exact_delta(a.square, epsilon);
	else if (!unlost(&a, delta) && delta_by_loss(&a, epsilon, &lost, e) < 0)
		return -1;
	cost->delta = fmin(delta, lost);
	return 0;
}

/* The rounds from `first` to `last`, at most twice as many, on the grid that `first` needs. */
static int
trace_some(struct account *a, const struct account *one, uint64_t first, uint64_t last,
    double delta, flp_account_row *row, void *context, struct flp_error *e)
{
	struct flp_loss loss = { 0 };
	struct flp_cost cost;
	double h;
	int status = 0;

	for (a->steps = first; status == 0 && a->steps <= last; a->steps++) {
		add(a, one, 1);
		if (loss.n == 0) {
			status = find_epsilon(a, delta, &cost, &h, e);
		} else {
			cost = (struct flp_cost){ .delta = delta };
			by_divergence(a, delta, &cost);
			flp_loss_read(&loss, 1);
			cost.pld = flp_loss_epsilon(&loss, delta);
			cost.epsilon = fmin(fmin(cost.rdp, cost.pld), a->pure);
		}
		if (status == 0 && a->steps == first && h > 0 && last > first &&
		    (status = flp_loss_init(&loss, a->spent, a->n, a->then, last, h,
		    cost.epsilon, delta, e)) == 0)
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
	struct account a, one;
	uint64_t last;
	int status = 0;

	if (begin(&a, spent, n, e) < 0 || check(then, n > 0 ? spent : then, e) < 0)
		return -1;
	measure(&one, then);
	a.then = then;
	for (uint64_t first = 1; status == 0 && first <= then->steps; first = last + 1) {
		last = first < then->steps / 2 ? 2 * first : then->steps;
		status = trace_some(&a, &one, first, last, delta, row, context, e);
	}
	return status;
}
