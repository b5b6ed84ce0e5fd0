#include "import/gaps.h"
#include "base/number.h"
#include "data/schema.h"
#include "text/csv.h"
#include "text/value.h"

#include <string.h>

void
flp_gaps_free(struct flp_gaps *gaps)
{
	flp_texts_free(&gaps->words);
	flp_texts_free(&gaps->plain);
	gaps->numbers = 0;
}

static int
add_word(struct flp_gaps *gaps, const char *word, struct flp_error *e)
{
	size_t n = strlen(word), length;
	char plain[FLP_TEXTS_BYTES];
	double v = 0;
	int number;

	if (flp_texts_add(&gaps->words, word, n, UINT32_MAX, e) < 0)
		return -1;
	gaps->first[(unsigned char)word[0]] = 1;
	if ((number = flp_schema_plain(plain, &length, word, n, e)) <= 0)
		return number;
	if (flp_value_parse(word, n, &v) == FLP_VALUE_NUMBER) {
		gaps->least = gaps->numbers == 0 || v < gaps->least ? v : gaps->least;
		gaps->greatest = gaps->numbers == 0 || v > gaps->greatest ? v : gaps->greatest;
		gaps->numbers++;
	}
	return flp_texts_add(&gaps->plain, plain, length, UINT32_MAX, e);
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
	if (status < 0 && e->code == FLP_ERROR_BAD)
		e->code = FLP_ERROR_USAGE; /* a number that is beyond comparison */
	return status;
}

int
flp_gaps_word(const struct flp_gaps *gaps, const char *s, size_t n)
{
	return flp_texts_find(&gaps->words, s, n) >= 0 || flp_gaps_equal(gaps, s, n);
}

int
flp_gaps_equal(const struct flp_gaps *gaps, const char *s, size_t n)
{
	char plain[FLP_TEXTS_BYTES];
	long length;

	if (gaps->plain.n == 0 || (length = flp_number_plain(plain, sizeof plain, s, n)) <= 0)
		return 0;
	return flp_texts_find(&gaps->plain, plain, (size_t)length) >= 0;
}
