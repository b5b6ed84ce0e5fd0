#include "privacy/mechanism.h"

#include <math.h>
#include <stddef.h>

#define ENTRY(name) &flp_mechanism_##name,
static const struct flp_mechanism *const mechanisms[] = { FLP_MECHANISMS(ENTRY) };
#define MECHANISMS (sizeof mechanisms / sizeof *mechanisms)

const char *
flp_mechanism_name(unsigned index)
{
	return index < MECHANISMS ? mechanisms[index]->name : NULL;
}

const struct flp_mechanism *
flp_mechanism_get(unsigned index)
{
	return index < MECHANISMS ? mechanisms[index] : NULL;
}

const char *
flp_adjacency_name(unsigned index)
{
	static const char *const name[] = {
		[FLP_ADJACENCY_ADD_REMOVE] = "add-remove",
		[FLP_ADJACENCY_REPLACE] = "replace",
	};

	return index < sizeof name / sizeof *name ? name[index] : NULL;
}

const char *
flp_sampling_name(unsigned index)
{
	static const char *const name[] = {
		[FLP_SAMPLING_POISSON] = "poisson",
		[FLP_SAMPLING_FIXED] = "fixed",
		[FLP_SAMPLING_NONE] = "none",
	};

	return index < sizeof name / sizeof *name ? name[index] : NULL;
}

int
flp_spent_check(const struct flp_spent *s, struct flp_error *e)
{
	if (s->mechanism == NULL || flp_adjacency_name(s->adjacency) == NULL ||
	    flp_sampling_name(s->sampling) == NULL)
		return flp_error_misuse(e, "expected a mechanism, an adjacency and a sampling");
	if (!(s->noise > 0 && s->noise < INFINITY))
		return flp_error_bad(e, "%s: expected a finite number above 0, found %g",
		    s->mechanism->parameter, s->noise);
	if (!(s->rate > 0 && s->rate <= 1))
		return flp_error_bad(e, "rate: expected a number above 0 and at most 1, found %g",
		    s->rate);
	if (s->steps == 0)
		return flp_error_bad(e, "steps: expected at least 1, found 0");
	if (s->sampling == FLP_SAMPLING_NONE && s->rate < 1)
		return flp_error_bad(e, "rate: expected 1 without sampling, found %g", s->rate);
	if (s->sampling == FLP_SAMPLING_FIXED && s->adjacency != FLP_ADJACENCY_REPLACE)
		return flp_error_bad(e, "adjacency: expected replace with fixed samples, found %s",
		    flp_adjacency_name(s->adjacency));
	return s->mechanism->check == NULL ? 0 : s->mechanism->check(s, e);
}
