/* What releases cost, from the metadata of their records or from the lines of a ledger. */
#ifndef FLP_PRIVACY_SPENDING_H
#define FLP_PRIVACY_SPENDING_H

#include "privacy/ledger.h"
#include "privacy/plan.h"
#include "text/texts.h"

#include <stddef.h>

/* Groups of equal releases. All zero: there are none. */
struct flp_spending {
	struct flp_spent *spent;
	size_t n, room;
	struct flp_texts cohorts; /* the key `cohort` of each release that has a sampling */
	int insecure; /* 1: the noise of a release came from a test seed, so nothing is private */
	int central;  /* 1: the noise of a release came from a server, which sees what it is sent */
};

void flp_spending_free(struct flp_spending *s);

/* Adds a release whose record, or line of a ledger, has these keys. Its noise is that of the
 * metadata: sigma steps of the lattice, divided by the clip norm, rounded down. A cohort must
 * have been drawn in secret; a release without one counts as one of all clients. If there are
 * releases of both adjacencies, all count under FLP_ADJACENCY_REPLACE. A draw of a cohort may have
 * one release, since two releases of one draw are not two samples. The error, FLP_ERROR_BAD, names
 * the key that is missing or unfit. */
int flp_spending_add(struct flp_spending *s, const struct flp_meta *release,
    struct flp_error *e) FLP_CHECKED;

/* Adds all lines of a ledger; an error names the line. */
int flp_spending_ledger(struct flp_spending *s, const struct flp_log *ledger,
    struct flp_error *e) FLP_CHECKED;

/* Solves a plan whose delta or epsilon is unknown for these releases, and sets *cost to what they
 * cost together against readers of what was released. If `proved` is 1, only what is proved for
 * noise on whole numbers is used. Afterwards the plan's groups are those of *s. */
int flp_spending_solve(struct flp_spending *s, struct flp_plan *plan, int proved,
    struct flp_cost *cost, struct flp_error *e) FLP_CHECKED;

#endif
