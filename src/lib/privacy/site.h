/* A site's disclosure policy: what may leave it.
 *
 * A policy is a text with one `key value` on each line; the value is everything after the blanks
 * that follow the key. Empty lines and lines that begin with # are ignored. The keys are in the
 * table in site.c, which fl-privacy(7) repeats. An unknown key, a key that is given twice and a
 * value that does not fit are errors that name the line.
 *
 * A program takes the policies in this order:
 *     struct flp_site site = { 0 };
 *     flp_site_system(&site, &e);        FLP_SITE_SYSTEM, where it exists
 *     flp_site_take(&site, path, &e);    each file that the user names, or "open"
 *     flp_site_settle(&site, &e);        then the policy can be asked
 * The first file sets the limits; a key that it does not have gets its default. Each later file
 * can only tighten them: of two lines with the same key the tighter one counts. "open" means that
 * there are no limits at all, but it counts only if no file was taken. Without a file and without
 * "open", the defaults that the table marks as `always` are the only limits.
 *
 * Then flp_site_rows(&site, n, &e), flp_site_clip(&site, clip, &e) and so on ask the policy. Each
 * returns 0 if the policy allows it. Otherwise the error is FLP_ERROR_BAD and names the line,
 *     policy /etc/fl/policy: line 4: min-rows 3: expected at least 3 rows, found fewer
 * but not the number that was found. */
#ifndef FLP_PRIVACY_SITE_H
#define FLP_PRIVACY_SITE_H

#include "base/in.h"
#include "format/digest.h"
#include "text/texts.h"

#include <stddef.h>
#include <stdint.h>

#define FLP_SITE_SYSTEM "/etc/fl/policy"
#define FLP_SITE_OPEN "open"

/* The words that stand for a policy in place of a path, by index; NULL after the last. */
const char *flp_site_word(unsigned index);

/* How a value is written, and how two values of the same key are combined. */
enum flp_site_type {
	FLP_SITE_LEAST = 1, /* a whole number, the least that is allowed: the greater counts */
	FLP_SITE_MOST,      /* a whole number, the most that is allowed: the smaller counts */
	FLP_SITE_ABOVE,     /* like FLP_SITE_LEAST, for any number */
	FLP_SITE_BELOW,     /* like FLP_SITE_MOST, for any number */
	FLP_SITE_FILE,      /* a path, relative to the policy's folder; two must be the same */
	FLP_SITE_DIGEST,    /* 64 hexadecimal digits; two must be the same */
	FLP_SITE_NAMES,     /* names separated by blanks or commas; those that are in both count */
};

/* The limit that the policy sets for one key. */
struct flp_site_limit {
	int set;      /* 1: there is a limit; 0: the other fields mean nothing */
	double number;            /* for a key that is a number */
	char *text;               /* for a file (its whole path) or a digest */
	struct flp_texts names;   /* for a list */
	const char *file; /* the policy that has the line, or NULL for a default */
	uint64_t line;    /* its number, from 1 */
};

/* All zero at first. Each limit stands for the key of the same name. */
struct flp_site {
	struct flp_site_limit min_count, min_rows, max_levels, parameters_per_row, max_clip,
	    min_noise, ledger, max_epsilon, delta, max_rounds, min_clients, min_threshold, min_bits,
	    roster, authority, metadata, model;
	unsigned files;   /* how many policies were read */
	const char *file; /* the first of them */
	int open;         /* 1: "open" was given */
};

/* A row of the table of keys. */
struct flp_site_key {
	const char *name;
	enum flp_site_type type;
	double least, most;  /* the range of a number */
	double preset;       /* the default for a policy that does not have the key; 0: none */
	int always;          /* 1: the default is a limit even without a policy */
	const char *binds;   /* the tools that ask about it; empty: none in this version */
	size_t to;           /* offsetof the field of struct flp_site */
};

/* flp_site_key returns row i of the table, or NULL past its end; flp_site_type_name returns the
 * name of a type in fl-privacy(7). */
const struct flp_site_key *flp_site_key(size_t i);
const char *flp_site_type_name(enum flp_site_type type);

/* The limit that the policy sets for a row of the table. */
const struct flp_site_limit *flp_site_limit(const struct flp_site *site,
    const struct flp_site_key *key);

/* Takes FLP_SITE_SYSTEM, if it exists. An error if it can't be read or is not a regular file,
 * but a symbolic link, for example. */
int flp_site_system(struct flp_site *site, struct flp_error *e) FLP_CHECKED;

/* Takes the policy in the file at path ("-" is standard input), or FLP_SITE_OPEN. The path
 * must outlive the site. flp_site_read takes an input that is open already. */
int flp_site_take(struct flp_site *site, const char *path, struct flp_error *e) FLP_CHECKED;
int flp_site_read(struct flp_site *site, struct flp_in *in, struct flp_error *e) FLP_CHECKED;

/* Fills in the defaults, and checks that a policy with max-epsilon or max-rounds also has a
 * ledger, where these are counted. */
int flp_site_settle(struct flp_site *site, struct flp_error *e) FLP_CHECKED;

void flp_site_free(struct flp_site *site);

/* Returns 1 if a policy was read, so that there may be more limits than the defaults marked
 * `always`. */
int flp_site_ruled(const struct flp_site *site);

/* Makes the error for something that a limit does not allow: the place of the limit, followed by
 * a sentence such as "expected at least 3 rows, found fewer". Returns -1. */
int flp_site_refuse(const struct flp_site *site, const struct flp_site_limit *limit,
    struct flp_error *e, const char *fmt, ...) FLP_PRINTF(4, 5);

/* The same for something that no policy allows, whatever its lines say. */
int flp_site_forbid(const struct flp_site *site, struct flp_error *e, const char *fmt,
    ...) FLP_PRINTF(3, 4);

/* Puts the place of a limit before another error, such as that of a file that can't be read.
 * Returns -1. */
int flp_site_at(const struct flp_site *site, const struct flp_site_limit *limit,
    struct flp_error *e);

/* This function and those below each ask the policy about one thing. Here it is n rows to train
 * on. */
int flp_site_rows(const struct flp_site *site, uint64_t n, struct flp_error *e) FLP_CHECKED;

/* A cell of n rows, or people, out of `total`. Neither n nor total - n may be from 1 to
 * min-count - 1. */
int flp_site_cell(const struct flp_site *site, uint64_t n, uint64_t total,
    struct flp_error *e) FLP_CHECKED;

/* A clip norm; and noise, given as its standard deviation divided by the clip norm, 0 for none.
 * No limit allows NaN. */
int flp_site_clip(const struct flp_site *site, double clip, struct flp_error *e) FLP_CHECKED;
int flp_site_noise(const struct flp_site *site, double z, struct flp_error *e) FLP_CHECKED;

/* A masked sum: how many clients are to be in it, how many are needed to open it, and the
 * security of its masks in bits. */
int flp_site_masked(const struct flp_site *site, uint64_t clients, uint64_t threshold,
    unsigned bits, struct flp_error *e) FLP_CHECKED;

/* A key of metadata, of n bytes. */
int flp_site_metadata(const struct flp_site *site, const char *key, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* A model's design (format/design.h). */
int flp_site_design(const struct flp_site *site, const struct flp_digest *design,
    struct flp_error *e) FLP_CHECKED;

#endif
