/* A site's disclosure policy: what may leave it.
 *
 * As text, `key value` a line; the value is all that follows the blanks after the key.
 * Empty lines and lines that begin with # are ignored. The keys are the table in site.c,
 * which fl-privacy(7) repeats. An unknown key, a key that is given twice and a value that
 * does not fit are errors that name the line.
 *
 * A program takes the policies in this order, and the first that exists has most weight:
 *     struct flp_site site = { 0 };
 *     flp_site_system(&site, &e);        FLP_SITE_SYSTEM, where it exists
 *     flp_site_take(&site, path, &e);    each file that the user names, or "open"
 *     flp_site_settle(&site, &e);        then the policy can be asked
 * The first file sets the limits, its defaults included. Each later one can only tighten
 * them: of two lines with the same key the tighter one counts. "open" stands for no limits
 * at all, but only if there is no file. Without a file and without "open", only the defaults
 * that the table marks are binding.
 *
 * Then ask: flp_site_rows(&site, n, &e), flp_site_clip(&site, clip, &e) and so on. Each
 * returns 0 if the policy allows it. Otherwise the error is FLP_ERROR_BAD and names the line,
 *     policy /etc/fl/policy: line 4: min-rows 3: expected at least 3 rows, found fewer
 * and never what was found. */
#ifndef FLP_PRIVACY_SITE_H
#define FLP_PRIVACY_SITE_H

#include "base/in.h"
#include "format/digest.h"
#include "text/texts.h"

#include <stddef.h>
#include <stdint.h>

#define FLP_SITE_SYSTEM "/etc/fl/policy"
#define FLP_SITE_OPEN "open"

/* How a value is written, and which of two is the tighter one. */
enum flp_site_type {
	FLP_SITE_LEAST = 1, /* a whole number: at least so many, so the greater one */
	FLP_SITE_MOST,      /* a whole number: at most so many, so the lesser one */
	FLP_SITE_ABOVE,     /* like FLP_SITE_LEAST, for any number */
	FLP_SITE_BELOW,     /* like FLP_SITE_MOST, for any number */
	FLP_SITE_FILE,      /* a path, relative to the policy's folder; two must be the same */
	FLP_SITE_DIGEST,    /* 64 hexadecimal digits; two must be the same */
	FLP_SITE_NAMES,     /* names separated by blanks or commas; those that are in both */
};

/* What the policy says of one key. */
struct flp_site_limit {
	int set;      /* 1: it binds; else the other fields mean nothing */
	double number;            /* for a key that is a number */
	char *text;               /* for a file (its whole path) or a digest */
	struct flp_texts names;   /* for a list */
	const char *file; /* the policy that has the line, or NULL for a default */
	uint64_t line;
};

/* All zero at first. Each field stands for the key with its name. */
struct flp_site {
	struct flp_site_limit min_count, min_rows, max_levels, parameters_per_row, max_clip,
	    min_noise, ledger, max_epsilon, delta, max_rounds, min_clients, min_threshold, min_bits,
	    roster, authority, metadata, model;
	unsigned files;   /* how many were read */
	const char *file; /* the first of them */
	int open;         /* "open" was given */
};

/* A row of the table of keys. */
struct flp_site_key {
	const char *name;
	enum flp_site_type type;
	double least, most;  /* of a number */
	double preset;       /* the limit if a policy does not have the key; 0: none */
	int always;          /* 1: the preset binds even if there is no policy */
	const char *binds;   /* the tools that ask about it; empty: none in this version */
	size_t to;           /* offsetof the field of struct flp_site */
};

/* A row of the table, or NULL past its end; and the name of a type in fl-privacy(7). */
const struct flp_site_key *flp_site_key(size_t i);
const char *flp_site_type_name(enum flp_site_type type);

/* What the policy says of a row of the table. */
const struct flp_site_limit *flp_site_limit(const struct flp_site *site,
    const struct flp_site_key *key);

/* Takes FLP_SITE_SYSTEM. It is not an error if there is none, but it is one if it can't be
 * read or is not a regular file: a symbolic link, for example. */
int flp_site_system(struct flp_site *site, struct flp_error *e) FLP_CHECKED;

/* Takes the policy in the file at path ("-" is standard input), or FLP_SITE_OPEN. The path
 * must outlive the site. flp_site_read takes an input that is open already. */
int flp_site_take(struct flp_site *site, const char *path, struct flp_error *e) FLP_CHECKED;
int flp_site_read(struct flp_site *site, struct flp_in *in, struct flp_error *e) FLP_CHECKED;

/* Fills in the defaults, and checks the keys that need one another: max-epsilon and
 * max-rounds are counted in a ledger, so they need one. */
int flp_site_settle(struct flp_site *site, struct flp_error *e) FLP_CHECKED;

void flp_site_free(struct flp_site *site);

/* Returns 1 if a policy was read, so that the limits that only a policy sets are binding. */
int flp_site_ruled(const struct flp_site *site);

/* The error of something that one of the site's limits does not allow: puts the place before a
 * sentence such as "expected at least 3 rows, found fewer". Returns -1. */
int flp_site_refuse(const struct flp_site *site, const struct flp_site_limit *limit,
    struct flp_error *e, const char *fmt, ...) FLP_PRINTF(4, 5);

/* The same for what no policy allows, whatever its lines say. */
int flp_site_forbid(const struct flp_site *site, struct flp_error *e, const char *fmt,
    ...) FLP_PRINTF(3, 4);

/* Puts the place of a limit before another error, for example that its file can't be read.
 * Returns -1. */
int flp_site_at(const struct flp_site *site, const struct flp_site_limit *limit,
    struct flp_error *e);

/* This function and those below each ask the policy about one thing: here n rows to train on. */
int flp_site_rows(const struct flp_site *site, uint64_t n, struct flp_error *e) FLP_CHECKED;

/* A cell of n rows, or people, out of `total`: neither n nor the rest may be from 1 to
 * min-count - 1. */
int flp_site_cell(const struct flp_site *site, uint64_t n, uint64_t total,
    struct flp_error *e) FLP_CHECKED;

/* A clip norm; noise, as its standard deviation divided by the clip norm, 0 for none. NaN is
 * not allowed by any limit. */
int flp_site_clip(const struct flp_site *site, double clip, struct flp_error *e) FLP_CHECKED;
int flp_site_noise(const struct flp_site *site, double z, struct flp_error *e) FLP_CHECKED;

/* A masked sum: how many clients may be in it, how many are needed to open it, and the security
 * of its masks in bits. */
int flp_site_masked(const struct flp_site *site, uint64_t clients, uint64_t threshold,
    unsigned bits, struct flp_error *e) FLP_CHECKED;

/* A key of metadata, of n bytes. */
int flp_site_metadata(const struct flp_site *site, const char *key, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* A model's design (format/design.h). */
int flp_site_design(const struct flp_site *site, const struct flp_digest *design,
    struct flp_error *e) FLP_CHECKED;

#endif
