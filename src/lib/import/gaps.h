/* Gaps: the texts that stand for a missing value in a table. An empty field always does. */
#ifndef FLP_IMPORT_GAPS_H
#define FLP_IMPORT_GAPS_H

#include "base/error.h"
#include "text/texts.h"

#include <stddef.h>

/* The texts of a missing value if none are given, as flp_gaps_add takes them. */
#define FLP_GAPS_USUAL "NA,N/A,NaN,nan,NULL,null,None,?,."

/* All zero: the empty field alone. */
struct flp_gaps {
	struct flp_texts words; /* the texts */
	struct flp_texts plain; /* the numbers among them, in the spelling that equal numbers share */
	size_t numbers; /* those that a column of numbers could hold, */
	double least, greatest; /* and their range */
	unsigned char first[256]; /* 1 for the first byte of each text */
};

void flp_gaps_free(struct flp_gaps *gaps);

/* Adds the texts in a list, which is a row of CSV, or those of other gaps. A bad list is
 * FLP_ERROR_USAGE; an empty text is an empty list. */
int flp_gaps_add(struct flp_gaps *gaps, const char *list, struct flp_error *e) FLP_CHECKED;
int flp_gaps_copy(struct flp_gaps *gaps, const struct flp_gaps *from,
    struct flp_error *e) FLP_CHECKED;

/* 1 for a field that is one of the texts, or equal to one as a number. */
int flp_gaps_word(const struct flp_gaps *gaps, const char *s, size_t n);

/* 1 for a field that is equal to one of the texts as a number, as levels are: compared exactly, of
 * whatever size, however either is written. */
int flp_gaps_equal(const struct flp_gaps *gaps, const char *s, size_t n);

/* The same for a field that is a number in the range of f32, which rounds to v. */
static inline int
flp_gaps_number(const struct flp_gaps *gaps, const char *s, size_t n, double v)
{
	return gaps->numbers > 0 && v >= gaps->least && v <= gaps->greatest &&
	    flp_gaps_equal(gaps, s, n);
}

/* 1 for a field that is empty, one of the texts, or equal to one of them as a number. */
static inline int
flp_gaps_has(const struct flp_gaps *gaps, const char *s, size_t n)
{
	return n == 0 || ((gaps->first[(unsigned char)s[0]] || gaps->plain.n > 0) &&
	    flp_gaps_word(gaps, s, n));
}

#endif
