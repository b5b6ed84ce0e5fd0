/* What a record says of itself, how far it is believed, and what that counts.
 *
 * A merged record's metadata while it is merged, partial or not:
 *   of         the kind of what is merged      equal
 *   rule       mean or sum                     equal
 *   weighting  examples, uniform               equal
 *   weight     sum of the weights              added up
 *   clients    number of clients               added up
 * A partial must say them; for any other record they are set here, since what a client
 * writes there is not believed. A partial of nothing has no weighting; it only says,
 * as --like does, what it goes with. */
#ifndef FLP_RULE_CLAIMS_H
#define FLP_RULE_CLAIMS_H

#include "rule/admit.h"

/* Fills clients and weight of the entry from the metadata `said` of a record with this
 * header, and sets there what is not believed. a->next says its kind and weighting. */
int flp_claims_check(const struct flp_admit *a, const struct flp_header *h,
    struct flp_meta *said, struct flp_entry *entry, struct flp_error *e) FLP_CHECKED;

/* The first count of all that is beyond 2^62, and its value; NULL where none is. Each
 * of two that were added was within it, so that no sum has overflowed. */
const char *flp_claims_full(const struct flp_meta *all, uint64_t *value);

#endif
