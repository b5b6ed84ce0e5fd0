/* Sums of clipped updates, which central noise needs exactly.
 *
 * A record with the keys `clip` and `grid` is one client's update whose values are multiples
 * of a step and whose norm is at most the clip (privacy/steps.h). Under a rule that makes
 * sums this is checked, in whole numbers, so that no record adds more to the sum than its
 * clip. The sum has the same keys, is of f64 whatever its records are, and is
 * refused if f64 does not hold it exactly. Anything else that is made from such records, a mean
 * for instance, is neither on the lattice nor one client's, so it does not have the keys.
 *
 * Such a record may have a vote (privacy/adapt.h), which must be one of the two that there
 * are. Votes can only be summed, and only together with clipped updates.
 *
 * A record with local noise keeps those keys, which say how its client clipped it, but its
 * values are not checked. It can't be summed with records without noise, since no clip would
 * bound that sum. */
#ifndef FLP_RULE_CLIPPED_H
#define FLP_RULE_CLIPPED_H

#include "rule/entry.h"
#include "rule/merged.h"

/* Checks that what rides along with an update of a model (model/update.h) may be added to a
 * sum: its tensors from number `own` on. With adapt = 1 one of them must be a vote, otherwise
 * none may be; a clipped update may have no others. Under a rule that makes no sums all pass. */
int flp_clipped_rides(const struct flp_rule *rule, const struct flp_merged *m, size_t own,
    int adapt, struct flp_error *e) FLP_CHECKED;

/* Checks that a record with the metadata `said` may be added to a sum; fills entry->lattice. A
 * record without the key `grid`, or under a rule that makes no sums, passes. */
int flp_clipped_check(const struct flp_rule *rule, const struct flp_merged *m,
    const struct flp_meta *said, struct flp_entry *entry, struct flp_error *e) FLP_CHECKED;

/* flp_clipped_values checks n values of one of the record's tensors, from value `first` on;
 * flp_clipped_norm checks their norm after the last of them. Integers other than a vote must
 * be 0. */
int flp_clipped_values(struct flp_entry *entry, const struct flp_tensor *t,
    enum flp_dtype dtype, uint64_t first, const void *values, size_t n,
    struct flp_error *e) FLP_CHECKED;
int flp_clipped_norm(const struct flp_entry *entry, struct flp_error *e) FLP_CHECKED;

/* Returns 1 if the result, with this header, is a sum of records with `grid`. Its floats are
 * f64; if it is not noised, they must hold the sums exactly. */
int flp_clipped_sums(const struct flp_rule *rule, const struct flp_header *result);

#endif
