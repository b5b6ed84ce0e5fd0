/* Names of levels and classes that leave a site, with a schema or in a record. */
#ifndef FLP_PRIVACY_LEVELS_H
#define FLP_PRIVACY_LEVELS_H

#include "data/schema.h"
#include "privacy/site.h"

/* Asks the policy about the columns of the schema by which a data set was imported. If no policy
 * was read (flp_site_ruled), everything is allowed. A policy requires that
 *   a feature or label has at most max-levels levels or classes
 * and, if the schema was not `given` but made from the data, that
 *   a feature has fewer levels than rows: it is not an identifier
 *   each level and class, and each group if `groups` leave too, has at least min-count rows
 * The error names the column, but not the level. */
int flp_levels_check(const struct flp_site *site, const struct flp_schema *schema, int given,
    int groups, struct flp_error *e) FLP_CHECKED;

#endif
