/* Checks the terms on which a site takes part in a masked sum against its policy (privacy/site.h):
 * the number of clients, how many of them are needed to open the sum, the security of the masks,
 * and the roster. If the policy names a roster file, the roster must be that one. If it names the
 * public key of an authority, that authority must have signed each member or, if the fleet has no
 * roster, must be the authority of `trust`. */
#ifndef FLP_MASK_TERMS_H
#define FLP_MASK_TERMS_H

#include "mask/roster.h"
#include "privacy/site.h"

struct flp_terms {
	uint64_t clients, threshold;
	unsigned bits;
	struct flp_trust trust; /* its roster is NULL if the clients of a fleet do not have one */
};

int flp_terms_check(const struct flp_terms *terms, const struct flp_site *site,
    struct flp_error *e) FLP_CHECKED;

/* Loads the roster in the file that the policy names; the policy must name one. The caller frees
 * *pinned. */
int flp_terms_roster(struct flp_roster *pinned, const struct flp_site *site,
    struct flp_error *e) FLP_CHECKED;

#endif
