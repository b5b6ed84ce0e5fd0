#include "import/gaps.h"
#include "base/memory.h"
#include "text/csv.h"
#include "text/value.h"

#include <stdlib.h>
#include <string.h>

void
flp_gaps_free(struct flp_gaps *gaps)
{
	flp_texts_free(&gaps->words);
	free(gaps->number);
	gaps->number = NULL;
}

static int
add_word(struct flp_gaps *gaps, const char *word, struct flp_error *e)
{
	size_t n = strlen(word);
	double v = 0;

	if (flp_texts_add(&gaps->words, word, n, UINT32_MAX, e) < 0)
		return -1;
	gaps->first[(unsigned char)word[0]] = 1;
	if (flp_value_parse(word, n, &v) != FLP_VALUE_NUMBER || flp_gaps_number(gaps, v))
		return 0;
	if (flp_memory_grow(&gaps->number, &gaps->room, gaps->numbers + 1, sizeof v, e) < 0)
		return -1;
	gaps->number[gaps->numbers++] = v;
	return 0;
}

int
flp_gaps_copy(struct flp_gaps *gaps, const struct flp_gaps *from, struct flp_error *e)
{
	for (size_t i = 0; i < from->words.n; i++)
		if (add_word(gaps, flp_texts_get(&from->words, i), e) < 0)
			return -1;
	return 0;
}

int
flp_gaps_add(struct flp_gaps *gaps, const char *list, struct flp_error *e)
{
	struct flp_gaps more = { 0 };
	int status = -1;

	if (list[0] == '\0')
		return 0;
	if (flp_csv_list(&more.words, list, e) == 0)
		status = flp_gaps_copy(gaps, &more, e);
	flp_gaps_free(&more);
	return status;
}

int
flp_gaps_word(const struct flp_gaps *gaps, const char *s, size_t n)
{
	double v = 0;

	if (flp_texts_find(&gaps->words, s, n) >= 0)
		return 1;
	return gaps->numbers > 0 && flp_value_parse(s, n, &v) == FLP_VALUE_NUMBER &&
	    flp_gaps_number(gaps, v);
}
