/* What a record claims about itself, how much of it is believed, and what the record counts
 * for.
 *
 * These keys are then compared and added up like any others:
 *   of         kind of the records that are merged  equal
 *   rule       mean or sum                          equal
 *   weighting  examples or uniform                  equal
 *   weight     sum of the weights                   added up
 *   clients    number of clients                    added up
 * A partial must have them. In any other record they are set here, whatever the record says,
 * because a client's word is not taken for them. A partial of nothing has no weighting. */
#ifndef FLP_RULE_CLAIMS_H
#define FLP_RULE_CLAIMS_H

#include "rule/entry.h"
#include "rule/policy.h"
#include "rule/rule.h"

/* Rewrites each whole number that must be equal in all records in its shortest spelling, so 07
 * becomes 7. FLP_ERROR_BAD if one is not a whole number. */
int flp_claims_spell(struct flp_meta *said, struct flp_error *e) FLP_CHECKED;

/* Checks the metadata `said` of a record of entry->kind, and replaces in them what is not
 * believed. Fills clients, weight and counts of the entry; after an error clients and weight
 * are 0. `kind` is the record's kind or, for a partial or a sum, the kind of the records it was
 * made of. FLP_ERROR_BAD if a count is not a whole number in its range or is above what
 * the policy allows; if a partial lacks one of the keys, or has another rule or weighting than
 * the caller asks for; or if weights are by examples and the record has no `examples`. */
int flp_claims_check(const struct flp_policy *policy, const struct flp_rule *rule,
    enum flp_kind kind, struct flp_meta *said, struct flp_entry *entry,
    struct flp_error *e) FLP_CHECKED;

#endif
