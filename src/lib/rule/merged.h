/* What a record is merged as: its kind, its tensors, and how the values of each are combined.
 *
 * A partial or a sum is merged as if it were one of the records it was made of: it has their
 * kind, their tensors and their dtypes. Votes (privacy/adapt.h) are i32 in a client's update,
 * but under a rule that makes sums they are merged as i64, since their sum does not fit i32. */
#ifndef FLP_RULE_MERGED_H
#define FLP_RULE_MERGED_H

#include "rule/rule.h"
#include "rule/values.h"

#define FLP_MERGED_PARENTS ":parents" /* a partial's last tensor: its set of ids */

/* All zero is empty. */
struct flp_merged {
	/* The tensors do not include :parents of a partial or :senders of a sum of masked records.
	 * The kind is 0 if it is not known yet. The metadata are left to the caller. */
	struct flp_header header;
	struct flp_merged_tensor {
		enum flp_treatment treatment;
		struct flp_kept kept; /* the values, if they must be equal in all records */
	} *tensor; /* [header.tensors] */
	size_t room;
	int grid; /* 1: the record's metadata have the key `grid` (rule/clipped.h) */

	/* Of a masked record only. */
	unsigned bits;    /* its values are modulo 2^bits; 0: its footer was not read yet */
	uint64_t senders; /* size of the tensor :senders in bytes; 0: it is of one client */
};

/* Fills an empty *m from a record's header. With early = 1 the footer was not read yet; since
 * the footer may hold the key `of`, m->header.kind is then 0 for a partial or a sum.
 * FLP_ERROR_BAD if the rule has no result for the record's kind, if a dtype does not belong in
 * a record of that kind, or if the last tensor of a partial is not :parents. After an error *m
 * must still be freed. */
int flp_merged_from(struct flp_merged *m, const struct flp_header *h,
    const struct flp_rule *rule, int early, struct flp_error *e) FLP_CHECKED;
void flp_merged_free(struct flp_merged *m);

/* Adds a tensor as the rule merges it. `t` is as in a record: in a partial it may have a dtype of
 * sums. m->header.kind must be set if the record is masked. */
int flp_merged_add(struct flp_merged *m, const struct flp_rule *rule,
    const struct flp_tensor *t, struct flp_error *e) FLP_CHECKED;

/* The dtype that a tensor has in a partial: the dtype of its exact sums if it is added exactly,
 * otherwise its own. */
enum flp_dtype flp_merged_partial_dtype(const struct flp_merged *m, size_t tensor);

#endif
