/* Checks the terms on which a site takes part in a masked sum against its policy (privacy/site.h):
 * the number of clients, how many of them open the sum, the security of the masks, and who is in
 * the roster. If the policy names a roster file, the roster must be that one. If it names the
 * public key of an authority, the authority must have signed each member or, where there is no
 * roster, be the one that is trusted. */
#ifndef FLP_MASK_TERMS_H
#define FLP_MASK_TERMS_H

#include "mask/roster.h"
#include "privacy/site.h"

struct flp_terms {
	uint64_t clients, threshold;
	unsigned bits;
	struct flp_trust trust; /* without a roster: the fleet does not hold one */
};

int flp_terms_check(const struct flp_terms *terms, const struct flp_site *site,
    struct flp_error *e) FLP_CHECKED;

/* The roster in the policy's file, where it names one; to be freed. */
int flp_terms_roster(struct flp_roster *pinned, const struct flp_site *site,
    struct flp_error *e) FLP_CHECKED;

#endif
