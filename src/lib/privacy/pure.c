#include "privacy/pure.h"
#include "kernel/normal.h"
#include "privacy/divergence.h"

#include <math.h>
#include <stddef.h>

double
flp_pure_sampled(double epsilon, double rate)
{
	return flp_normal_log_mixed(rate, epsilon);
}

double
flp_pure_delta(double pure, double epsilon)
{
	if (epsilon >= pure)
		return 0;
	return -expm1(epsilon - pure) / (1 + exp(-pure));
}

/* An epsilon under replace does not compare a sample that has the client with one that does not.
 * So a Poisson sample, whose size is not fixed, need not lower it. */
static double
pure(const struct flp_spent *s)
{
	if (s->adjacency == FLP_ADJACENCY_REPLACE && s->sampling == FLP_SAMPLING_POISSON)
		return s->noise;
	return flp_pure_sampled(s->noise, s->rate);
}

static double
divergence(const struct flp_spent *s, double order)
{
	return flp_divergence_pure(pure(s), order);
}

static double
delta(const struct flp_spent *s, enum flp_direction direction, double epsilon)
{
	(void)direction;
	return flp_pure_delta(pure(s), epsilon);
}

static double
most(const struct flp_spent *s, enum flp_direction direction)
{
	(void)direction;
	return pure(s);
}

static const struct flp_profile *
profile(const struct flp_spent *s)
{
	static const struct flp_profile response = { delta, most };

	(void)s;
	return &response;
}

const struct flp_mechanism flp_mechanism_pure = {
	.name = "pure",
	.parameter = "epsilon",
	.rises = 1,
	.divergence = divergence,
	.pure = pure,
	.profile = profile,
};
