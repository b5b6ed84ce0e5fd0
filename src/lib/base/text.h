/* Text from outside: UTF-8 without control characters. */
#ifndef FLP_BASE_TEXT_H
#define FLP_BASE_TEXT_H

#include <stddef.h>

/* The length of the well-formed UTF-8 sequence (RFC 3629) that starts at s and
 * is not a control character (C0, DEL, C1); 0 if no such sequence starts there. */
size_t flp_text_step(const char *s, size_t n);

/* Returns 1 if all n bytes are printable in that sense, 0 if not. */
int flp_text_printable(const char *s, size_t n);

/* The end of s, at most `most` bytes long, which starts with a whole character. */
const char *flp_text_end(const char *s, size_t most);

/* Writes s to out[cap] with \xNN for each byte that is not printable. The result ends with a
 * NUL, and is cut if it does not fit. Returns its length. What a person reads goes through
 * flp_shown_text (base/shown.h) instead. */
size_t flp_text_escape(char *out, size_t cap, const char *s, size_t n);

#endif
