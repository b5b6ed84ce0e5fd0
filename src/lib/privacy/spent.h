/* What releases cost, as an account counts it, from what their records or a ledger say. */
#ifndef FLP_PRIVACY_SPENT_H
#define FLP_PRIVACY_SPENT_H

#include "format/meta.h"
#include "privacy/account.h"

#include <stddef.h>

/* Groups of equal releases. All zero is none. */
struct flp_spending {
	struct flp_spent *spent;
	size_t n, room;
	int insecure; /* 1: a release had the noise of a test seed, so nothing is private */
	int local;    /* 1: each had the noise of one client's own */
};

void flp_spending_free(struct flp_spending *s);

/* Adds a release whose record, or line of a ledger, has these keys. The noise counts as the
 * metadata say it was drawn: sigma steps of the lattice, by the clip norm, rounded down. A
 * cohort that was drawn in secret counts; all other releases are of all clients. Releases of
 * both adjacencies together count under FLP_ADJACENCY_REPLACE. FLP_ERROR_BAD names the key
 * that is missing or unfit. */
int flp_spending_add(struct flp_spending *s, const struct flp_meta *release,
    struct flp_error *e) FLP_CHECKED;

/* What all cost together against readers of what was released. */
int flp_spending_cost(struct flp_spending *s, double delta, struct flp_cost *cost,
    struct flp_error *e) FLP_CHECKED;

#endif
