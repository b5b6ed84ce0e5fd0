/* A set of short texts, numbered in the order in which they arrive: names of columns, classes,
 * groups and clients, levels of a column. In a record it is a u8 tensor, one
 * text a line.
 *
 * Texts may come from anybody. The key of the hash table is drawn from the system's generator, so
 * that nobody can make texts that are slow to find; no result depends on the key. */
#ifndef FLP_TEXT_TEXTS_H
#define FLP_TEXT_TEXTS_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define FLP_TEXTS_BYTES ((size_t)1024) /* of one text that flp_texts_add takes */

/* All zero is the empty set. */
struct flp_texts {
	size_t n;
	char *text; /* all of them, each ended by NUL, in order */
	size_t used, room;
	size_t *at; /* where each begins */
	size_t at_room;
	uint32_t *slot; /* a hash table of 1 + index, 0 for none */
	size_t slots;
	uint64_t key; /* of the hash table, drawn anew when it grows */
};

void flp_texts_free(struct flp_texts *texts);

/* The index of a text of n bytes, or -1 if it is not in the set. */
long flp_texts_find(const struct flp_texts *texts, const char *s, size_t n);

/* How many slots are searched for a text, whether it is in the set or not. */
size_t flp_texts_steps(const struct flp_texts *texts, const char *s, size_t n);

/* The text with that index, ended by NUL; NULL if there is none. */
const char *flp_texts_get(const struct flp_texts *texts, size_t i);

/* The same for things that may lack names: if the set is empty, the index in decimal, which is
 * written to `number`. */
#define FLP_TEXTS_NUMBER 24
const char *flp_texts_name(const struct flp_texts *texts, size_t i, char number[FLP_TEXTS_NUMBER]);

/* Writes the first texts to a list for a message, "a, b, ...", as many as its `room` bytes take,
 * and returns how many: the dots stand for the others. */
size_t flp_texts_list(const struct flp_texts *texts, char *list, size_t room);

/* Adds a text, unless it is in the set already. It must be 1 to FLP_TEXTS_BYTES bytes of printable
 * UTF-8 as flp_shown_name takes it, without invisible characters, and the set may have no more than
 * `limit` texts. */
int flp_texts_add(struct flp_texts *texts, const char *s, size_t n, size_t limit,
    struct flp_error *e) FLP_CHECKED;

/* Sort the texts: as bytes; or by value, for texts that are numbers. */
int flp_texts_sort(struct flp_texts *texts, struct flp_error *e) FLP_CHECKED;
int flp_texts_sort_numbers(struct flp_texts *texts, struct flp_error *e) FLP_CHECKED;

/* The index of the first text that does not come after the one before it, as bytes; n if there is
 * none, so that they are sorted and each is there once. */
size_t flp_texts_unsorted(const struct flp_texts *texts);

/* Writes the texts in order, each ended by a newline, as a tensor holds them:
 * texts->used bytes. */
void flp_texts_lines(const struct flp_texts *texts, char *to);

/* Writes one such line, and returns where the next begins. */
char *flp_texts_line(char *to, const char *s);

/* Makes a set from the bytes of a tensor. A last line without its newline, an
 * empty or repeated line and bytes that are not printable are errors; a line may
 * be of any length. */
int flp_texts_parse(struct flp_texts *texts, const void *bytes, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* The same for texts of one or more fields that are separated by tabs, none of them empty. */
int flp_texts_parse_fields(struct flp_texts *texts, const void *bytes, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* Returns 0 if both hold the same texts in the same order; otherwise -1, and the error is
 * the first difference, "expected ..., found ...", where a has what was expected. What b
 * has is hidden (flp_error_hide). */
int flp_texts_same(const struct flp_texts *a, const struct flp_texts *b,
    struct flp_error *e) FLP_CHECKED;

#endif
