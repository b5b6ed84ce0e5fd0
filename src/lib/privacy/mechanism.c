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

const char *
flp_place_name(unsigned index)
{
	static const char *const name[] = {
		[FLP_PLACE_CENTRAL] = "central",
		[FLP_PLACE_LOCAL] = "local",
	};

	return index < sizeof name / sizeof *name ? name[index] : NULL;
}
