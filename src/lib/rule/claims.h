/* What a record says of itself, how much of that is believed, and what it counts for.
 *
 * These metadata are compared and added up like others:
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

#include "rule/entry.h"
#include "rule/policy.h"
#include "rule/rule.h"

/* Rewrites the whole numbers that must be equal in one spelling: 07 becomes 7. Returns -1 if
 * one is not a number. */
int flp_claims_spell(struct flp_meta *said, struct flp_error *e) FLP_CHECKED;

/* Fills clients, weight and counts of the entry from the metadata `said` of a record of
 * entry->kind, and overwrites in `said` what is not believed. `kind` is the record's kind
 * or, for a partial or a sum, the kind of the records it was made of. */
int flp_claims_check(const struct flp_policy *policy, const struct flp_rule *rule,
    enum flp_kind kind, struct flp_meta *said, struct flp_entry *entry,
    struct flp_error *e) FLP_CHECKED;

#endif
