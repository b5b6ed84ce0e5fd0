/* What the records taken so far have in common: their kind, their tensors, the values that must
 * be equal, and the keys that fl(5) lists as equal.
 *
 * All of this is copied from the first record that has it. But the first record does not
 * decide what is right: if a later one differs, the run has no result (rule/admit.h).
 *
 * Each record is first compared and then added. */
#ifndef FLP_RULE_AGREED_H
#define FLP_RULE_AGREED_H

#include "rule/entry.h"
#include "rule/merged.h"

/* All zero: no record was added. */
struct flp_agreed {
	struct flp_merged merged; /* header.kind is 0 before the first record; header.meta: the keys */
	uint64_t known; /* bit i: row i of the table of keys is settled, with a value or without */
	int nothing;    /* 1: there were only partials of nothing, whose values do not count */
	char *place;    /* where the first record is; NULL before it */
	char *noised;   /* where the first noised or masked record is; NULL before it */
};

void flp_agreed_free(struct flp_agreed *all);

/* Compares the kind and the tensors of a record with those agreed on. Before the first record
 * all pass, and a kind of 0, which is not known yet, passes too. With alike = 1 float dtypes
 * may differ. FLP_ERROR_BAD if anything differs; the message ends with the option that says
 * which is right, if there is one. */
int flp_agreed_tensors(const struct flp_agreed *all, const struct flp_header *one, int alike,
    struct flp_error *e) FLP_CHECKED;

/* Compares keys in the same way. With noise = 1 it compares the keys that say how a record was
 * noised, and all records but noised and masked ones pass; with noise = 0, it compares all other
 * keys. A key that one record has and another lacks differs, but a partial of nothing may lack
 * any key. */
int flp_agreed_keys(const struct flp_agreed *all, const struct flp_meta *said,
    const struct flp_entry *entry, int noise, struct flp_error *e) FLP_CHECKED;

/* Adds the tensors of a record that does not differ. If it is the first, or the first that is
 * not a partial of nothing, *one and all->merged are exchanged, except for their metadata. The
 * caller still frees *one. */
int flp_agreed_add(struct flp_agreed *all, struct flp_merged *one,
    const struct flp_entry *entry, struct flp_error *e) FLP_CHECKED;

/* Adds the keys of a record that does not differ: those that were not settled yet. */
int flp_agreed_add_keys(struct flp_agreed *all, const struct flp_meta *said,
    const struct flp_entry *entry, struct flp_error *e) FLP_CHECKED;

#endif
