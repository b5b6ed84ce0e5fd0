/* A separator is found in the first row and never guessed: where several characters could be
 * it, the columns that the schema or the options name and the next line leave one, or none. */
#include "import/table.h"
#include "text/separator.h"

#include <string.h>

static const char candidate[] = { ',', ';', '\t' };

#define CANDIDATES (sizeof candidate)

/* Some spreadsheets take the separator from a first line of this and one character more. */
#define SEP "sep="

struct first {
	struct flp_field row, after; /* the first row, and the line after it */
	char left[CANDIDATES];       /* the candidates that may be the separator */
	size_t n;                    /* how many these are */
};

static size_t
count(const struct flp_field *line, char separator)
{
	return flp_separator_count(separator, line->text, line->n);
}

/* A wrong separator would make one column of whole rows, whose levels would leave the site. */
static int
check_wish(struct flp_table *t, struct flp_error *e)
{
	static const char other[] = { ',', ';', '\t', '|' };
	struct flp_field row;
	int status = flp_csv_peek(&t->csv, &row, NULL, e);

	if (status <= 0 || count(&row, t->csv.separator) > 0)
		return status < 0 ? -1 : 0;
	for (size_t i = 0; i < sizeof other; i++)
		if (count(&row, other[i]) > 0 &&
		    !(other[i] == ',' && t->wish->decimal == FLP_DECIMAL_COMMA))
			return flp_error_bad(e, "expected the separator of --separator in the first line, "
			    "found %s", flp_separator_name(other[i]));
	return 0;
}

static int
take_wish(struct flp_table *t, struct flp_error *e)
{
	if (flp_separator_parse(&t->csv.separator, t->wish->separator, e) < 0)
		return flp_error_at(e, "separator");
	return check_wish(t, e);
}

/* 1 if the line after the first row has as many separators, or does not tell. */
static int
fits_after(const struct first *first, char separator)
{
	const struct flp_field *after = &first->after;
	int quoted = 0;

	for (size_t i = 0; i < after->n; i++)
		quoted ^= after->text[i] == '"';
	if (after->n == 0 || quoted)
		return 1;
	return count(after, separator) == count(&first->row, separator);
}

/* 1 if a character that is in the first row may separate its fields, 0 if not, -1 on error. */
static int
fits(const struct flp_table *t, const struct first *first, char separator, struct flp_error *e)
{
	if (t->wish->header != NULL)
		return count(&first->row, separator) + 1 == t->names.n;
	return fits_after(first, separator) ? flp_table_wanted(t, &first->row, separator, e) : 0;
}

static int
narrow(struct flp_table *t, struct first *first, struct flp_error *e)
{
	size_t n = 0;

	if (flp_csv_peek(&t->csv, &first->row, &first->after, e) < 0)
		return -1;
	for (size_t i = 0; i < first->n; i++) {
		int status = fits(t, first, first->left[i], e);

		if (status < 0)
			return -1;
		if (status > 0)
			first->left[n++] = first->left[i];
	}
	first->n = n;
	return 0;
}

/* 1 for two numbers or more with blanks between them. */
static int
are_numbers(const struct flp_field *line)
{
	size_t at = 0, numbers = 0;
	double v;

	while (at < line->n) {
		size_t n = 0;

		while (at + n < line->n && line->text[at + n] != ' ')
			n++;
		if (n > 0 && flp_value_parse(line->text + at, n, &v) != FLP_VALUE_NUMBER)
			return 0;
		numbers += n > 0;
		at += n + 1;
	}
	return numbers > 1;
}

/* How many words with blanks between them. */
static size_t
count_words(const struct flp_field *line)
{
	size_t words = 0;

	for (size_t i = 0; i < line->n; i++)
		words += line->text[i] != ' ' && (i == 0 || line->text[i - 1] == ' ');
	return words;
}

/* 1 if blanks seem to separate the fields: of numbers, or of as many words in the first two lines,
 * unless an option or the schema wants the whole first line as a name. */
static int
by_blanks(const struct flp_table *t, const struct first *first, struct flp_error *e)
{
	int wanted;

	if (t->wish->header != NULL)
		return are_numbers(&first->row);
	if (are_numbers(&first->after))
		return 1;
	if (count_words(&first->row) < 2 || count_words(&first->row) != count_words(&first->after))
		return 0;
	wanted = flp_table_chosen(t) ? flp_table_wanted(t, &first->row, ',', e) : 0;
	return wanted < 0 ? -1 : !wanted;
}

static int
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* 1 for a row of LIBSVM: numbers after blanks, and a colon in each but the first; then maybe a
 * comment. */
static int
is_libsvm(const struct flp_field *line)
{
	size_t at = 0, pairs = 0;
	double v;

	for (size_t n; at < line->n && line->text[at] != '#'; at += n + 1) {
		const char *word = line->text + at, *colon;

		for (n = 0; at + n < line->n && !is_blank(word[n]); n++)
			;
		colon = memchr(word, ':', n);
		if (n == 0)
			continue;
		if (flp_value_parse(word, colon == NULL ? n : (size_t)(colon - word), &v) !=
		    FLP_VALUE_NUMBER || (at > 0) != (colon != NULL))
			return 0;
		pairs += colon != NULL;
	}
	return pairs > 0;
}

/* A table whose fields are separated by another character would become one column. */
static int
take_none(struct flp_table *t, struct first *first, struct flp_error *e)
{
	int bar, blank;

	if (flp_csv_peek(&t->csv, &first->row, &first->after, e) < 0 ||
	    (blank = by_blanks(t, first, e)) < 0)
		return -1;
	bar = count(&first->row, '|') > 0;
	if (count(&first->row, ',') > 0 && (t->wish->header == NULL || t->names.n > 1))
		return flp_error_bad(e, "expected a semicolon or a tab between the fields, since the "
		    "comma is the decimal mark, found none (--separator comma, if such numbers are in "
		    "quotes)");
	if (bar || blank)
		return flp_error_bad(e, "expected a comma, semicolon or tab between the fields, "
		    "found %s (see --separator)", bar ? "a bar" : "a space");
	if (t->wish->header == NULL &&
	    (count(&first->after, ';') > 0 || count(&first->after, '\t') > 0))
		return flp_error_bad(e, "expected a header line with the separators of the line after it, "
		    "found none (leave out lines before the header, as tail -n +2 does; or see "
		    "--separator)");
	t->csv.separator = t->wish->decimal == FLP_DECIMAL_COMMA ? ';' : ',';
	t->found = 0;
	return 0;
}

static int
take_found(struct flp_table *t, struct first *first, struct flp_error *e)
{
	for (size_t i = 0; i < CANDIDATES; i++)
		if (count(&first->row, candidate[i]) > 0 &&
		    !(candidate[i] == ',' && t->wish->decimal == FLP_DECIMAL_COMMA))
			first->left[first->n++] = candidate[i];
	t->found = 1;
	if (is_libsvm(&first->row))
		return flp_error_bad(e, "expected a table in CSV, found a row of LIBSVM (fl-import "
		    "--format libsvm reads it)");
	if (first->row.n == sizeof SEP && memcmp(first->row.text, SEP, sizeof SEP - 1) == 0)
		return flp_error_bad(e, "expected names of columns, found sep=, a line for spreadsheets "
		    "(tail -n +2 leaves it out)");
	if (first->n == 0)
		return take_none(t, first, e);
	if (first->n > 1 && narrow(t, first, e) < 0)
		return -1;
	if (first->n != 1)
		return flp_error_bad(e, "expected one of comma, semicolon and tab between the fields, "
		    "found more than one (see --separator)");
	t->csv.separator = first->left[0];
	return 0;
}

int
flp_table_separator(struct flp_table *t, struct flp_error *e)
{
	struct first first = { 0 };
	int status;

	if (t->wish->separator != NULL)
		status = take_wish(t, e);
	else if ((status = flp_csv_peek(&t->csv, &first.row, NULL, e)) > 0)
		status = take_found(t, &first, e);
	if (status < 0 && e->code == FLP_ERROR_BAD)
		return flp_error_at(e, "%s", t->wish->header != NULL ? "row 1" : "header");
	return status < 0 ? -1 : 0;
}
