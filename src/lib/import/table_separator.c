/* A separator is found in the first row and never guessed: where several characters could be
 * it, the names of the columns that are wanted and the next line leave one, or none. */
#include "base/memory.h"
#include "import/table.h"
#include "text/separator.h"

#include <stdlib.h>
#include <string.h>

static const char candidate[] = { ',', ';', '\t' };

#define CANDIDATES (sizeof candidate)

/* Some spreadsheets take the separator from a first line of this and one character more. */
#define SEP "sep="

struct first {
	struct flp_field row, after; /* the first row, and the line after it */
	size_t count[CANDIDATES];    /* of each candidate in the row */
	int out[CANDIDATES];         /* 1: it is not the separator */
};

/* A wrong separator would make one column of whole rows, whose levels would leave the site. */
static int
check_wish(struct flp_table *t, struct flp_error *e)
{
	static const char other[] = { ',', ';', '\t', '|' };
	struct flp_field row;
	int status = flp_csv_peek(&t->csv, &row, NULL, e);

	if (status <= 0 || flp_separator_count(t->csv.separator, row.text, row.n) > 0)
		return status < 0 ? -1 : 0;
	for (size_t i = 0; i < sizeof other; i++)
		if (flp_separator_count(other[i], row.text, row.n) > 0)
			return flp_error_bad(e, "expected the separator of --separator, found %s",
			    flp_separator_name(other[i]));
	return 0;
}

static int
take_wish(struct flp_table *t, struct flp_error *e)
{
	if (flp_separator_parse(&t->csv.separator, t->wish->separator, e) < 0)
		return flp_error_at(e, "separator");
	if (t->csv.separator == ',' && t->wish->decimal == FLP_DECIMAL_COMMA)
		return flp_error_usage(e, "decimal: expected a separator other than a comma with it");
	return t->wish->header == NULL ? check_wish(t, e) : 0;
}

static int
has_text(const struct flp_texts *names, const char *s)
{
	return s == NULL || flp_texts_find(names, s, strlen(s)) >= 0;
}

/* 1 if the columns that are wanted are among the names, 0 if not, -1 on error. */
static int
has_wanted(const struct flp_table *t, const struct flp_texts *names, struct flp_error *e)
{
	const struct flp_wish *w = t->wish;
	struct flp_texts list = { 0 };
	int status = 1;

	if (t->schema->closed) {
		for (size_t i = 0; status && i < t->schema->columns; i++)
			status = has_text(names, t->schema->x[i].name);
		return status && has_text(names, t->schema->group.name);
	}
	if (w->features != NULL && flp_csv_list(&list, w->features, e) < 0)
		status = flp_error_at(e, "features");
	for (size_t i = 0; status > 0 && i < list.n; i++)
		status = has_text(names, flp_texts_get(&list, i));
	flp_texts_free(&list);
	return status > 0 ? has_text(names, w->label) && has_text(names, w->group) : status;
}

/* The names that a separator makes of a row: 1, 0 if it makes none of it, -1 if the system
 * failed. */
static int
split_names(struct flp_texts *names, char *row, size_t n, char separator, struct flp_error *e)
{
	struct flp_csv csv = { .separator = separator };
	struct flp_error bad;
	int status = flp_csv_split(&csv, row, n, &bad);

	for (size_t i = 0; status == 0 && i < csv.n; i++)
		if (csv.field[i].n > 0)
			status = flp_texts_add(names, csv.field[i].text, csv.field[i].n, UINT32_MAX, &bad);
	free(csv.field);
	if (status == 0)
		return 1;
	if (bad.code != FLP_ERROR_SYSTEM)
		return 0;
	*e = bad;
	return -1;
}

/* 1 if this separator gives the columns that are wanted, 0 if not, -1 on error. */
static int
names_wanted(const struct flp_table *t, const struct flp_field *row, char separator,
    struct flp_error *e)
{
	struct flp_texts names = { 0 };
	char *copy = flp_memory_text(row->text, row->n, e);
	int status;

	if (copy == NULL)
		return -1;
	status = split_names(&names, copy, row->n, separator, e);
	if (status > 0)
		status = has_wanted(t, &names, e);
	flp_texts_free(&names);
	free(copy);
	return status;
}

/* 1 if the line after the first row has as many separators, or does not tell. */
static int
fits_after(const struct first *first, size_t k)
{
	const struct flp_field *after = &first->after;
	int quoted = 0;

	for (size_t i = 0; i < after->n; i++)
		quoted ^= after->text[i] == '"';
	if (after->n == 0 || quoted)
		return 1;
	return flp_separator_count(candidate[k], after->text, after->n) == first->count[k];
}

static int
narrow(struct flp_table *t, struct first *first, struct flp_error *e)
{
	if (flp_csv_peek(&t->csv, &first->row, &first->after, e) < 0)
		return -1;
	for (size_t k = 0; k < CANDIDATES; k++) {
		int status = 0;

		if (first->out[k])
			continue;
		if (t->wish->header != NULL)
			status = first->count[k] + 1 == t->names.n;
		else if (fits_after(first, k))
			status = names_wanted(t, &first->row, candidate[k], e);
		if (status < 0)
			return -1;
		first->out[k] = !status;
	}
	return 0;
}

static size_t
left(const struct first *first, size_t *last)
{
	size_t n = 0;

	for (size_t k = 0; k < CANDIDATES; k++)
		if (!first->out[k]) {
			n++;
			*last = k;
		}
	return n;
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
	int wants = t->schema->closed || t->wish->features != NULL || t->wish->label != NULL ||
	    t->wish->group != NULL;
	int wanted;

	if (t->wish->header != NULL || are_numbers(&first->after))
		return are_numbers(t->wish->header != NULL ? &first->row : &first->after);
	if (count_words(&first->row) < 2 || count_words(&first->row) != count_words(&first->after))
		return 0;
	wanted = wants ? names_wanted(t, &first->row, ',', e) : 0;
	return wanted < 0 ? -1 : !wanted;
}

/* A table whose fields are separated by another character would become one column. */
static int
take_none(struct flp_table *t, struct first *first, struct flp_error *e)
{
	int bar, blank;

	if (flp_csv_peek(&t->csv, &first->row, &first->after, e) < 0)
		return -1;
	bar = flp_separator_count('|', first->row.text, first->row.n) > 0;
	if ((blank = by_blanks(t, first, e)) < 0)
		return -1;
	if (first->count[0] > 0 && (t->wish->header == NULL || t->names.n > 1))
		return flp_error_bad(e, "expected a semicolon or a tab between the fields, since the "
		    "comma is the decimal mark, found none (see --separator)");
	if (bar || blank)
		return flp_error_bad(e, "expected a comma, semicolon or tab between the fields, "
		    "found %s (see --separator)", bar ? "a bar" : "a space");
	t->csv.separator = t->wish->decimal == FLP_DECIMAL_COMMA ? ';' : ',';
	t->found = 0;
	return 0;
}

static int
take_found(struct flp_table *t, struct first *first, struct flp_error *e)
{
	size_t last = 0, n;

	for (size_t k = 0; k < CANDIDATES; k++) {
		first->count[k] = flp_separator_count(candidate[k], first->row.text, first->row.n);
		first->out[k] = first->count[k] == 0 ||
		    (candidate[k] == ',' && t->wish->decimal == FLP_DECIMAL_COMMA);
	}
	t->found = 1;
	if (first->row.n == sizeof SEP && memcmp(first->row.text, SEP, sizeof SEP - 1) == 0)
		return flp_error_bad(e, "expected names of columns, found a separator for spreadsheets, "
		    "as in sep=; (tail -n +2 leaves it out)");
	n = left(first, &last);
	if (n == 0)
		return take_none(t, first, e);
	if (n > 1 && narrow(t, first, e) < 0)
		return -1;
	if (n > 1 && left(first, &last) != 1)
		return flp_error_bad(e, "expected one of comma, semicolon and tab between the fields, "
		    "found more than one (see --separator)");
	t->csv.separator = candidate[last];
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
