/* Choices between kinds of a thing, by name. A module that has kinds has one function
 *     const char *flp_MODULE_name(unsigned index)
 * which returns the name of the kind with that enumerator, and NULL after the last kind. The
 * words that an option takes, the check of such a word and the message about a wrong one all
 * come from this function. A kind with an empty name stands for "not given", and can't be
 * chosen. */
#ifndef FLP_BASE_CHOICE_H
#define FLP_BASE_CHOICE_H

#include <stddef.h>

#define FLP_CHOICE_TEXT 1024 /* room for a list of names */

/* The index of the kind whose name is the n bytes of text; -1 if it is not a name. */
int flp_choice_find(const char *(*name)(unsigned), const char *text, size_t n);

/* Writes the names from index `first` on to out, separated by `between`, the last
 * two by `last`: "a, b or c". Returns out. A list that does not fit is cut. */
const char *flp_choice_list(char out[FLP_CHOICE_TEXT], const char *(*name)(unsigned),
    unsigned first, const char *between, const char *last);

#endif
