/* What the records that are merged have in common: kind, tensors, the values that must be
 * equal, and the keys that fl(5) lists as equal. All this comes from the record that is
 * taken first, but that record decides nothing: if a later one differs, there is no result. */
#ifndef FLP_RULE_AGREED_H
#define FLP_RULE_AGREED_H

#include "rule/entry.h"
#include "rule/merged.h"

struct flp_agreed {
	struct flp_merged merged; /* header.kind 0: nothing yet; its metadata are the keys */
	uint64_t known; /* a bit for each row of the table of keys: 1 if records have it */
	int nothing;    /* only partials of nothing so far, which have no values */
	char *place;    /* of the record that was taken first, NULL before it */
	char *noised;   /* the same for the first that was noised or masked */
};

void flp_agreed_free(struct flp_agreed *all);

/* Compares the kind and the tensors, or the keys, of a record with what was agreed. -1 and
 * FLP_ERROR_BAD if they differ; the error ends with the option that decides such cases, if
 * there is one. With alike = 1 the types of floats may differ. The keys that say how records
 * were noised are compared in a call of their own (noise = 1), since only noised records have
 * them. */
int flp_agreed_tensors(const struct flp_agreed *all, const struct flp_header *one, int alike,
    struct flp_error *e) FLP_CHECKED;
int flp_agreed_keys(const struct flp_agreed *all, const struct flp_meta *said,
    const struct flp_entry *entry, int noise, struct flp_error *e) FLP_CHECKED;

/* Adds the tensors, or the keys, of a record that does not differ in them. If it is the first
 * with values, *one is taken over, with the values that must be equal. */
int flp_agreed_add(struct flp_agreed *all, struct flp_merged *one,
    const struct flp_entry *entry, struct flp_error *e) FLP_CHECKED;
int flp_agreed_add_keys(struct flp_agreed *all, const struct flp_meta *said,
    const struct flp_entry *entry, struct flp_error *e) FLP_CHECKED;

#endif
