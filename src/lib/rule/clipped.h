/* Sums of clipped updates, which central noise needs exactly.
 *
 * A record with the keys `clip` and `grid` is one client's update whose values are multiples
 * of a step and whose norm is at most the clip (privacy/steps.h). Under a rule that makes
 * sums this is checked, in whole numbers, so that no record adds more to the sum than its
 * clip. The sum has the same keys, is of f64 whatever its records are, and is
 * refused where f64 does not hold it exactly. What else is made of such records, a mean for
 * instance, is neither on the lattice nor one client's, so it does not have the keys.
 *
 * Such a record may have a vote (privacy/adapt.h), which must be one of the two that there
 * are. Votes can only be summed, and only together with clipped updates.
 *
 * A record with local noise keeps those keys, which say how its client clipped it, but
 * nothing is checked. It can't be summed with records without noise, since no clip would
 * bound that sum. */
#ifndef FLP_RULE_CLIPPED_H
#define FLP_RULE_CLIPPED_H

#include "rule/entry.h"
#include "rule/merged.h"

/* Whether what rides along with an update of a model (model/update.h) may be added to a sum:
 * its tensors from number `own` on. With adapt = 1 a vote is one of them, else none is; a
 * clipped update has no others. Under another rule it passes. */
int flp_clipped_rides(const struct flp_rule *rule, const struct flp_merged *m, size_t own,
    int adapt, struct flp_error *e) FLP_CHECKED;

/* Whether a record with the metadata `said` may be added to a sum; fills entry->lattice. A
 * record without the key `grid`, or under another rule, passes. */
int flp_clipped_check(const struct flp_rule *rule, const struct flp_merged *m,
    const struct flp_meta *said, struct flp_entry *entry, struct flp_error *e) FLP_CHECKED;

/* Checks n values of one of the record's tensors, from value `first` on, and their norm
 * after the last of them. Integers must be 0, but for a vote. */
int flp_clipped_values(struct flp_entry *entry, const struct flp_tensor *t,
    enum flp_dtype dtype, uint64_t first, const void *values, size_t n,
    struct flp_error *e) FLP_CHECKED;
int flp_clipped_norm(const struct flp_entry *entry, struct flp_error *e) FLP_CHECKED;

/* 1 if the result, with this header, is a sum of records with `grid`. Its floats are f64; if
 * it is not noised, they must hold the sums exactly. */
int flp_clipped_sums(const struct flp_rule *rule, const struct flp_header *result);

#endif
