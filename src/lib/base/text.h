/* Text from outside: UTF-8, and what may be shown on a terminal. */
#ifndef FLP_BASE_TEXT_H
#define FLP_BASE_TEXT_H

#include <stddef.h>

/* Bytes of the well-formed UTF-8 sequence (RFC 3629) that starts at s and is
 * not a control character (C0, DEL, C1), or 0 where there is none. */
size_t flp_text_step(const char *s, size_t n);

/* 1 when all n bytes are printable in that sense, 0 when not. */
int flp_text_printable(const char *s, size_t n);

/* The last bytes of s, at most `most`, from a character's beginning. */
const char *flp_text_end(const char *s, size_t most);

/* Writes s to out[cap], always ended by NUL, with every byte that is not
 * printable as \xNN; cut where it does not fit. Returns the length written. */
size_t flp_text_escape(char *out, size_t cap, const char *s, size_t n);

#endif
