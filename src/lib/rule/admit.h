/* Which records are taken, with what weight, and what they are together.
 *
 * Records go together if they have the same kind, privacy state and tensors, and if their
 * metadata agree where fl(5) says "equal". A partial counts as the kind it was made of;
 * so does a sum under the rule sum. A record counts as one client, whatever it says. A
 * partial counts as the number of clients it says, and its other counts must be possible
 * for that number, at most 2^53 for each client. No count over all records may exceed
 * 2^62.
 *
 * A record is looked at in this order: flp_admit_fits (if its values must be read
 * before its footer), flp_admit_check, flp_admit_values for all its values, flp_admit_take. */
#ifndef FLP_RULE_ADMIT_H
#define FLP_RULE_ADMIT_H

#include "format/digest.h"
#include "format/id.h"
#include "kernel/idset.h"
#include "rule/merged.h"

/* What the weight of a record is. */
enum flp_weighting {
	FLP_WEIGHTING_AUTO,     /* its `examples` if the first record has any, else 1 */
	FLP_WEIGHTING_EXAMPLES, /* its `examples` */
	FLP_WEIGHTING_UNIFORM,  /* 1 */
};

/* Names as base/choice.h says. */
const char *flp_weighting_name(unsigned weighting);

/* A record that was looked at. */
struct flp_entry {
	const char *path; /* the file, "-" for standard input, and */
	uint64_t number;  /* the record's number in it, from 1 */
	struct flp_id id;
	enum flp_kind kind;
	uint64_t clients; /* 1, or how many a partial is of: 0 for a partial of nothing */
	uint64_t weight;  /* what its values count, of a partial all together */
};

struct flp_admit {
	struct flp_rule rule;
	enum flp_weighting weighting; /* as asked for; never auto once a record is taken */
	int by_first;                 /* auto was asked for: the first record decides */
	int unique;                   /* refuse a record whose id was taken before */

	struct flp_merged merged;          /* what the taken records are, with their metadata */
	struct flp_meta like;              /* base and round that records must have */
	uint64_t records, weight, clients; /* taken; partials of nothing are not counted */
	struct flp_idset parents;          /* their ids */
	void *ids; /* tree of the ids, under unique */
	int full;  /* a good record would have made a count of all too large */

	/* What `merged`, `like` and `weighting` are once the record at hand is taken. */
	struct flp_merged next;
	struct flp_meta next_like;
	enum flp_weighting next_weighting;
};

/* Begins with nothing taken. *a is all zero but for weighting and unique, which the
 * caller may set. */
void flp_admit_begin(struct flp_admit *a, const struct flp_rule *rule);
void flp_admit_free(struct flp_admit *a);

/* Says, before any record is taken, that they must be updates of this model: with
 * none taken the result is an update of zeros. `base` is the model's digest. */
int flp_admit_like(struct flp_admit *a, const struct flp_header *model,
    const struct flp_digest *base, struct flp_error *e) FLP_CHECKED;

/* What can be told of a record before its footer is read: whether it has the kind and
 * the tensors of those before it. */
int flp_admit_fits(const struct flp_admit *a, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;

/* Whether a record with this header, its footer's keys in it, may be taken. Fills the
 * entry's kind, clients and weight; -1 where it is refused. */
int flp_admit_check(struct flp_admit *a, const struct flp_header *h, struct flp_entry *entry,
    struct flp_error *e) FLP_CHECKED;

/* Checks n values of tensor number `tensor` of the record that was checked last, or of
 * one that was taken before its values were seen, from value `first` on; calls go through
 * the values in order. dtype is the record's. Do not call it for a partial's set of ids. -1 if
 * the values can't be merged with those of the others. */
int flp_admit_values(struct flp_admit *a, const struct flp_entry *entry, size_t tensor,
    enum flp_dtype dtype, uint64_t first, const void *values, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* Takes the record that was checked last. -1 if its id was taken before, or if a count of
 * all would be too large with it: then a->full is set, and the error names the count. A
 * partial's set of ids is among its values: the caller joins it to a->parents. */
int flp_admit_take(struct flp_admit *a, const struct flp_entry *entry,
    struct flp_error *e) FLP_CHECKED;

#endif
