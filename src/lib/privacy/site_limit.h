/* One limit of a site's policy: reading its value by the type of its key, and finding the
 * tighter of two. For the code that reads a policy (site_read.c). */
#ifndef FLP_PRIVACY_SITE_LIMIT_H
#define FLP_PRIVACY_SITE_LIMIT_H

#include "privacy/site.h"

void flp_site_limit_free(struct flp_site_limit *limit);

/* Sets *limit to the value `text` of a key. A relative path is relative to the folder of the policy
 * file, whose path is `policy`. FLP_ERROR_BAD if the value is not of the key's type or range. */
int flp_site_limit_take(struct flp_site_limit *limit, const struct flp_site_key *key,
    const char *policy, const char *text, struct flp_error *e) FLP_CHECKED;

/* Tightens *limit by the limit *by of another policy. The memory of *by is moved to *limit or
 * freed. FLP_ERROR_BAD if both must be the same and are not. */
int flp_site_limit_tighten(struct flp_site_limit *limit, const struct flp_site_key *key,
    struct flp_site_limit *by, struct flp_error *e) FLP_CHECKED;

#endif
