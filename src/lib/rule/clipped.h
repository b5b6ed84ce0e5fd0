/* Sums of clipped updates, which must be exact if central noise is to protect them.
 *
 * A clipped update has the keys `clip` and `grid`. It is one client's update, all its floats
 * are multiples of a step, and their norm is at most `clip` (privacy/steps.h). Under a rule that
 * makes sums this is checked, in whole numbers, so no client adds more to a sum than its clip.
 * The sum has the same two keys. Its floats are f64, whatever those of its records are, and
 * if f64 can't hold the sum exactly, that is an error. Any other result of clipped updates,
 * such as their mean, lacks the two keys, since it is neither one client's update nor on the
 * lattice.
 *
 * A clipped update may have a vote (privacy/adapt.h), which must be one of the two possible
 * values. Votes can only be summed, and only in records that have the two keys.
 *
 * An update with local noise keeps the two keys, which say how its client clipped it, but its
 * values are not checked. It can't be summed with clipped updates, because no clip bounds its
 * norm. */
#ifndef FLP_RULE_CLIPPED_H
#define FLP_RULE_CLIPPED_H

#include "rule/entry.h"
#include "rule/merged.h"

/* Checks the tensors that ride along with an update of a model (model/update.h), which are those
 * from number `own` on. With adapt = 1 one of them must be a vote; with adapt = 0 none may be. A
 * clipped update may have no others. Under a rule that does not make sums all pass.
 * FLP_ERROR_BAD. */
int flp_clipped_rides(const struct flp_rule *rule, const struct flp_merged *m, size_t own,
    int adapt, struct flp_error *e) FLP_CHECKED;

/* Checks the keys and the vote of a record with the metadata `said`, and sets entry->lattice. Its
 * step is 0, so that no values are checked, unless the rule makes sums and the record is a
 * clipped update without noise. FLP_ERROR_BAD if `clip` or `grid` is missing or out of range, if
 * the record is not one client's, or if there is a vote where none can be. */
int flp_clipped_check(const struct flp_rule *rule, const struct flp_merged *m,
    const struct flp_meta *said, struct flp_entry *entry, struct flp_error *e) FLP_CHECKED;

/* If entry->lattice has a step, flp_clipped_values checks n values of a tensor, in the dtype that
 * they have in the record, from value `first` on: floats must be multiples of the step, votes one
 * of the two values, and other integers 0. After all values, flp_clipped_norm checks that the
 * norm of the floats is at most the clip. FLP_ERROR_BAD. */
int flp_clipped_values(struct flp_entry *entry, const struct flp_tensor *t,
    enum flp_dtype dtype, uint64_t first, const void *values, size_t n,
    struct flp_error *e) FLP_CHECKED;
int flp_clipped_norm(const struct flp_entry *entry, struct flp_error *e) FLP_CHECKED;

/* Returns 1 if a result with this header is a sum of records with `grid`. Its floats are then f64,
 * and unless it is noised they must hold the sum exactly. */
int flp_clipped_sums(const struct flp_rule *rule, const struct flp_header *result);

#endif
