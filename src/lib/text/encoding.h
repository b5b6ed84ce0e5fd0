/* What the first bytes of a text tell about how it is written. */
#ifndef FLP_TEXT_ENCODING_H
#define FLP_TEXT_ENCODING_H

#include "base/error.h"

#include <stddef.h>

/* How many of the n first bytes are a UTF-8 byte order mark: 3 or 0. */
size_t flp_encoding_mark(const char *s, size_t n);

/* Refuses what begins as UTF-16 or UTF-32 does, with a byte order mark or with characters every
 * second byte of which is 0, or as a compressed file or a spreadsheet does. */
int flp_encoding_check(const char *s, size_t n, struct flp_error *e) FLP_CHECKED;

/* Refuses a text whose first line, as far as it is among the n bytes, ends in CR without LF.
 * A CR between double quotes is part of a field. */
int flp_encoding_check_ends(const char *s, size_t n, struct flp_error *e) FLP_CHECKED;

/* Adds to an error about a field what may be wrong with it: a line break, or letters that are not
 * UTF-8, with the command that converts the file. Returns -1. */
int flp_encoding_hint(const char *s, size_t n, struct flp_error *e);

#endif
