#include "import/table.h"

#include <string.h>

/* A date or a version has points alone and is a text, but commas and digits are a number in
 * a notation that is not the one expected: 1,5 or 1,234 or 1.234,5. */
int
flp_table_has_commas(const char *s, size_t n)
{
	size_t digits = 0, commas = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] >= '0' && s[i] <= '9')
			digits++;
		else if (s[i] == ',')
			commas++;
		else if (s[i] != '.' && s[i] != '\'' && !(i == 0 && (s[i] == '-' || s[i] == '+')))
			return 0;
	}
	return digits > 0 && commas > 0;
}

int
flp_table_commas(const struct flp_table *t, const struct flp_slot *slot, struct flp_error *e)
{
	const struct flp_field *f = flp_table_field(t, slot);

	if (!flp_table_has_commas(f->text, f->n))
		return 0;
	flp_error_bad(e, "expected a number %s, found \"%.*s\" (%s; a column of names goes to "
	    "--levels)", t->wish->decimal == FLP_DECIMAL_COMMA ? "with one comma at most" :
	    "without commas", flp_value_shown(f->n), f->text,
	    t->wish->decimal == FLP_DECIMAL_COMMA || t->csv.separator == ',' ?
	    "thousands are not separated" : "see --decimal");
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
