/* Tallies: what is known of groups of releases before the accountants compose them. For the files
 * that implement account.h alone. */
#ifndef FLP_PRIVACY_TALLY_H
#define FLP_PRIVACY_TALLY_H

#include "privacy/account.h"
#include "privacy/divergence.h"

struct flp_tally {
	struct flp_spent *spent; /* the groups; equal ones are merged */
	size_t n;
	const struct flp_spent *then; /* `steps` releases of this group are included too */
	uint64_t steps;
	double divergence[FLP_DIVERGENCE_ORDERS]; /* sums over all releases, by order */
	double pure;   /* sum of the pure epsilons; infinite if a release has none */
	double square; /* sum of mechanism->square; NaN if a release has none */
	int proved;    /* 1: a group counts only what is proved (flp_spent's `proved`) */
	int profiled;  /* 1: every group has a privacy profile */
};

/* Checks n groups and adds them up. The caller frees the tally. */
int flp_tally_init(struct flp_tally *tally, const struct flp_spent *spent, size_t n,
    struct flp_error *e) FLP_CHECKED;
void flp_tally_free(struct flp_tally *tally);

/* flp_tally_one sets *tally to that of one release, with nothing to free. flp_tally_add adds such
 * a tally to another, `steps` times. */
void flp_tally_one(struct flp_tally *tally, const struct flp_spent *spent);
void flp_tally_add(struct flp_tally *tally, const struct flp_tally *one, double steps);

/* Checks a group that is to be released after those of the tally. */
int flp_tally_check(const struct flp_tally *tally, const struct flp_spent *spent,
    struct flp_error *e) FLP_CHECKED;

/* Checks a delta for the groups of the tally and, if `then` is not NULL, for that group too. */
int flp_tally_check_delta(const struct flp_tally *tally, double delta, const struct flp_spent *then,
    struct flp_error *e) FLP_CHECKED;

/* Sets `rdp` and `order` of the cost. */
void flp_tally_rdp(const struct flp_tally *tally, double delta, struct flp_cost *cost);

/* Sets all fields of the cost. Sets *h to the step of PLD's last grid, or to 0 if PLD was not
 * used. */
int flp_tally_cost(const struct flp_tally *tally, double delta, struct flp_cost *cost, double *h,
    struct flp_error *e) FLP_CHECKED;

#endif
