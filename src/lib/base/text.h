/* Text from outside: UTF-8, and what may be shown on a terminal. */
#ifndef FLP_BASE_TEXT_H
#define FLP_BASE_TEXT_H

#include <stddef.h>

/* The length of the well-formed UTF-8 sequence (RFC 3629) that starts at s and
 * is not a control character (C0, DEL, C1) or a control of the direction of text
 * (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069), or 0 if there is none. */
size_t flp_text_step(const char *s, size_t n);

/* Returns 1 if all n bytes are printable in that sense, 0 if not. */
int flp_text_printable(const char *s, size_t n);

/* The last bytes of s, at most `most`, starting with a whole character. */
const char *flp_text_end(const char *s, size_t most);

/* The columns that a printable text takes, counted as one for each character.
 * (Characters of double or of no width are counted as one too.) */
size_t flp_text_columns(const char *s);

/* Writes s to out[cap], always ended by NUL, with every byte that is not
 * printable as \xNN; a text that does not fit is cut. Returns the length written. */
size_t flp_text_escape(char *out, size_t cap, const char *s, size_t n);

#endif
