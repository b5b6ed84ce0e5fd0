/* What the caller decides about the records that are merged, so that no record decides it for
 * the others. */
#ifndef FLP_RULE_POLICY_H
#define FLP_RULE_POLICY_H

#include "format/header.h"

/* How much each record counts in a mean. */
enum flp_weighting {
	FLP_WEIGHTING_AUTO,     /* its `examples` if all records give them, 1 if none does */
	FLP_WEIGHTING_EXAMPLES, /* its `examples` */
	FLP_WEIGHTING_UNIFORM,  /* 1 */
};

/* The names of the weightings, as base/choice.h asks for them. */
const char *flp_weighting_name(unsigned weighting);

/* The same for the privacy states that a caller may require. */
const char *flp_policy_state(unsigned state);

struct flp_policy {
	enum flp_weighting weighting;
	int single;            /* each input holds exactly one record */
	int unique;            /* each record counts once (rule/unique.h) */
	int trust_partials;    /* partials are taken, and what they say is believed */
	uint64_t max_examples; /* most examples of a record, or of each client in a partial */
	double max_norm;       /* greatest norm of all floats of an update together; 0: any */
	int norms;             /* compute norms even without max_norm */
	int insecure;          /* records with noise from a test seed are taken (format/insecure.h) */
	int adapt;             /* updates that are summed must have votes (privacy/adapt.h) */
	int required;          /* 1: only records of `state` and public ones are taken */
	enum flp_privacy state;

	/* Keys that each record must have, with these values. If `clip` is among them, a record may
	 * have only those of clip.1 to clip.9 that are among them too. */
	struct flp_meta where;
};

#define FLP_POLICY_EXAMPLES ((uint64_t)1 << 40) /* max_examples by default */

void flp_policy_free(struct flp_policy *policy);

/* Adds "KEY=VALUE" to policy->where. FLP_ERROR_USAGE if the text does not have this form, if the
 * value is not of the key's type, or if the key was given before. */
int flp_policy_where(struct flp_policy *policy, const char *text,
    struct flp_error *e) FLP_CHECKED;

/* Checks what no policy allows. A record with central noise can't be merged, because it already
 * is the result of a whole round. Statistics that may leave their site only under a mask
 * can't be merged without one. FLP_ERROR_BAD. */
int flp_policy_merges(const struct flp_header *h, struct flp_error *e) FLP_CHECKED;

/* Check that the policy allows a record with this header: flp_policy_header by its kind and
 * privacy state, flp_policy_keys by its metadata, which must include the footer's. For a
 * masked record the privacy state of what is inside counts, which only flp_policy_keys sees.
 * FLP_ERROR_BAD if it does not. */
int flp_policy_header(const struct flp_policy *policy, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;
int flp_policy_keys(const struct flp_policy *policy, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;

#endif
