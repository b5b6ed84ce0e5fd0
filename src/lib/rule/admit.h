/* Admission: which records are taken, with what weight, and what they have in common.
 *
 * A record is bad
 *   if its kind has no result under the rule,
 *   if the policy does not allow it,
 *   if it is not an update of the model given to flp_admit_like, or
 *   if its metadata or its values are out of bounds.
 * This depends on the record itself and on what the caller decides, never on other records.
 * The caller leaves a bad record out.
 *
 * Records that are not bad must agree with each other (rule/agreed.h). If any two of them
 * differ the run has no result, whichever came first: the first difference is kept in `dispute`.
 * Further records are still checked, so that all bad ones are named.
 *
 * A partial counts as the number of clients that its metadata give; the other counts it gives
 * must be possible for that many clients, at most 2^53 for each. A sum of masked records
 * counts as its senders. Any other record counts as one client, whatever it says. No count over
 * all records may exceed 2^62. The result has the joined privacy state of all records. If
 * that is noised, all must have been noised in the same way. If it is not, some may have been
 * noised in different ways, and the result does not say how.
 *
 * The calls for each record are, in this order:
 *   flp_admit_fits     only for a record whose values are read before its footer
 *   flp_admit_check
 *   flp_admit_values   for all its values
 *   flp_admit_norm
 *   flp_admit_take
 * A function that refuses the record returns -1 with FLP_ERROR_BAD, and the calls for the
 * record end there. */
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

	/* All records that were taken. */
	struct flp_agreed agreed;
	struct flp_counts_sum counts;
	uint64_t states[FLP_PRIVACIES]; /* how many records have each privacy state */
	struct flp_idset parents;       /* the ids of the records; the caller adds them */
	struct flp_senders senders;     /* the clients in masked records */

	/* The first difference between two records: `noises` if it is in how they were noised, which
	 * matters only if the result is noised or masked; otherwise `dispute`. The code is
	 * FLP_ERROR_NONE while there is none. */
	struct flp_error dispute;
	struct flp_error noises;

	/* Set by flp_admit_like: all records must be updates of a model. */
	int like;                /* 1: it was called */
	struct flp_header model; /* the header of an update of the model, with policy.where's keys */

	/* The record that was checked last. */
	struct flp_merged next;   /* what it is merged as; header.kind is 0 if there is none */
	struct flp_meta said;     /* its keys that are compared or added up */
	struct flp_error differs; /* how it differs from those taken; FLP_ERROR_NONE: in nothing */
};

/* Begins with no record taken. *a must be all zero, except that its policy may be set. */
void flp_admit_begin(struct flp_admit *a, const struct flp_rule *rule);
void flp_admit_free(struct flp_admit *a);

/* Requires that all records are updates of a model; `model` is its header, and `base` its
 * digest. It is called before the first record is checked, after policy.where is set.
 *
 * Tensors that ride along (model/update.h) are not in the model, so they are only compared
 * between records. Under a rule that makes sums, policy.adapt says whether there must be a
 * vote or there must not, and a clipped update may have no others.
 *
 * There is then a result even if no record is taken: an update of zeros without votes. It has
 * those keys of policy.where that must be equal in records that are merged. FLP_ERROR_USAGE if
 * these contradict the model, or if `grid` is among them but they do not give a lattice
 * (privacy/steps.h). */
int flp_admit_like(struct flp_admit *a, const struct flp_header *model,
    const struct flp_digest *base, struct flp_error *e) FLP_CHECKED;

/* Checks what can be checked before a record's footer is read. Returns 1 if the record agrees in
 * kind and tensors with those that were taken, 0 if it differs, -1 if it is bad. */
int flp_admit_fits(const struct flp_admit *a, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;

/* Checks the header of a record, which must include the footer's keys. Fills kind, privacy,
 * client, clients, weight, counts and lattice of *entry; the caller has set path, number and
 * id. A record that differs from those taken passes, and a->differs says how it differs. */
int flp_admit_check(struct flp_admit *a, const struct flp_header *h, struct flp_entry *entry,
    struct flp_error *e) FLP_CHECKED;

/* Checks n values of tensor number `tensor`, from value `first` on, in the dtype that they have
 * in the record. The record is the one that was checked last, or one that was taken before its
 * values were read. The calls for one record must go through its values in order. The tensors
 * :parents and :senders are not checked here. Values that must be equal but differ from those of
 * other records pass, and a->differs says so. */
int flp_admit_values(struct flp_admit *a, struct flp_entry *entry, size_t tensor,
    enum flp_dtype dtype, uint64_t first, const void *values, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* Returns 0 if the record does not differ from those taken. Otherwise returns -1, and *e says how
 * it differs, and where the record is that was taken first. */
int flp_admit_differs(const struct flp_admit *a, struct flp_error *e) FLP_CHECKED;

/* Checks the norm of a record, after its last value. It must not be above the policy's max_norm,
 * nor above the record's own clip if the record is a clipped update that is summed. */
int flp_admit_norm(const struct flp_admit *a, const struct flp_entry *entry,
    struct flp_error *e) FLP_CHECKED;

/* Takes the record that was checked last. If it differs from those taken, it is not taken: the
 * difference is noted in a->dispute, and 0 is returned. The caller adds the record's id, or a
 * partial's set of ids, to a->parents. */
int flp_admit_take(struct flp_admit *a, struct flp_entry *entry,
    struct flp_error *e) FLP_CHECKED;

/* Compares the keys of a record that was taken with those of the others, and notes a
 * difference. flp_admit_take does this itself, except under policy.unique: a record may then be
 * taken back, so flp_admit_take only keeps its keys in entry->said, and the caller calls this
 * for each record that stays, once it is known which ones do. */
int flp_admit_keys(struct flp_admit *a, const struct flp_entry *entry,
    const struct flp_meta *said, struct flp_error *e) FLP_CHECKED;

/* Undoes flp_admit_take under policy.unique: the record no longer counts. */
void flp_admit_take_back(struct flp_admit *a, const struct flp_entry *entry);

/* Returns 1 if no record was taken, 0 if at least one was, even if it is a partial of nothing. */
int flp_admit_none(const struct flp_admit *a);

/* How many records were taken, except partials of nothing, and how many clients they count as. */
uint64_t flp_admit_records(const struct flp_admit *a);
uint64_t flp_admit_clients(const struct flp_admit *a);

/* Called after the last record. Makes a->agreed.merged.header that of the result: it gets its
 * privacy state, the dtypes of its floats, and the counts. FLP_ERROR_BAD if there is a dispute;
 * if the result is noised or masked and records were noised in different ways; if clipped
 * updates would be summed with noised ones; or if a count is above 2^62. */
int flp_admit_end(struct flp_admit *a, struct flp_error *e) FLP_CHECKED;

#endif
