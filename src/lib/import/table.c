#include "import/table.h"
#include "text/encoding.h"
#include "text/separator.h"

#include <string.h>

int
flp_table_at_row(const struct flp_table *t, struct flp_error *e)
{
	return flp_error_at(e, "row %llu (line %llu)", (unsigned long long)t->row,
	    (unsigned long long)t->csv.line);
}

int
flp_table_at_column(const struct flp_slot *slot, struct flp_error *e)
{
	return flp_error_at(e, "column %s", slot->column->name);
}

int
flp_table_header(struct flp_table *t, struct flp_error *e)
{
	int status;

	if ((status = flp_csv_next(&t->csv, e)) < 0)
		return flp_error_at(e, "header");
	return status > 0 ? 0 : flp_error_bad(e, "expected a header line, found nothing");
}

int
flp_table_rewind(struct flp_table *t, struct flp_error *e)
{
	t->row = 0;
	if (flp_csv_rewind(&t->csv, e) < 0)
		return -1;
	if (t->wish->header != NULL)
		return 0;
	t->csv.single = 0; /* empty lines before the header are passed over */
	if (flp_table_header(t, e) < 0)
		return -1;
	t->csv.single = t->width == 1;
	return 0;
}

static int
has_gaps(const struct flp_table *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (flp_table_missing(t, &t->x[i]))
			return 1;
	return flp_table_missing(t, &t->y) || flp_table_missing(t, &t->group);
}

/* 1 if the row lacks a value, which each of its columns then counts. */
static int
drops(struct flp_table *t)
{
	if (t->wish->missing != FLP_MISSING_DROP || !has_gaps(t))
		return 0;
	for (size_t i = 0; i < t->n; i++)
		t->x[i].missing += (uint64_t)flp_table_missing(t, &t->x[i]);
	t->y.missing += (uint64_t)flp_table_missing(t, &t->y);
	t->group.missing += (uint64_t)flp_table_missing(t, &t->group);
	return 1;
}

static int
wrong_width(const struct flp_table *t, struct flp_error *e)
{
	size_t n = t->csv.n;
	int other = t->found && t->csv.separator != ',';

	flp_error_bad(e, "expected %zu field%s, found %zu%s%s%s%s", t->width, t->width == 1 ? "" : "s",
	    n, n > t->width && t->csv.field[n - 1].n == 0 ? ", the last of them empty" : "",
	    other ? " (" : "", other ? flp_separator_name(t->csv.separator) : "",
	    other ? " is between them, see --separator)" : "");
	return t->width > 1 || n < 2 ? -1 : flp_error_add(e, n == 2 ?
	    "if a comma is the decimal mark, see --decimal" :
	    "leave out lines before the header, as tail -n +2 does");
}

/* 1 if the row is the header line again, as where files were put together. */
static int
is_header(const struct flp_table *t)
{
	for (size_t i = 0; i < t->names.n; i++) {
		const struct flp_field *f = &t->csv.field[t->field[i]];
		const char *name = flp_texts_get(&t->names, i);
		size_t mark = i == 0 ? flp_encoding_mark(f->text, f->n) : 0;

		if (strlen(name) != f->n - mark || memcmp(name, f->text + mark, f->n - mark) != 0)
			return 0;
	}
	return t->names.n > 0;
}

int
flp_table_next(struct flp_table *t, struct flp_error *e)
{
	int status;

	do {
		t->row++;
		status = flp_csv_next(&t->csv, e);
		t->lost = status < 0;
		if (status > 0 && t->csv.n != t->width)
			status = wrong_width(t, e);
		else if (status > 0 && is_header(t))
			status = flp_error_bad(e, "expected values, found the header line again (leave it "
			    "out; if the first line is a row, see --header)");
		if (status > 0 && t->wish->decimal == FLP_DECIMAL_COMMA &&
		    flp_table_decimal(t, e) < 0)
			status = -1;
		if (status <= 0)
			return status < 0 ? flp_table_at_row(t, e) : 0;
	} while (drops(t));
	return 1;
}

int
flp_table_gap(const struct flp_table *t, const struct flp_slot *slot, struct flp_error *e)
{
	int zero = t->wish->missing == FLP_MISSING_ZERO && !slot->required &&
	    flp_schema_refers(t->schema, slot->column);

	if (!slot->required && t->wish->missing != FLP_MISSING_REFUSE && !zero)
		return 1;
	if (zero)
		flp_error_bad(e, "missing value: --missing zero would make it the reference (see --missing "
		    "mean)");
	else
		flp_error_bad(e, "missing value (see --missing%s)", slot->required ? " drop" : "");
	return flp_table_at_column(slot, e);
}

int
flp_table_level(const struct flp_table *t, const struct flp_slot *slot, size_t *level,
    struct flp_error *e)
{
	const struct flp_field *f = flp_table_field(t, slot);
	long found = flp_schema_level(t->schema, slot->column, f->text, f->n, "levels", e);

	if (found < 0) {
		flp_encoding_hint(f->text, f->n, e);
		return flp_table_at_column(slot, e);
	}
	*level = (size_t)found;
	return 0;
}

int
flp_table_other(const struct flp_table *t, const struct flp_slot *slot, enum flp_value value,
    struct flp_error *e)
{
	const struct flp_field *f = flp_table_field(t, slot);

	if (flp_table_missing(t, slot))
		return flp_table_gap(t, slot, e);
	if (value == FLP_VALUE_TEXT && flp_table_commas(t, slot, e) < 0)
		return -1;
	if (slot->undeclared && value == FLP_VALUE_TEXT) {
		flp_error_bad(e, "expected a number, as in the rows before, found \"%.*s\" "
		    FLP_TABLE_MIXED, flp_value_shown(f->n), f->text);
		flp_value_hide(e, f->text, f->n);
	} else {
		flp_value_refuse(value, f->text, f->n, e);
		flp_error_add(e, "see --na-in for missing values");
	}
	return flp_table_at_column(slot, e);
}

void
flp_table_layout(struct flp_table *t)
{
	size_t feature = 0;

	for (size_t i = 0; i < t->n; i++) {
		t->x[i].feature = feature;
		t->x[i].width = flp_schema_width(t->schema, t->x[i].column);
		t->x[i].reference = flp_schema_reference(t->schema, t->x[i].column);
		feature += t->x[i].width;
	}
}
