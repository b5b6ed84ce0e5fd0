/* Which texts of a table stand for a missing value. An empty field always does. */
#ifndef FLP_IMPORT_GAPS_H
#define FLP_IMPORT_GAPS_H

#include "base/error.h"
#include "text/texts.h"

#include <stddef.h>

/* The spellings of a missing value if none are given, as flp_gaps_add takes them. */
#define FLP_GAPS_USUAL "NA,N/A,NaN,nan,NULL,null,None,?,."

/* All zero: the empty field alone. */
struct flp_gaps {
	struct flp_texts words;
	double *number; /* those of the words that are numbers */
	size_t numbers, room;
	unsigned char first[256]; /* 1 for the first byte of each word */
};

void flp_gaps_free(struct flp_gaps *gaps);

/* Adds the spellings in a list, which is a row of CSV, or those of other gaps. A bad list is
 * FLP_ERROR_USAGE; an empty text is an empty list. */
int flp_gaps_add(struct flp_gaps *gaps, const char *list, struct flp_error *e) FLP_CHECKED;
int flp_gaps_copy(struct flp_gaps *gaps, const struct flp_gaps *from,
    struct flp_error *e) FLP_CHECKED;

/* 1 for a text that is one of the words. */
int flp_gaps_word(const struct flp_gaps *gaps, const char *s, size_t n);

/* 1 for a number that one of the words is, however either is written. */
static inline int
flp_gaps_number(const struct flp_gaps *gaps, double v)
{
	for (size_t i = 0; i < gaps->numbers; i++)
		if (gaps->number[i] == v)
			return 1;
	return 0;
}

/* 1 for a field that is empty, one of the words, or equal to one of them as a number. */
static inline int
flp_gaps_has(const struct flp_gaps *gaps, const char *s, size_t n)
{
	return n == 0 || ((gaps->first[(unsigned char)s[0]] || gaps->numbers > 0) &&
	    flp_gaps_word(gaps, s, n));
}

#endif
