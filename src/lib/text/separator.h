/* What stands between the fields of a row of text. */
#ifndef FLP_TEXT_SEPARATOR_H
#define FLP_TEXT_SEPARATOR_H

#include "base/error.h"

#include <stddef.h>

/* Reads a separator: "comma", "semicolon", "tab", "space", "bar", or the character itself,
 * one of ASCII that no number, word or quoted field needs. Anything else is FLP_ERROR_USAGE. */
int flp_separator_parse(char *separator, const char *text, struct flp_error *e) FLP_CHECKED;

/* The words among these, by index; NULL after the last. */
const char *flp_separator_word(unsigned index);

/* What a message calls it: "a comma"; "a separator" where it has no word. */
const char *flp_separator_name(char separator);

/* How often it stands in a text, outside double quotes. */
size_t flp_separator_count(char separator, const char *s, size_t n);

#endif
