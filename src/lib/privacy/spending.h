/* What releases cost, according to an account of what their records or a ledger say. */
#ifndef FLP_PRIVACY_SPENDING_H
#define FLP_PRIVACY_SPENDING_H

#include "privacy/ledger.h"
#include "privacy/plan.h"
#include "text/texts.h"

#include <stddef.h>

/* Groups of equal releases. All zero is none. */
struct flp_spending {
	struct flp_spent *spent;
	size_t n, room;
	struct flp_texts cohorts; /* the draws of the releases whose sampling counts */
	int insecure; /* 1: the noise of a release came from a test seed, so nothing is private */
	int central;  /* 1: the noise of a release came from a server, which sees what it is sent */
};

void flp_spending_free(struct flp_spending *s);

/* Adds a release whose record, or line of a ledger, has these keys. The noise counts as the
 * metadata say: sigma steps of the lattice, divided by the clip norm, rounded down. A
 * cohort must have been drawn in secret; a release without one counts as one of all
 * clients. Releases of both adjacencies together count under FLP_ADJACENCY_REPLACE.
 * A draw of a cohort may have one release, since two from the same draw are not two samples.
 * FLP_ERROR_BAD names the key that is missing or unfit. */
int flp_spending_add(struct flp_spending *s, const struct flp_meta *release,
    struct flp_error *e) FLP_CHECKED;

/* Adds all lines of a ledger; an error names the line. */
int flp_spending_ledger(struct flp_spending *s, const struct flp_log *ledger,
    struct flp_error *e) FLP_CHECKED;

/* Solves a plan for these releases, of which delta or epsilon is unknown; *cost is what they
 * cost together against readers of what was released. With `proved` only what is proved for
 * noise on whole numbers counts. Afterwards the plan's groups are those of *s. */
int flp_spending_solve(struct flp_spending *s, struct flp_plan *plan, int proved,
    struct flp_cost *cost, struct flp_error *e) FLP_CHECKED;

#endif
