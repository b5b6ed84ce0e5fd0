/* What a policy says about the sum that a masked record belongs to, as far as the record shows.
 * fl-mask checks the whole policy before it makes the record (mask/terms.h). */
#ifndef FLP_MASK_ASKED_H
#define FLP_MASK_ASKED_H

#include "format/header.h"
#include "privacy/site.h"

/* Checks one line of the policy: `limit` is its min_clients, min_threshold, min_bits, roster or
 * authority. Returns 0 if the line allows the record, -1 with FLP_ERROR_BAD if it does not, and 1
 * if the record does not show. A record names its roster. If that is the roster in the policy's
 * file, the members are known; in fleet mode, however, not how many of them are clients of the
 * round. */
int flp_asked_masked(const struct flp_header *h, const struct flp_site *site,
    const struct flp_site_limit *limit, struct flp_error *e) FLP_CHECKED;

#endif
