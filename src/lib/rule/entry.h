/* A record that was checked, and what it counts for. */
#ifndef FLP_RULE_ENTRY_H
#define FLP_RULE_ENTRY_H

#include "format/header.h"
#include "format/id.h"
#include "kernel/lattice.h"
#include "kernel/norm.h"
#include "rule/counts.h"
#include "text/texts.h"

#include <limits.h>

struct flp_entry {
	const char *path; /* the file, "-" for standard input */
	uint64_t number;  /* the record's number in the file, from 1 */
	struct flp_id id;
	enum flp_kind kind;
	enum flp_privacy privacy;
	uint64_t clients; /* 1; for a partial, how many are in it: 0 in one of nothing */
	uint64_t weight;  /* of its values; for a partial, the sum over its clients */
	struct flp_counts counts;
	struct flp_norm norm; /* of its values that were read, if the policy asks for it */
	int normed;           /* 1: all values were read */
	struct flp_lattice lattice; /* its values must be on it (rule/clipped.h), or step = 0 */
	uint64_t squares;           /* of the steps of its values */
	struct flp_meta said; /* its keys, if they are still to be compared with others' */
	char *client;         /* the name in its metadata, or NULL */
	struct flp_texts senders; /* of a sum of masked records: the clients in it */
	size_t row;           /* in the report */
};

/* Frees what an entry holds. */
void flp_entry_free(struct flp_entry *entry);

/* Forgets what was computed from the record's values, which are then read again from the
 * first. */
void flp_entry_begin_values(struct flp_entry *entry);

/* The file and, if it is above 1, the record's number in it: "u.flp: record 2". A text that
 * is too long is cut at its end. flp_entry_at puts it before an error, and returns -1. */
#define FLP_ENTRY_PLACE (PATH_MAX + 32)
void flp_entry_place(const struct flp_entry *entry, char place[FLP_ENTRY_PLACE]);
int flp_entry_at(const struct flp_entry *entry, struct flp_error *e);

/* Orders entries by file name as bytes, then by number: less than 0, 0, more than 0. */
int flp_entry_compare(const struct flp_entry *a, const struct flp_entry *b);

#endif
