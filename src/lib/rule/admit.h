/* Which records are taken, with what weight, and what they are together.
 *
 * A record is bad if its kind has no result under the rule, if it is not what the policy asks
 * for, if it does not belong to the model of flp_admit_like, or if its metadata or values are
 * beyond bounds. This depends on the record and on what the caller decides, never on other
 * records. Good records must agree with each other (rule/agreed.h). If two of them differ,
 * there is no result, whichever came first; the difference is kept in `dispute`, and further
 * records are still checked.
 *
 * A record counts as one client, whatever it says. A partial counts as the number of
 * clients it says, and its other counts must be possible for that number, at most 2^53 for
 * each client. No count over all records may exceed 2^62. The privacy states of all records
 * are joined. If the result is noised, all records must have been noised in the same way;
 * otherwise the result does not say how any were noised.
 *
 * A record is checked in this order: flp_admit_fits (if its values must be read before
 * its footer), flp_admit_check, flp_admit_values for all its values, flp_admit_take. */
#ifndef FLP_RULE_ADMIT_H
#define FLP_RULE_ADMIT_H

#include "format/digest.h"
#include "format/id.h"
#include "kernel/idset.h"
#include "rule/agreed.h"
#include "rule/claims.h"
#include "rule/masked.h"

struct flp_admit {
	struct flp_rule rule;
	struct flp_policy policy;

	/* The records that were taken. */
	struct flp_agreed agreed;
	struct flp_counts_sum counts;
	uint64_t states[FLP_PRIVACIES]; /* how many have each privacy state */
	struct flp_idset parents;       /* their ids, for the caller to add */
	struct flp_senders senders;     /* the clients in the records, if they are masked */
	struct flp_error dispute;       /* the first difference; code FLP_ERROR_NONE: none */
	struct flp_error noises;        /* the first difference in how records were noised */

	/* What updates must be, after flp_admit_like. */
	int like;
	struct flp_header model; /* of an update of the model */

	/* The record at hand. */
	struct flp_merged next;
	struct flp_meta said;
	struct flp_error differs; /* how it differs from those taken; FLP_ERROR_NONE: it doesn't */
};

/* Begins with nothing taken. *a is all zero but for the policy. */
void flp_admit_begin(struct flp_admit *a, const struct flp_rule *rule);
void flp_admit_free(struct flp_admit *a);

/* Says, before any record is taken, that all records must be updates of this model. Tensors
 * that ride along (model/update.h) are compared with each other alone, except in a sum, where
 * the policy says whether there are votes. If no record is taken, the result is an update of
 * zeros without votes, which also has the keys of policy.where. `base` is the model's digest. */
int flp_admit_like(struct flp_admit *a, const struct flp_header *model,
    const struct flp_digest *base, struct flp_error *e) FLP_CHECKED;

/* Checks what can be checked before a record's footer is read. Returns 1 if the record may go
 * with those that were taken, 0 if its tensors or its kind differ, -1 if it is bad. */
int flp_admit_fits(const struct flp_admit *a, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;

/* Checks that a record with this header, which includes the footer's keys, may be taken. Fills
 * all of *entry except path, number and id, which the caller has set. */
int flp_admit_check(struct flp_admit *a, const struct flp_header *h, struct flp_entry *entry,
    struct flp_error *e) FLP_CHECKED;

/* Checks n values of tensor number `tensor`, from value `first` on. The record is the one that
 * was checked last, or one that was taken before its values were seen; the calls for it must
 * go through its values in order. dtype is the record's. Do not call it for a partial's set of
 * ids. Values that differ from those of other records are not an error; a->differs says so. */
int flp_admit_values(struct flp_admit *a, struct flp_entry *entry, size_t tensor,
    enum flp_dtype dtype, uint64_t first, const void *values, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* If a->differs is an error, returns it in *e, with the place of the record that was taken
 * first. */
int flp_admit_differs(const struct flp_admit *a, struct flp_error *e) FLP_CHECKED;

/* Checks the norm of a record after its last value. Returns -1 if it is above the record's own
 * clip or the policy's limit. */
int flp_admit_norm(const struct flp_admit *a, const struct flp_entry *entry,
    struct flp_error *e) FLP_CHECKED;

/* Takes the record that was checked last or, if it differs from the others, notes the
 * dispute. The caller adds the ids of what is taken to a->parents. Under policy.unique a
 * record may be taken back, so its keys are kept in the entry, and flp_admit_keys compares
 * them when it is known which records stay. */
int flp_admit_take(struct flp_admit *a, struct flp_entry *entry,
    struct flp_error *e) FLP_CHECKED;
int flp_admit_keys(struct flp_admit *a, const struct flp_entry *entry,
    const struct flp_meta *said, struct flp_error *e) FLP_CHECKED;

/* Undoes the taking of a record, and subtracts its counts. */
void flp_admit_take_back(struct flp_admit *a, const struct flp_entry *entry);

/* How many records were taken, and how many clients they are of. Partials of nothing are
 * not counted. */
int flp_admit_none(const struct flp_admit *a); /* 1 if none was, not even such a partial */
uint64_t flp_admit_records(const struct flp_admit *a);
uint64_t flp_admit_clients(const struct flp_admit *a);

/* Called after the last record: gives a->agreed.merged its privacy state and counts.
 * FLP_ERROR_BAD if there is a dispute, or if a count is too large. */
int flp_admit_end(struct flp_admit *a, struct flp_error *e) FLP_CHECKED;

#endif
