/* Describes how a record takes part in a merge: its kind, its tensors, and how the values of each
 * are combined.
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
	 * The kind is 0 before flp_merged_from, and after it for a partial or a sum with early = 1.
	 * The functions below leave the metadata empty; the caller may fill them, and
	 * flp_merged_free frees them. */
	struct flp_header header;
	struct flp_merged_tensor {
		enum flp_treatment treatment;
		/* The values, if they must be equal in all records. The caller keeps them here, with
		 * flp_values_equal. */
		struct flp_kept kept;
	} *tensor;   /* [header.tensors] */
	size_t room; /* how many tensors there is memory for */

	/* 1: the metadata, with early = 1 those of the header alone, have the key `grid`
	 * (rule/clipped.h). 0 for statistics and masked records in any case. */
	int grid;

	/* Of a masked record only. */
	unsigned bits;    /* its values are modulo 2^bits; 0: its footer was not read yet */
	uint64_t senders; /* size of the tensor :senders in bytes; 0: it is of one client */
};

/* Fills an empty *m from a record's header. With early = 1 the footer was not read yet; since
 * the footer may hold the key `of`, m->header.kind is then 0 for a partial or a sum. It stays 0:
 * once the footer was read, fill another *m with early = 0. FLP_ERROR_BAD if the rule has no
 * result for the record's kind, if a dtype does not belong in a record of that kind, or if the
 * last tensor of a partial is not :parents. After an error *m must still be freed. */
int flp_merged_from(struct flp_merged *m, const struct flp_header *h,
    const struct flp_rule *rule, int early, struct flp_error *e) FLP_CHECKED;
void flp_merged_free(struct flp_merged *m);

/* Adds a tensor as the rule merges it. `t` is as in a record: in a partial it may have a dtype of
 * sums. It is copied. For a masked record m->header.kind must be FLP_KIND_MASKED already; otherwise
 * its values would be treated like those of any other record. */
int flp_merged_add(struct flp_merged *m, const struct flp_rule *rule,
    const struct flp_tensor *t, struct flp_error *e) FLP_CHECKED;

/* The dtype that a tensor has in a partial: the dtype of its exact sums if its treatment is
 * FLP_TREATMENT_EXACT, otherwise its own. */
enum flp_dtype flp_merged_partial_dtype(const struct flp_merged *m, size_t tensor);

#endif
