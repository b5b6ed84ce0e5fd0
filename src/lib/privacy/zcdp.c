/* Mechanisms of which only rho is known: Bun, Steinke 2016. */
#include "privacy/mechanism.h"

static int
check(const struct flp_spent *s, struct flp_error *e)
{
	if (s->rate == 1)
		return 0;
	return flp_error_bad(e, "rate: expected 1 with zcdp, which sampling does not amplify, found "
	    "%g", s->rate);
}

static double
divergence(const struct flp_spent *s, double order)
{
	return s->noise * order;
}

const struct flp_mechanism flp_mechanism_zcdp = {
	.name = "zcdp",
	.parameter = "rho",
	.rises = 1,
	.check = check,
	.divergence = divergence,
};
