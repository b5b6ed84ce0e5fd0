/* What the caller decides about the records that are merged. No record decides it for
 * the others. */
#ifndef FLP_RULE_POLICY_H
#define FLP_RULE_POLICY_H

#include "format/header.h"

/* What the weight of a record is. */
enum flp_weighting {
	FLP_WEIGHTING_AUTO,     /* its `examples` if all records give them, 1 if none does */
	FLP_WEIGHTING_EXAMPLES, /* its `examples` */
	FLP_WEIGHTING_UNIFORM,  /* 1 */
};

/* Names as base/choice.h says. */
const char *flp_weighting_name(unsigned weighting);

/* The names of the privacy states that a caller may require, likewise. */
const char *flp_policy_state(unsigned state);

struct flp_policy {
	enum flp_weighting weighting;
	int single;            /* each input holds exactly one record */
	int unique;            /* rule/unique.h */
	int trust_partials;    /* partials are taken, and what they say is believed */
	uint64_t max_examples; /* that a record may give, or a partial for each client in it */
	double max_norm;       /* of all values of an update together; 0 for any */
	int norms;             /* compute norms even without max_norm */
	int insecure;          /* records noised from a test seed are taken */
	int adapt;             /* updates that are summed carry votes (privacy/adapt.h) */
	int required;          /* 1: only records of `state` and public ones are taken */
	enum flp_privacy state;
	struct flp_meta where; /* keys that each record must have, with these values; if `clip` is
	                        * one of them, a record has no clip.1 to clip.9 but those here */
};

#define FLP_POLICY_EXAMPLES ((uint64_t)1 << 40) /* max_examples by default */

void flp_policy_free(struct flp_policy *policy);

/* Adds "KEY=VALUE" to policy->where. FLP_ERROR_USAGE if the text is not a key and a value of
 * that key's type, or if the key was given before. */
int flp_policy_where(struct flp_policy *policy, const char *text,
    struct flp_error *e) FLP_CHECKED;

/* Checks that a record may be merged at all. One with central noise may not: it was made from
 * a whole round. Nor may statistics that leave their site only under a mask. */
int flp_policy_merges(const struct flp_header *h, struct flp_error *e) FLP_CHECKED;

/* Check that a record with this header may be taken: flp_policy_header by its kind and privacy
 * state, flp_policy_keys by its metadata, which include the footer's keys. */
int flp_policy_header(const struct flp_policy *policy, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;
int flp_policy_keys(const struct flp_policy *policy, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;

#endif
