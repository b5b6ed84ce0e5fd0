/* What a policy says about the sum that a masked record belongs to, as far as the record shows it.
 * fl-mask checks all of it before it makes the record (mask/terms.h). */
#ifndef FLP_MASK_ASKED_H
#define FLP_MASK_ASKED_H

#include "format/header.h"
#include "privacy/site.h"

/* Checks one line of the policy, min_clients, min_threshold, min_bits, roster or authority: 0 if it
 * allows the record, -1 with FLP_ERROR_BAD if it does not, 1 if the record does not show it. A
 * record names its roster, which tells about the members if it is the one in the policy's file. In
 * fleet mode it does not tell how many of them are clients of the round. */
int flp_asked_masked(const struct flp_header *h, const struct flp_site *site,
    const struct flp_site_limit *limit, struct flp_error *e) FLP_CHECKED;

#endif
