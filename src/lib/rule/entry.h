/* A record that has been checked, and what it adds to the result. */
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

	/* How many clients the record counts as. It is 1 for a record that is neither a partial nor
	 * a sum of masked records, and 0 for a partial of nothing. */
	uint64_t clients;

	/* What each of its values is multiplied by. The values of a partial have been multiplied
	 * already: its weight is the sum of the weights of its records, 0 in a partial of nothing. */
	uint64_t weight;

	struct flp_counts counts;
	struct flp_norm norm; /* of the float values read so far, if the policy asks for norms */
	int normed;           /* 1: all values were read */

	/* For a clipped update that is summed (rule/clipped.h): the lattice on which its values must
	 * lie, and the sum of the squares of its values, in steps, so far. For any other record
	 * lattice.step is 0. */
	struct flp_lattice lattice;
	uint64_t squares;

	struct flp_meta said;     /* under policy.unique: its keys, which are compared later */
	char *client;             /* the name in its metadata; NULL if it has none or is a partial */
	struct flp_texts senders; /* of a sum of masked records: the clients in it */
	size_t row;               /* its row in the report, if there is a report */
};

/* Frees what an entry holds. */
void flp_entry_free(struct flp_entry *entry);

/* Forgets what was computed from the record's values, so that they can be read again from the
 * first. */
void flp_entry_begin_values(struct flp_entry *entry);

/* flp_entry_place writes where the record is: the file's name and, from the second record on,
 * the record's number, "u.flp: record 2". A text that is too long is cut at its end.
 * flp_entry_at puts this place before an error, and returns -1. */
#define FLP_ENTRY_PLACE (PATH_MAX + 32)
void flp_entry_place(const struct flp_entry *entry, char place[FLP_ENTRY_PLACE]);
int flp_entry_at(const struct flp_entry *entry, struct flp_error *e);

/* Orders entries by file name as bytes, then by number. The result is less than, equal to or
 * greater than 0, as that of strcmp. */
int flp_entry_compare(const struct flp_entry *a, const struct flp_entry *b);

#endif
