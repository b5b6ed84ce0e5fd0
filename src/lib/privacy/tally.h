/* What is known of groups of releases before the accountants compose them. Shared by the files
 * of accounts (account.h) alone. */
#ifndef FLP_PRIVACY_TALLY_H
#define FLP_PRIVACY_TALLY_H

#include "privacy/account.h"
#include "privacy/divergence.h"

struct flp_tally {
	struct flp_spent *spent; /* the groups; equal ones are merged */
	size_t n;
	const struct flp_spent *then; /* `steps` releases of this group are included too */
	uint64_t steps;
	double divergence[FLP_DIVERGENCE_ORDERS];
	double pure, square; /* if a release has none: infinite, and NaN */
	int proved, profiled;
};

/* Checks n groups and adds them up. The caller frees the tally. */
int flp_tally_init(struct flp_tally *tally, const struct flp_spent *spent, size_t n,
    struct flp_error *e) FLP_CHECKED;
void flp_tally_free(struct flp_tally *tally);

/* flp_tally_one makes `tally`, which holds no memory, that of one release; flp_tally_add adds
 * `steps` times such a tally. */
void flp_tally_one(struct flp_tally *tally, const struct flp_spent *spent);
void flp_tally_add(struct flp_tally *tally, const struct flp_tally *one, double steps);

/* Checks a group that is to be released after them. */
int flp_tally_check(const struct flp_tally *tally, const struct flp_spent *spent,
    struct flp_error *e) FLP_CHECKED;

/* Checks a delta for them and, if it is not NULL, for `then`. */
int flp_tally_check_delta(const struct flp_tally *tally, double delta, const struct flp_spent *then,
    struct flp_error *e) FLP_CHECKED;

/* Sets `rdp` and `order` of the cost. */
void flp_tally_rdp(const struct flp_tally *tally, double delta, struct flp_cost *cost);

/* Sets all fields of the cost. *h is the step of the last grid, 0 if there was none. */
int flp_tally_cost(const struct flp_tally *tally, double delta, struct flp_cost *cost, double *h,
    struct flp_error *e) FLP_CHECKED;

#endif
