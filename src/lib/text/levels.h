/* A set of short texts, numbered as they arrive: levels of a column, classes,
 * groups, names. */
#ifndef FLP_TEXT_LEVELS_H
#define FLP_TEXT_LEVELS_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define FLP_LEVELS_TEXT ((size_t)1024) /* bytes of one text */

/* All zero is the empty set. */
struct flp_levels {
	size_t n;
	char *text; /* all of them, each ended by NUL, in order */
	size_t used, room;
	size_t *at; /* where each begins */
	size_t at_room;
	uint32_t *slot; /* a hash table of 1 + index, 0 for none */
	size_t slots;
};

void flp_levels_free(struct flp_levels *levels);

/* The index of a text of n bytes, -1 where it is not. */
long flp_levels_find(const struct flp_levels *levels, const char *s, size_t n);

/* Puts a text in, if it is not: 1 to FLP_LEVELS_TEXT bytes of printable UTF-8,
 * and no more than `limit` texts. */
int flp_levels_add(struct flp_levels *levels, const char *s, size_t n, size_t limit,
    struct flp_error *e) FLP_CHECKED;

const char *flp_levels_text(const struct flp_levels *levels, size_t i);

/* Puts the texts in order: as bytes, or those that are numbers by value. */
int flp_levels_sort(struct flp_levels *levels, struct flp_error *e) FLP_CHECKED;
int flp_levels_sort_numbers(struct flp_levels *levels, struct flp_error *e) FLP_CHECKED;

/* The texts in order, each ended by a newline, as a tensor of names holds
 * them; *bytes is for the caller to free. */
int flp_levels_lines(const struct flp_levels *levels, char **bytes, size_t *n,
    struct flp_error *e) FLP_CHECKED;

#endif
