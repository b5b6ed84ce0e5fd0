/* Text that a person reads, on a terminal, in a message or in a listing.
 *
 * Some characters are invisible, and some change the order in which others show, so that two
 * different texts may look the same, or one may look like what it is not. These are called hidden
 * here: what Unicode calls default-ignorable, the separators of lines and paragraphs, and the
 * controls of the bidirectional algorithm (Unicode Standard Annex #9). */
#ifndef FLP_BASE_SHOWN_H
#define FLP_BASE_SHOWN_H

#include <locale.h>
#include <stddef.h>
#include <stdint.h>

/* Writes s to out[cap] as flp_text_escape does, and each hidden character as its number: \u{202E}.
 * The result takes at most 4 n bytes and its NUL. */
size_t flp_shown_text(char *out, size_t cap, const char *s, size_t n);

/* How many bytes come before the first hidden character; *step is the length of that character, 0
 * if there is none. Bytes that are not printable UTF-8 are passed over. */
size_t flp_shown_plain(const char *s, size_t n, size_t *step);

/* The number of the first hidden character, 0 if there is none. With odd = 1, zero-width joiners
 * and variation selectors are passed over, since some scripts need them to spell their words, so
 * that it is the first character that has no place in a name. */
uint32_t flp_shown_hidden(const char *s, size_t n, int odd);

/* Returns 1 if a name is printable UTF-8 without hidden characters other than joiners and variation
 * selectors, 0 if not. */
int flp_shown_name(const char *s, size_t n);

/* The columns that flp_shown_text of a printable text takes on a terminal: two for a wide
 * character, none for one that combines with the character before it. Without `terminal` each
 * character counts as one, so that a file is the same on every machine. */
size_t flp_shown_columns(const char *s, int terminal);

/* The same on a terminal, for one who asks often: *unicode is 0 before the first call, and is freed
 * with freelocale after the last one unless it is still 0. */
size_t flp_shown_widths(const char *s, locale_t *unicode);

#endif
