/* Gaussian noise. Its privacy profiles are those of PLDs in use elsewhere: with N(m) a normal
 * density of mean m and deviation sigma, add-remove compares (1-q) N(0) + q N(1) with N(0),
 * and replace compares (1-q) N(0) + q N(1) with (1-q) N(0) + q N(-1). */
#include "kernel/normal.h"
#include "privacy/divergence.h"
#include "privacy/mechanism.h"

#include <math.h>
#include <stddef.h>

#define TAIL 10 /* deviations with less than 1e-23 beyond them */

static double
divergence(const struct flp_spent *s, double order)
{
	if (s->proved && order != floor(order))
		return INFINITY;
	if (s->adjacency == FLP_ADJACENCY_ADD_REMOVE)
		return flp_divergence_sampled(s->rate, s->noise, order);
	if (s->sampling == FLP_SAMPLING_FIXED || s->proved)
		return flp_divergence_fixed(s->rate, s->noise / 2, order, s->proved);
	return flp_divergence_replaced(s->rate, s->noise, order);
}

static double
square(const struct flp_spent *s)
{
	double sensitivity = s->adjacency == FLP_ADJACENCY_REPLACE ? 2 : 1;

	return s->rate < 1 ? 0 : sensitivity * sensitivity / (s->noise * s->noise);
}

/* ln of the ratio of the densities of (1-q) N(0) + q N(1) and N(0) at x */
static double
sampled_loss(const struct flp_spent *s, double x)
{
	return flp_normal_log_mixed(s->rate, (2 * x - 1) / (2 * s->noise * s->noise));
}

/* The x at which sampled_loss is `loss`, or -infinity if it is greater everywhere. In the other
 * direction `loss` is the negative of a loss, so it is below 0. */
static double
sampled_at(const struct flp_spent *s, double loss)
{
	double u = s->rate >= 1 ? loss : expm1(loss) / s->rate <= -1 ? -INFINITY :
	    log1p(expm1(loss) / s->rate);

	return s->noise * s->noise * u + 0.5;
}

static double
sampled_delta(const struct flp_spent *s, enum flp_direction direction, double epsilon)
{
	double q = s->rate, sigma = s->noise, x, without, with;

	if (direction == FLP_DIRECTION_REMOVE) {
		x = sampled_at(s, epsilon);
		without = flp_normal_tail(x / sigma);
		with = flp_normal_tail((x - 1) / sigma);
		return q * (with - without) - expm1(epsilon) * without;
	}
	x = sampled_at(s, -epsilon);
	without = flp_normal_tail(-x / sigma);
	with = flp_normal_tail((1 - x) / sigma);
	return exp(epsilon) * q * (without - with) - expm1(epsilon) * without;
}

static double
sampled_most(const struct flp_spent *s, enum flp_direction direction)
{
	return direction == FLP_DIRECTION_REMOVE ? sampled_loss(s, 1 + TAIL * s->noise) :
	    -sampled_loss(s, -TAIL * s->noise);
}

/* The x > 0 where the ratio of the two mixtures of replace is e^loss, for loss > 0. With
 * t = e^(x / sigma^2) and c = e^(-1 / 2 sigma^2) the ratio is
 *     ((1-q) + q c t) / ((1-q) + q c / t),
 * so t solves q c t^2 - (e^loss - 1) (1-q) t - e^loss q c = 0. */
static double
replaced_at(const struct flp_spent *s, double loss)
{
	double variance = s->noise * s->noise, c = exp(-1 / (2 * variance));
	double a = expm1(loss) * (1 - s->rate) / (2 * s->rate);

	return variance * log(a + hypot(a, exp(loss / 2) * c)) + 0.5;
}

/* Both directions are the same, by reflection. */
static double
replaced_delta(const struct flp_spent *s, enum flp_direction direction, double epsilon)
{
	double sigma = s->noise, x = epsilon > 0 ? replaced_at(s, epsilon) : 0;
	double plus = flp_normal_tail((x - 1) / sigma), minus = flp_normal_tail((x + 1) / sigma);
	double second = (1 - s->rate) * flp_normal_tail(x / sigma) + s->rate * minus;

	(void)direction;
	return s->rate * (plus - minus) - expm1(epsilon) * second;
}

static double
replaced_most(const struct flp_spent *s, enum flp_direction direction)
{
	double x = 1 + TAIL * s->noise, minus = (-2 * x - 1) / (2 * s->noise * s->noise);

	(void)direction;
	return sampled_loss(s, x) - log1p(s->rate * expm1(minus));
}

/* Without sampling, replace is add-remove at twice the distance. If no release is sampled, `square`
 * accounts for all of them; if some are, the formulas above hold for a rate of 1 too. */
static const struct flp_profile *
profile(const struct flp_spent *s)
{
	static const struct flp_profile sampled = { sampled_delta, sampled_most };
	static const struct flp_profile replaced = { replaced_delta, replaced_most };

	if (s->adjacency == FLP_ADJACENCY_ADD_REMOVE)
		return &sampled;
	return s->sampling == FLP_SAMPLING_FIXED && s->rate < 1 ? NULL : &replaced;
}

const struct flp_mechanism flp_mechanism_gaussian = {
	.name = "gaussian",
	.parameter = "z",
	.divergence = divergence,
	.square = square,
	.profile = profile,
};
