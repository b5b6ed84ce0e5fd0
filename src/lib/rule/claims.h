/* What a record says of itself, how much of that is believed, and what it counts for.
 *
 * The metadata of records, partials or not, while they are being merged:
 *   of         the kind of what is merged      equal
 *   rule       mean or sum                     equal
 *   weighting  examples, uniform               equal
 *   weight     sum of the weights              added up
 *   clients    number of clients               added up
 * A partial must have these keys. For any other record they are set here, since what a
 * client writes there is not believed. A partial of nothing has no weighting: like
 * --like, it only says which model the updates must be of. */
#ifndef FLP_RULE_CLAIMS_H
#define FLP_RULE_CLAIMS_H

#include "rule/admit.h"

/* Fills clients and weight of the entry from the metadata `said` of a record with this
 * header, and sets there what is not believed. a->next says its kind and weighting. */
int flp_claims_check(const struct flp_admit *a, const struct flp_header *h,
    struct flp_meta *said, struct flp_entry *entry, struct flp_error *e) FLP_CHECKED;

/* The key of the first count in `all` that is beyond 2^62, and its value; NULL if there
 * is none. No sum has overflowed: the two counts that were added were at most 2^62. */
const char *flp_claims_full(const struct flp_meta *all, uint64_t *value);

#endif
