/* Laplace noise. Add-remove compares (1-q) L(0) + q L(1) with L(0), where L(m) is a Laplace
 * density of mean m and scale b. Under replace the means are 2 apart, and only the pure epsilon is
 * used for a sample. */
#include "kernel/normal.h"
#include "privacy/divergence.h"
#include "privacy/pure.h"

#include <math.h>
#include <stddef.h>

#define INTERVALS 1e6 /* the most that Simpson's rule may use */

/* The scale divided by the distance of two neighbours. */
static double
scale(const struct flp_spent *s)
{
	return s->adjacency == FLP_ADJACENCY_REPLACE ? s->noise / 2 : s->noise;
}

/* Under replace, the ratio of the densities on a sample is ((1-q) + q B/A) / ((1-q) + q B'/A),
 * where B/A and B'/A are between e^(-1/b) and e^(1/b). For a fixed sample the means of A and B are
 * 2 apart as well. */
static double
pure(const struct flp_spent *s)
{
	if (s->adjacency == FLP_ADJACENCY_REPLACE && s->sampling == FLP_SAMPLING_POISSON)
		return flp_pure_sampled(1 / s->noise, s->rate) -
		    log1p(s->rate * expm1(-1 / s->noise));
	return flp_pure_sampled(1 / scale(s), s->rate);
}

/* Returns 1 where only the pure epsilon is used. The pure epsilon is the same for noise on whole
 * numbers, but the divergences of that noise are a little above those of continuous noise. */
static int
only_pure(const struct flp_spent *s)
{
	return s->proved || (s->adjacency == FLP_ADJACENCY_REPLACE && s->rate < 1);
}

/* ln of the ratio of the densities at x, which is from 0 to 1; beyond both ends it is constant. */
static double
loss(const struct flp_spent *s, double x)
{
	return flp_normal_log_mixed(s->rate, (2 * x - 1) / scale(s));
}

/* ln E w^power, where w is that ratio at a value of L(0), by Simpson's rule between 0 and 1.
 * An interval is so short that the relative error is below 1e-9. */
static double
log_moment(const struct flp_spent *s, double power)
{
	double b = scale(s), n = 2 * ceil(25 * (2 * fabs(power) + 1) / b + 10), sum = 0;
	double low = power * loss(s, 0), high = power * loss(s, 1), top = fmax(low, high);

	if (!(n <= INTERVALS))
		return INFINITY;
	for (long k = 0; k <= (long)n; k++) {
		double x = (double)k / n, weight = k == 0 || k == (long)n ? 1 : k % 2 ? 4 : 2;

		sum += weight * exp(power * loss(s, x) - x / b - top);
	}
	return top + log((exp(low - top) + exp(high - 1 / b - top) + sum / (3 * n * b)) / 2);
}

/* Without sampling, Mironov 2017, proposition 6. */
static double
divergence(const struct flp_spent *s, double order)
{
	double b = scale(s), log_sum;

	if (only_pure(s))
		return flp_divergence_pure(pure(s), order);
	if (s->rate < 1)
		log_sum = fmax(log_moment(s, order), log_moment(s, 1 - order));
	else
		log_sum = (order - 1) / b + log((order + (order - 1) * exp(-(2 * order - 1) / b)) /
		    (2 * order - 1));
	return fmin(fmax(log_sum, 0) / (order - 1), pure(s));
}

static double
pure_delta(const struct flp_spent *s, enum flp_direction direction, double epsilon)
{
	(void)direction;
	return flp_pure_delta(pure(s), epsilon);
}

/* `with` and `without` are the probabilities, under L(1) and L(0), of the values whose loss is
 * above epsilon. */
static double
delta(const struct flp_spent *s, enum flp_direction direction, double epsilon)
{
	int remove = direction == FLP_DIRECTION_REMOVE;
	double b = scale(s), ratio = remove ? epsilon : -epsilon, x, with, without;

	if (remove ? ratio >= loss(s, 1) : ratio <= loss(s, 0))
		return 0;
	x = fmin(fmax((1 + b * log1p(expm1(ratio) / s->rate)) / 2, 0), 1);
	if (remove) {
		without = exp(-x / b) / 2;
		with = 1 - exp((x - 1) / b) / 2;
		return s->rate * (with - without) - expm1(epsilon) * without;
	}
	without = 1 - exp(-x / b) / 2;
	with = exp((x - 1) / b) / 2;
	return exp(epsilon) * s->rate * (without - with) - expm1(epsilon) * without;
}

static double
most(const struct flp_spent *s, enum flp_direction direction)
{
	if (only_pure(s))
		return pure(s);
	return direction == FLP_DIRECTION_REMOVE ? loss(s, 1) : -loss(s, 0);
}

static const struct flp_profile *
profile(const struct flp_spent *s)
{
	static const struct flp_profile exact = { delta, most }, response = { pure_delta, most };

	return only_pure(s) ? &response : &exact;
}

const struct flp_mechanism flp_mechanism_laplace = {
	.name = "laplace",
	.parameter = "z",
	.divergence = divergence,
	.pure = pure,
	.profile = profile,
};
