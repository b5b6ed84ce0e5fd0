/* Kinds by name. A module whose things come in kinds has one function
 *     const char *flp_MODULE_name(unsigned index)
 * that gives the name of each kind by its enumerator and NULL after the last. The
 * words of an option, the check of a word and its message all come from there. A
 * kind whose name is empty stands for "not said" and can't be asked for. */
#ifndef FLP_BASE_CHOICE_H
#define FLP_BASE_CHOICE_H

#include <stddef.h>

#define FLP_CHOICE_TEXT 1024 /* room for a list of names */

/* The index of the kind whose name is the n bytes of text, or -1 if there is none. */
int flp_choice_find(const char *(*name)(unsigned), const char *text, size_t n);

/* Writes the names from index `first` on to out, separated by `between`, the last
 * two by `last`: "a, b or c". Returns out. A list that does not fit is cut. */
const char *flp_choice_list(char out[FLP_CHOICE_TEXT], const char *(*name)(unsigned),
    unsigned first, const char *between, const char *last);

#endif
