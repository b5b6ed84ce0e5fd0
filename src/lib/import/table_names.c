/* The names in a header line. A file without one would lose its first row, and its features
 * would be named after the values there. */
#include "base/memory.h"
#include "import/table.h"
#include "text/encoding.h"

#include <stdlib.h>
#include <string.h>

/* A header line is doubtful if at least one name in DOUBT is a number, a missing value or one
 * that occurs twice. */
#define DOUBT 4

int
flp_table_number_name(const char *s, size_t n)
{
	double v;

	return n > 0 && (flp_value_parse(s, n, &v) == FLP_VALUE_NUMBER ||
	    flp_table_other_number(s, n));
}

/* Numbers may be names, as years are, but hardly 63.0. */
static int
is_fraction(const struct flp_field *f)
{
	return flp_table_number_name(f->text, f->n) && (memchr(f->text, '.', f->n) != NULL ||
	    memchr(f->text, ',', f->n) != NULL);
}

int
flp_table_doubt(const struct flp_table *t, struct flp_error *e)
{
	return t->doubtful ? flp_error_add(e, "if the first line is a row, give the names with "
	    "--header") : -1;
}

int
flp_table_chosen(const struct flp_table *t)
{
	const struct flp_wish *w = t->wish;

	return t->given || w->features != NULL || w->levels != NULL || w->label != NULL ||
	    w->group != NULL;
}

/* Counts a name in `twice` if it was seen before. Bad bytes are an error when the name is taken. */
static int
see(struct flp_texts *seen, const struct flp_field *f, size_t *twice, struct flp_error *e)
{
	struct flp_error bad;

	if (flp_texts_find(seen, f->text, f->n) >= 0) {
		++*twice;
	} else if (flp_texts_add(seen, f->text, f->n, UINT32_MAX, &bad) < 0 &&
	    bad.code == FLP_ERROR_SYSTEM) {
		*e = bad;
		return -1;
	}
	return 0;
}

static int
check_values(struct flp_table *t, struct flp_error *e)
{
	size_t names = 0, numbers = 0, gaps = 0, fractions = 0, twice = 0;
	struct flp_texts seen = { 0 };
	int status = 0;

	for (size_t i = 0; status == 0 && i < t->width; i++) {
		const struct flp_field *f = &t->csv.field[i];
		int number = flp_table_number_name(f->text, f->n);
		int gap = !number && flp_gaps_has(&t->gaps, f->text, f->n);

		names += f->n > 0;
		numbers += (size_t)number;
		gaps += f->n > 0 && gap;
		fractions += (size_t)is_fraction(f);
		if (!number && !gap)
			status = see(&seen, f, &twice, e);
	}
	flp_texts_free(&seen);
	if (status < 0)
		return -1;
	t->doubtful = names > 0 && DOUBT * (numbers + gaps + twice) >= names;
	if (flp_table_chosen(t) || numbers == 0 || (numbers + gaps < names && fractions == 0))
		return 0;
	flp_error_bad(e, "expected names of columns, found %s", numbers + gaps == names ?
	    "numbers" : "a number with a fraction");
	t->doubtful = 1;
	return flp_table_doubt(t, e);
}

static int
add_name(struct flp_table *t, size_t i, struct flp_error *e)
{
	const struct flp_field *f = &t->csv.field[i];

	if (f->n == 0) {
		t->unnamed[t->unnameds++] = i;
		return 0;
	}
	if (flp_texts_find(&t->names, f->text, f->n) >= 0) {
		flp_error_bad(e, "two columns are named %.*s", flp_value_shown(f->n), f->text);
		flp_table_doubt(t, e);
		return flp_error_hide(e, "have the same name", "are named %.*s",
		    flp_value_shown(f->n), f->text);
	}
	t->field[t->names.n] = i;
	if (flp_texts_add(&t->names, f->text, f->n, FLP_DATASET_FEATURES, e) == 0)
		return 0;
	flp_encoding_hint(f->text, f->n, e);
	return flp_error_at(e, "column %zu", i + 1);
}

/* 1 if the fields are all of the names, in any order; 0 if not, -1 on error. */
static int
are_names(const struct flp_table *t, const struct flp_csv *row, struct flp_error *e)
{
	struct flp_texts seen = { 0 };
	int status = row->n == t->names.n;

	for (size_t i = 0; status > 0 && i < row->n; i++) {
		const struct flp_field *f = &row->field[i];

		if (flp_texts_find(&t->names, f->text, f->n) < 0)
			status = 0;
		else if (flp_texts_add(&seen, f->text, f->n, UINT32_MAX, e) < 0)
			status = -1;
	}
	status = status > 0 ? seen.n == row->n : status;
	flp_texts_free(&seen);
	return status;
}

int
flp_table_given(struct flp_table *t, struct flp_error *e)
{
	struct flp_csv row = { .separator = t->csv.separator };
	struct flp_field first;
	struct flp_error bad; /* a row that is malformed is an error when it is read */
	char *copy = NULL;
	int status = flp_csv_peek(&t->csv, &first, NULL, e);

	if (status <= 0)
		return status < 0 && e->code == FLP_ERROR_BAD ? flp_error_at(e, "row 1") : status;
	if ((copy = flp_memory_text(first.text, first.n, e)) == NULL)
		return -1;
	if (flp_csv_split(&row, copy, first.n, &bad) == 0)
		status = are_names(t, &row, e);
	else
		status = 0;
	free(row.field);
	free(copy);
	return status <= 0 ? status : flp_error_usage(e, "header: expected values in the first line, "
	    "found these names, so the file has a header line (leave --header out)");
}

int
flp_table_names(struct flp_table *t, struct flp_error *e)
{
	if (flp_table_header(t, e) < 0)
		return -1;
	t->width = t->csv.n;
	t->csv.single = t->width == 1;
	if ((t->field = flp_memory_new(t->width, sizeof *t->field, e)) == NULL ||
	    (t->unnamed = flp_memory_new(t->width, sizeof *t->unnamed, e)) == NULL)
		return -1;
	if (check_values(t, e) < 0)
		return flp_error_at(e, "header");
	for (size_t i = 0; i < t->width; i++)
		if (add_name(t, i, e) < 0)
			return flp_error_at(e, "header");
	/* Where the columns are chosen, others may hold anything. */
	if (t->given || t->wish->features != NULL)
		t->unnameds = 0;
	return 0;
}
