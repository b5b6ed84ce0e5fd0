/* What many records become when they are merged into one: which may go
 * together, with what weight, and the header of the result.
 *
 * Records merge when they are of one kind and privacy state (a partial, and
 * under FLP_RULE_SUM a sum, counts as what it was made of), have the same tensors,
 * and metadata that agree where fl(5) says "equal". A record is of one client,
 * whatever it says of itself; a partial is believed how many are in it. Its
 * counts must be possible for so many, each client's at most 2^53, and no count
 * of all may exceed 2^62: that is refused with candidate.over set, and is no
 * fault of the record alone. */
#ifndef FLP_RULE_MERGE_H
#define FLP_RULE_MERGE_H

#include "format/id.h"
#include "kernel/idset.h"
#include "rule/total.h"

#define FLP_MERGE_PARENTS ":parents" /* a partial's set of ids, u16 [1024] */

/* The weight of a record: by its `examples` where the first has any, else 1. */
enum flp_weighting { FLP_WEIGHTING_AUTO, FLP_WEIGHTING_EXAMPLES, FLP_WEIGHTING_UNIFORM };

/* Names as base/choice.h says. */
const char *flp_weighting_name(unsigned weighting);

struct flp_merger {
	enum flp_rule rule;
	enum flp_weighting weighting;
	int by_first; /* the first record decides the weighting, or has */
	struct flp_header header; /* what is merged, and its metadata so far */
	struct flp_meta like;     /* round and base that records must have */
	uint64_t records;         /* taken, without partials of nothing */
	uint64_t weight, clients; /* in them */
	struct flp_idset parents;
};

/* A record that may be taken, and what the merger is when it has been. */
struct flp_candidate {
	uint64_t weight;          /* times its values; of a partial: the clients in it */
	int empty;                /* a partial of nothing */
	int over;                 /* refused: a count of all is too large */
	struct flp_header header; /* tensors as they are merged, and all metadata */
	struct flp_meta like;     /* its own round and base */
	enum flp_weighting weighting;
	uint64_t total, clients;
};

void flp_merger_init(struct flp_merger *m, enum flp_rule rule, enum flp_weighting weighting);
void flp_merger_free(struct flp_merger *m);

/* A partial must carry its set of parents as its last tensor; any other record
 * passes. */
int flp_merger_check_parents(const struct flp_header *h, struct flp_error *e) FLP_CHECKED;

/* Says that the records must be updates of this model, before any is taken:
 * with none taken the result is an update of zeros. */
int flp_merger_like(struct flp_merger *m, const struct flp_header *model,
    const struct flp_id *id, struct flp_error *e) FLP_CHECKED;

/* What can be told of a record before its values and footer are read: whether
 * it has the kind and the tensors of those before it. */
int flp_merger_fits(const struct flp_merger *m, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;

/* Whether a record with this header, its footer's keys in it, may be taken;
 * the merger stays as it is. The candidate is for the caller to free, also
 * after an error. */
int flp_merger_check(const struct flp_merger *m, const struct flp_header *h,
    struct flp_candidate *c, struct flp_error *e) FLP_CHECKED;
void flp_candidate_free(struct flp_candidate *c);

/* Takes the record that was checked last, `id` its own, and leaves nothing of
 * the candidate. A partial's set of parents is among its values: the caller
 * joins it to m->parents instead of its id. m->header.tensor stays where it is
 * from the first record on. */
void flp_merger_take(struct flp_merger *m, struct flp_candidate *c, enum flp_kind kind,
    const struct flp_id *id);

/* The result's header, with the sums' dtypes and the set of parents as last
 * tensor for a partial; to be freed by the caller. */
int flp_merger_result(const struct flp_merger *m, int partial, struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;

/* What a result that is no partial says at its end, when all parents are
 * known. */
int flp_merger_footer(const struct flp_merger *m, struct flp_meta *footer,
    struct flp_error *e) FLP_CHECKED;

#endif
