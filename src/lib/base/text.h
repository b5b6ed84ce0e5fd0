/* Text from outside: UTF-8, and what may be shown on a terminal. */
#ifndef FLP_BASE_TEXT_H
#define FLP_BASE_TEXT_H

#include <stddef.h>

/* The length of the well-formed UTF-8 sequence (RFC 3629) that starts at s and
 * is not a control character (C0, DEL, C1), or 0 if there is none. */
size_t flp_text_step(const char *s, size_t n);

/* Returns 1 if all n bytes are printable in that sense, 0 if not. */
int flp_text_printable(const char *s, size_t n);

/* The same, and none of them controls the direction of text: with such controls two different names
 * may look the same to a person who compares them. */
int flp_text_name(const char *s, size_t n);

/* The last bytes of s, at most `most`, starting with a whole character. */
const char *flp_text_end(const char *s, size_t most);

/* The columns that a printable text takes, counted as one for each character.
 * (Characters of double or of no width are counted as one too.) */
size_t flp_text_columns(const char *s);

/* Writes s to out[cap], always ended by NUL, with every byte that is not
 * printable as \xNN; a text that does not fit is cut. Returns the length written. */
size_t flp_text_escape(char *out, size_t cap, const char *s, size_t n);

#endif
