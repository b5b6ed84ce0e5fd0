/* Epsilon and delta of a distribution of losses. */
#include "privacy/loss.h"

#include <math.h>

#define ROUNDING 1e-14 /* of the tilted probabilities, which add up to 1 */

/* A scan from the greatest loss down. `above` is the probability of a loss above k h, and
 * `weighed` is the sum of these probabilities, each times e^(k h - loss). For an epsilon from k h
 * to the next point, delta is above - weighed e^(epsilon - k h). */
struct scan {
	const struct flp_loss *loss;
	int d;
	long k;
	double above, weighed, falls;
};

static struct scan
scan_begin(const struct flp_loss *loss, int d)
{
	return (struct scan){ loss, d, loss->least[d] + (long)loss->n - 1, loss->infinite[d], 0,
		exp(-loss->h) };
}

/* The factor that undoes the tilt at k h, for the mass and for the rounding errors. */
static double
untilted(const struct scan *s)
{
	return exp(s->loss->all[s->d].scale - s->loss->tilt[s->d] * s->loss->h * (double)s->k);
}

static void
scan_down(struct scan *s)
{
	double mass = s->loss->mass[s->d][(size_t)s->k & (s->loss->n - 1)] * untilted(s);

	s->above += mass;
	s->weighed = (s->weighed + mass) * s->falls;
	s->k--;
}

/* The bound on rounding errors is added, so they may make epsilon and delta greater but not
 * smaller. */
static double
epsilon_one(const struct flp_loss *loss, int d, double delta)
{
	struct scan s = scan_begin(loss, d);
	double left;

	if (!(loss->infinite[d] <= delta))
		return INFINITY;
	while (s.k >= 0 && s.k >= loss->least[d] &&
	    s.above - s.weighed + ROUNDING * untilted(&s) <= delta)
		scan_down(&s);
	left = s.above + ROUNDING * untilted(&s) - delta;
	return left <= 0 ? 0 : fmax((double)s.k * loss->h + fmin(log(left / s.weighed), loss->h), 0);
}

static double
delta_one(const struct flp_loss *loss, int d, double epsilon)
{
	struct scan s = scan_begin(loss, d);

	while (s.k >= loss->least[d] && (double)s.k * loss->h > epsilon)
		scan_down(&s);
	return fmin(fmax(s.above - s.weighed * exp(epsilon - (double)s.k * loss->h), 0) +
	    ROUNDING * untilted(&s), 1);
}

double
flp_loss_epsilon(const struct flp_loss *loss, double delta)
{
	return fmax(epsilon_one(loss, 0, delta), epsilon_one(loss, 1, delta));
}

double
flp_loss_delta(const struct flp_loss *loss, double epsilon)
{
	return fmax(delta_one(loss, 0, epsilon), delta_one(loss, 1, epsilon));
}
