/* The guard that a release must pass before it leaves: the ledger, and the limits on what all
 * releases in the ledger may cost. The release is held in a temporary file without a name until
 * its line in the ledger is on the disk. If it is refused, nothing of it leaves. */
#ifndef FLP_PRIVACY_GUARD_H
#define FLP_PRIVACY_GUARD_H

#include "base/out.h"
#include "privacy/ledger.h"
#include "privacy/site.h"

struct flp_guard {
	/* What the caller decides. */
	const char *ledger;    /* a path; NULL: that of the site's policy, if it has one */
	double epsilon, delta; /* the most that all releases may cost; delta = 0: no limit */
	const struct flp_site *site; /* settled; it must outlive the guard */

	struct flp_out *to; /* where releases go */
	struct flp_out held;
};

/* Begins with the caller's decisions. FLP_ERROR_USAGE if a limit has no ledger, or if the
 * ledger is not that of the site's policy. */
int flp_guard_begin(struct flp_guard *g, struct flp_out *to, struct flp_error *e) FLP_CHECKED;
void flp_guard_end(struct flp_guard *g);

/* Returns 1 if releases are held: then they must be written to g->held, one at a time, otherwise
 * to g->to. */
int flp_guard_holds(const struct flp_guard *g);

/* Adds a line to the ledger for the release that is held, which has this header and digest, and
 * sends it to g->to. FLP_ERROR_BAD if the ledger is damaged or has a release of the same cohort,
 * or if this release would exceed a limit; the message says which. */
int flp_guard_pass(struct flp_guard *g, const struct flp_header *release,
    const struct flp_digest *digest, struct flp_error *e) FLP_CHECKED;

#endif
