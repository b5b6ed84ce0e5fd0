#include "import/table.h"

#include <string.h>

/* What may stand between the thousands of a number: a blank or an apostrophe, plain or as a
 * typesetter has it. */
static const struct mark {
	const char *bytes, *name;
} marks[] = {
	{ " ", "a space" },
	{ "\xc2\xa0", "a space" },
	{ "\xe2\x80\x89", "a space" },
	{ "\xe2\x80\xaf", "a space" },
	{ "'", "an apostrophe" },
	{ "\xe2\x80\x99", "an apostrophe" },
};

/* The mark at the beginning of a text, or NULL. */
static const struct mark *
mark_at(const char *s, size_t n)
{
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		size_t k = strlen(marks[i].bytes);

		if (n >= k && memcmp(s, marks[i].bytes, k) == 0)
			return &marks[i];
	}
	return NULL;
}

static size_t
thousands(const char *s, size_t n)
{
	const struct mark *mark = mark_at(s, n);

	return mark != NULL ? strlen(mark->bytes) : 0;
}

static size_t
digits(const char *s, size_t n)
{
	size_t k = 0;

	while (k < n && s[k] >= '0' && s[k] <= '9')
		k++;
	return k;
}

/* A date or a version has points alone and is a text, but 1,5 and 1,234 and 1.234,5 and 1 234
 * are numbers. */
int
flp_table_other_number(const char *s, size_t n)
{
	size_t at = n > 0 && (s[0] == '-' || s[0] == '+'), found = 0, other = 0;

	while (at < n) {
		size_t k = digits(s + at, n - at), mark = thousands(s + at, n - at);

		if (k == 0 && s[at] != ',' && s[at] != '.' && (found == 0 || mark == 0 ||
		    digits(s + at + mark, n - at - mark) != 3))
			return 0;
		found += k;
		other += k == 0 && s[at] != '.';
		at += k > 0 ? k : mark > 0 ? mark : 1;
	}
	return found > 0 && other > 0;
}

/* The first of the marks in a text, or NULL. */
static const struct mark *
first_mark(const char *s, size_t n)
{
	const struct mark *mark = NULL;

	for (size_t i = 0; mark == NULL && i < n; i++)
		mark = mark_at(s + i, n - i);
	return mark;
}

int
flp_table_commas(const struct flp_table *t, const struct flp_slot *slot, struct flp_error *e)
{
	const struct flp_field *f = flp_table_field(t, slot);
	const struct mark *mark = first_mark(f->text, f->n);
	const char *levels = t->given ? "" : "; if these are names, give the column to --levels";
	int shown = flp_value_shown(f->n), comma = t->wish->decimal == FLP_DECIMAL_COMMA;

	if (!flp_table_other_number(f->text, f->n))
		return 0;
	if (mark != NULL) {
		flp_error_bad(e, "expected a number, found \"%.*s\", with %s between thousands "
		    "(write 1000 instead%s)", shown, f->text, mark->name, levels);
		flp_error_hide(e, "one", "\"%.*s\"", shown, f->text);
		return flp_table_at_column(slot, e);
	}
	flp_error_bad(e, "expected a number %s, found \"%.*s\" (%s%s)", comma ?
	    "with one comma at most" : "without commas", shown, f->text, comma ?
	    "write 1000 without a comma" : t->csv.separator == ',' ?
	    "write 1000 without a comma; for decimal commas in quotes: --separator comma --decimal ," :
	    "see --decimal", levels);
	flp_value_hide(e, f->text, f->n);
	return flp_table_at_column(slot, e);
}

static int
convert(const struct flp_table *t, const struct flp_slot *slot, struct flp_error *e)
{
	const struct flp_field *f = flp_table_field(t, slot);
	char *comma;
	double v;

	if (f->n == 0 || slot->kind == 0)
		return 0;
	if (memchr(f->text, '.', f->n) != NULL) {
		if (flp_value_parse(f->text, f->n, &v) == FLP_VALUE_TEXT || flp_table_missing(t, slot))
			return 0;
		flp_error_bad(e, "expected a number with a comma, found \"%.*s\" (see --decimal)",
		    flp_value_shown(f->n), f->text);
		flp_value_hide(e, f->text, f->n);
		return flp_table_at_column(slot, e);
	}
	if ((comma = memchr(f->text, ',', f->n)) == NULL)
		return 0;
	*comma = '.';
	if (flp_value_parse(f->text, f->n, &v) == FLP_VALUE_TEXT)
		*comma = ',';
	return 0;
}

int
flp_table_decimal(struct flp_table *t, struct flp_error *e)
{
	for (size_t i = 0; i < t->n; i++)
		if (convert(t, &t->x[i], e) < 0)
			return -1;
	return convert(t, &t->y, e);
}
