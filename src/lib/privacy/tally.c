#include "privacy/tally.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

void
flp_tally_free(struct flp_tally *t)
{
	free(t->spent);
	*t = (struct flp_tally){ 0 };
}

void
flp_tally_add(struct flp_tally *t, const struct flp_tally *one, double steps)
{
	for (unsigned i = 0; i < FLP_DIVERGENCE_ORDERS; i++)
		t->divergence[i] += steps * one->divergence[i];
	t->pure += steps * one->pure;
	t->square += steps * one->square;
	t->proved = t->proved || one->proved;
	t->profiled = t->profiled && one->profiled;
}

void
flp_tally_one(struct flp_tally *one, const struct flp_spent *s)
{
	const struct flp_mechanism *m = s->mechanism;
	double square = m->square == NULL ? 0 : m->square(s);

	*one = (struct flp_tally){ .proved = s->proved };
	for (unsigned i = 0; i < FLP_DIVERGENCE_ORDERS; i++)
		one->divergence[i] = m->divergence(s, flp_divergence_order(i));
	one->pure = m->pure == NULL ? INFINITY : m->pure(s);
	one->square = square > 0 ? square : NAN;
	one->profiled = m->profile != NULL && m->profile(s) != NULL;
}

int
flp_tally_check(const struct flp_tally *t, const struct flp_spent *s, struct flp_error *e)
{
	if (flp_spent_check(s, e) < 0)
		return -1;
	if (t->n > 0 && s->adjacency != t->spent[0].adjacency)
		return flp_error_bad(e, "adjacency: expected %s as before, found %s",
		    flp_adjacency_name(t->spent[0].adjacency), flp_adjacency_name(s->adjacency));
	return 0;
}

/* Compares everything but the steps and the adjacency, which all groups share. */
static int
equal(const struct flp_spent *a, const struct flp_spent *b)
{
	return a->mechanism == b->mechanism && a->noise == b->noise && a->rate == b->rate &&
	    a->sampling == b->sampling && !a->proved == !b->proved;
}

static int
merge(struct flp_tally *t, const struct flp_spent *s, struct flp_error *e)
{
	if (flp_tally_check(t, s, e) < 0)
		return -1;
	for (size_t i = 0; i < t->n; i++) {
		if (!equal(&t->spent[i], s))
			continue;
		if (__builtin_add_overflow(t->spent[i].steps, s->steps, &t->spent[i].steps))
			return flp_error_bad(e, "steps: expected fewer than 2^64 in all");
		return 0;
	}
	t->spent[t->n++] = *s;
	return 0;
}

int
flp_tally_init(struct flp_tally *t, const struct flp_spent *spent, size_t n, struct flp_error *e)
{
	struct flp_tally one;

	*t = (struct flp_tally){ .profiled = 1 };
	if ((t->spent = flp_memory_new(n, sizeof *t->spent, e)) == NULL)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (merge(t, &spent[i], e) < 0) {
			flp_tally_free(t);
			return n > 1 ? flp_error_at(e, "group %zu", i + 1) : -1;
		}
	for (size_t i = 0; i < t->n; i++) {
		flp_tally_one(&one, &t->spent[i]);
		flp_tally_add(t, &one, (double)t->spent[i].steps);
	}
	return 0;
}

int
flp_tally_check_delta(const struct flp_tally *t, double delta, const struct flp_spent *then,
    struct flp_error *e)
{
	const struct flp_mechanism *m = then == NULL ? NULL : then->mechanism;

	if (!(delta >= 0 && delta < 1))
		return flp_error_bad(e, "delta: expected at least 0 and below 1, found %g", delta);
	for (size_t i = 0; i < t->n && (m == NULL || m->pure != NULL); i++)
		m = t->spent[i].mechanism;
	if (delta > 0 || m == NULL || m->pure != NULL)
		return 0;
	return flp_error_bad(e, "delta: expected above 0 with %s, found 0", m->name);
}

void
flp_tally_rdp(const struct flp_tally *t, double delta, struct flp_cost *cost)
{
	cost->rdp = INFINITY;
	cost->order = 0;
	for (unsigned i = 0; i < FLP_DIVERGENCE_ORDERS && delta > 0; i++) {
		double order = flp_divergence_order(i);
		double epsilon = flp_divergence_epsilon(t->divergence[i], order, delta);

		if (epsilon < cost->rdp) {
			cost->rdp = epsilon;
			cost->order = order;
		}
	}
}
