/* Mechanisms: the ways in which a release is made private, and what one release costs. Each
 * mechanism has a line in this table, and is defined as flp_mechanism_NAME in a file of its
 * own. */
#ifndef FLP_PRIVACY_MECHANISM_H
#define FLP_PRIVACY_MECHANISM_H

#include "base/error.h"

#include <stdint.h>

#define FLP_MECHANISMS(mechanism) \
	mechanism(gaussian) \
	mechanism(laplace) \
	mechanism(pure) \
	mechanism(zcdp)

/* Which data sets are neighbours: one has one client more than the other, or one client's
 * data are replaced. If C is the greatest norm of an update, a sum differs by at most C under
 * the first and by at most 2C under the second. */
enum flp_adjacency {
	FLP_ADJACENCY_ADD_REMOVE,
	FLP_ADJACENCY_REPLACE,
};

/* How the clients of a release are drawn, in secret: each with the same probability and
 * independently of the others; a fixed number of them, without replacement; or all take
 * part. */
enum flp_sampling {
	FLP_SAMPLING_POISSON,
	FLP_SAMPLING_FIXED,
	FLP_SAMPLING_NONE,
};

/* Who adds the noise: the server to a sum, or each client to its update. */
enum flp_place {
	FLP_PLACE_CENTRAL,
	FLP_PLACE_LOCAL,
};

/* Names, as base/choice.h says: "add-remove" and "replace"; "poisson", "fixed", "none";
 * "central" and "local". */
const char *flp_adjacency_name(unsigned index);
const char *flp_sampling_name(unsigned index);
const char *flp_place_name(unsigned index);

/* Equal releases. */
struct flp_spent {
	const struct flp_mechanism *mechanism;
	double noise;   /* the number that the mechanism's `parameter` names */
	double rate;    /* a client's probability of being drawn, or the share of the clients that is
	                 * drawn; 1 without sampling */
	uint64_t steps; /* how many releases, at least 1 */
	enum flp_adjacency adjacency;
	enum flp_sampling sampling;
	int proved; /* 1: use only what is proved for noise on whole numbers, which is RDP at whole
	             * orders for Gaussian noise and the pure epsilon for Laplace noise */
};

/* The two orders of a pair of neighbours: the data with the client against those without
 * it, and the reverse. Both count. Under FLP_ADJACENCY_REPLACE they are the same. */
enum flp_direction {
	FLP_DIRECTION_REMOVE,
	FLP_DIRECTION_ADD,
};

/* A mechanism, and functions of one release by it. Wherever `spent` is an argument, it has passed
 * flp_spent_check, and its steps are ignored. */
struct flp_mechanism {
	const char *name;

	/* The name of `noise` on a command line. For gaussian it is "z", the noise's standard
	 * deviation divided by C, whatever the adjacency. For laplace it is "z" too, the noise's
	 * scale divided by the greatest L1 norm. For pure it is "epsilon" and for zcdp "rho", which
	 * hold for the adjacency that is given. */
	const char *parameter;
	int rises; /* 1: the cost rises with `noise`; 0: it falls */

	/* Refuses releases that this mechanism can't account for; NULL if it can account for all. */
	int (*check)(const struct flp_spent *spent, struct flp_error *e);

	/* The Renyi divergence of an order above 1, the greater of both directions; infinite where
	 * no bound is known. */
	double (*divergence)(const struct flp_spent *spent, double order);

	/* The epsilon that holds with delta 0; NULL if there is none. */
	double (*pure)(const struct flp_spent *spent);

	/* (sensitivity / standard deviation)^2 of a Gaussian release without sampling. The cost
	 * of such releases is known exactly, and their squares add up. 0 for another release;
	 * NULL if the mechanism has only other releases. */
	double (*square)(const struct flp_spent *spent);

	/* Returns the privacy profile, or NULL if none is known for this release. The pointer is
	 * NULL if none is known for any. */
	const struct flp_profile *(*profile)(const struct flp_spent *spent);
};

/* The privacy profile of a release, in one direction. */
struct flp_profile {
	/* The least delta that holds with an epsilon of at least 0. */
	double (*delta)(const struct flp_spent *spent, enum flp_direction direction,
	    double epsilon);

	/* The greatest privacy loss that counts: it is above 0, and the probability of a greater
	 * one is below 1e-22. */
	double (*most)(const struct flp_spent *spent, enum flp_direction direction);
};

/* Checks the fields of a group against their ranges and each other; errors are FLP_ERROR_BAD.
 * Fixed samples are allowed only under FLP_ADJACENCY_REPLACE. */
int flp_spent_check(const struct flp_spent *spent, struct flp_error *e) FLP_CHECKED;

/* Reads "MECHANISM PARAMETER=VALUE [q=RATE] [T=STEPS]", with blanks between, as in
 * "gaussian z=1 q=0.01 T=500". Rate and steps are 1 where the text has none; the other fields
 * stay as they are. Anything else is FLP_ERROR_USAGE. */
int flp_spent_parse(struct flp_spent *spent, const char *text, struct flp_error *e) FLP_CHECKED;

/* The names of mechanisms, as base/choice.h says, and the mechanism with the index of a name. */
const char *flp_mechanism_name(unsigned index);
const struct flp_mechanism *flp_mechanism_get(unsigned index);

#define FLP_MECHANISM(name) extern const struct flp_mechanism flp_mechanism_##name;
FLP_MECHANISMS(FLP_MECHANISM)

#endif
