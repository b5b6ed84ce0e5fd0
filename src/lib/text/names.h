/* Names of columns, classes and groups: a u8 tensor, one name a line. */
#ifndef FLP_TEXT_NAMES_H
#define FLP_TEXT_NAMES_H

#include "base/error.h"

#include <stddef.h>

struct flp_names {
	size_t n;
	const char **name; /* n texts, each ended by NUL */
	char *text;        /* what they point into */
};

/* Names as a tensor holds them, and back. Parsing refuses a last line without
 * its newline, an empty or repeated name, bytes that are not printable. */
int flp_names_parse(struct flp_names *names, const void *bytes, size_t n,
    struct flp_error *e) FLP_CHECKED;
void flp_names_free(struct flp_names *names);

/* Index of a name, -1 where it is not. */
long flp_names_find(const struct flp_names *names, const char *name);

/* 0 where both hold the same names in the same order; else -1 and the first
 * difference, as "expected ..., found ..." with a's as expected. */
int flp_names_same(const struct flp_names *a, const struct flp_names *b,
    struct flp_error *e) FLP_CHECKED;

#endif
