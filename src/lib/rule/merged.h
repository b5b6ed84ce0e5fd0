/* A record as it is merged. A partial or a sum has the kind, the tensors and the dtypes
 * of the records it was made of. Each tensor says how it is treated. The sum of votes
 * (privacy/adapt.h) is wider than they are: it is of i64. */
#ifndef FLP_RULE_MERGED_H
#define FLP_RULE_MERGED_H

#include "rule/rule.h"
#include "rule/values.h"

#define FLP_MERGED_PARENTS ":parents" /* a partial's last tensor: its set of ids */

struct flp_merged {
	struct flp_header header; /* kind 0: nothing yet; its metadata are the caller's */
	struct flp_merged_tensor {
		enum flp_treatment treatment;
		struct flp_kept kept; /* values that must be equal */
	} *tensor; /* [header.tensors] */
	size_t room;
	int grid; /* its metadata have the key `grid`: see rule/clipped.h */
	unsigned bits;    /* masked: the ring of its values; 0 before the footer is read */
	uint64_t senders; /* masked: bytes of a sum's last tensor, which `header` does not have */
};

/* Fills an empty *m from a record's header. FLP_ERROR_BAD if the rule has no result
 * for the record's kind, or if a dtype does not go with its kind. early = 1: the
 * footer, which may say what a partial or a sum was made of, is not read yet, and
 * m->header.kind stays 0 for those two. */
int flp_merged_from(struct flp_merged *m, const struct flp_header *h,
    const struct flp_rule *rule, int early, struct flp_error *e) FLP_CHECKED;
void flp_merged_free(struct flp_merged *m);

/* Adds a tensor. */
int flp_merged_add(struct flp_merged *m, const struct flp_rule *rule,
    const struct flp_tensor *t, struct flp_error *e) FLP_CHECKED;

/* The dtype that a tensor has in a partial: that of its exact sums, if it has them. */
enum flp_dtype flp_merged_partial_dtype(const struct flp_merged *m, size_t tensor);

#endif
