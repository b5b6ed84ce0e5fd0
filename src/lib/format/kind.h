/* What a record is: the kinds of fl(5). */
#ifndef FLP_FORMAT_KIND_H
#define FLP_FORMAT_KIND_H

/* Version 1 has these kinds and no others. */
enum flp_kind {
	FLP_KIND_PARAMS = 1, /* a model's parameters, or any named arrays */
	FLP_KIND_UPDATE,     /* new parameters minus old */
	FLP_KIND_SUM,        /* a sum of params or updates, not yet divided */
	FLP_KIND_PARTIAL,    /* exact sums that can be aggregated again */
	FLP_KIND_DATA,       /* rows: features, labels, groups */
	FLP_KIND_STATS,      /* counts and moments of data */
	FLP_KIND_COHORT,     /* the clients drawn for a round */
	FLP_KIND_STATE,      /* what a tool keeps from round to round */
	FLP_KIND_MASKED, FLP_KIND_KEY, FLP_KIND_SHARE, /* secure aggregation */
};
#define FLP_KINDS FLP_KIND_SHARE

/* "params", ...; NULL for any other code. */
const char *flp_kind_name(enum flp_kind kind);

/* The privacy states that a record of a kind may have, as bits: 1 << FLP_PRIVACY_RAW
 * and so on. See flp_privacy_allowed. */
unsigned flp_kind_states(enum flp_kind kind);

/* 1 for the kinds that other records name by their digest (format/digest.h). */
int flp_kind_digested(enum flp_kind kind);

#endif
