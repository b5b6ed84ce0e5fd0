/* The table of the metadata keys that tools know, which fl(5) repeats. A new key is a line in
 * keys.c and a line on that page. A tool can't set a key to a value that is not of the key's type
 * (flp_meta_set_text). But a value in a record from elsewhere may be of any type, so it is
 * checked where it is used, by flp_meta_u64 for example. */
#ifndef FLP_FORMAT_KEYS_H
#define FLP_FORMAT_KEYS_H

#include <stddef.h>

enum flp_meta_type {
	FLP_META_WHOLE = 1, /* what flp_number_u64 reads */
	FLP_META_REAL,      /* what flp_number_f64 reads */
	FLP_META_TEXT,
};

/* What becomes of a key when records are merged. */
enum flp_merge {
	FLP_MERGE_DROP = 1,
	FLP_MERGE_EQUAL, /* must be equal in all, and is kept */
	FLP_MERGE_SUM,   /* added up if all have it, otherwise dropped */
};

#define FLP_KEYS_MOST 64 /* rows of the table, at most */

/* What is true of a key, as bits. */
enum {
	FLP_KEY_MADE = 1,   /* it says who or what made the record, and is not passed on */
	FLP_KEY_NOISE = 2,  /* it says how a record was noised, so only noised records have it */
	FLP_KEY_LEDGER = 4, /* it says how a record was clipped or noised; an accountant reads it */
	FLP_KEY_OPEN = 8,   /* it does not depend on anybody's data, so a noised record may have it */
};

struct flp_meta_key {
	const char *name;
	enum flp_meta_type type;
	enum flp_merge merge;
	unsigned is; /* FLP_KEY_MADE and so on, added up */
};

/* The row of a key of n bytes; NULL if it is not in the table. */
const struct flp_meta_key *flp_keys_find(const char *name, size_t n);

/* The table's rows, sorted by name; NULL past its end. */
const struct flp_meta_key *flp_keys_at(size_t i);

/* Returns 1 if the n bytes are a value of the key's type. */
int flp_keys_fits(const struct flp_meta_key *key, const char *value, size_t n);

/* Returns 1 if two values of a key are the same. They are compared as numbers if the key is for
 * numbers and both values are numbers, otherwise as bytes. key = NULL stands for a key that is
 * not in the table, whose values are texts. */
int flp_keys_same(const struct flp_meta_key *key, const char *a, size_t a_n, const char *b,
    size_t b_n);

#endif
