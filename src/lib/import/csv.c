/* A table as CSV: text/csv.h says what that is.
 *
 * A column is a number or has levels, each of which becomes a feature of 1 or 0:
 * as the schema or the wish says, else as its first value that is not missing.
 * One that holds both, or that has more than ten levels and fewer than four
 * values a level, is refused where nothing was said about it. Errors name row
 * (from 1, the header not counted), line and column. */
#include "base/memory.h"
#include "import/columns.h"
#include "import/forms.h"
#include "text/csv.h"
#include "text/value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Up to so many levels no column is too many-valued to be taken for levels
 * unasked; beyond, each must stand for so many rows on average. */
#define LEVELS 10
#define ROWS_A_LEVEL 4

#define MIXED "(a missing value is empty, NA or ?; a column of names goes to --levels)"

/* A column of the schema in the file. */
struct slot {
	struct flp_column *column;
	enum flp_column_kind kind; /* 0 where there is no such column */
	int required;   /* label and group: no option makes one up */
	int undeclared; /* the first value tells the kind */
	int decided;    /* it has */
	size_t field;   /* where it stands in a row */
	size_t feature; /* where it begins in x */
	uint64_t count; /* of its values that are not missing */
	double sum;     /* of those that are numbers */
};

struct table {
	struct flp_csv csv;
	struct flp_texts names; /* of the columns that have one */
	size_t *field;           /* where each of them stands */
	size_t width;            /* fields in a row */
	uint64_t row;            /* the current one, from 1 */
	int closed;              /* no new levels: schema given, or scan done */
	struct slot *x, y, group;
	size_t n;                /* x columns */
};

static int
at_row(const struct table *t, struct flp_error *e)
{
	return flp_error_at(e, "row %llu (line %llu)", (unsigned long long)t->row,
	    (unsigned long long)t->csv.line);
}

static int
at_column(const struct slot *slot, struct flp_error *e)
{
	return flp_error_at(e, "column %s", slot->column->name);
}

/* What of a field a message shows. */
static int
shown(const struct flp_field *f)
{
	return f->n > 64 ? 64 : (int)f->n;
}

static const struct flp_field *
field(const struct table *t, const struct slot *slot)
{
	return &t->csv.field[slot->field];
}

/* Goes to the first row, past the header line. */
static int
rewind_rows(struct flp_source *source, struct flp_error *e)
{
	struct table *t = source->state;
	int status;

	t->row = 0;
	if (flp_csv_rewind(&t->csv, e) < 0)
		return -1;
	if (source->wish->header != NULL)
		return 0;
	if ((status = flp_csv_next(&t->csv, e)) < 0)
		return flp_error_at(e, "header");
	return status > 0 ? 0 : flp_error_bad(e, "expected a header line, found nothing");
}

static int
read_names(struct flp_source *source, struct flp_error *e)
{
	struct table *t = source->state;

	if (rewind_rows(source, e) < 0)
		return -1;
	t->width = t->csv.n;
	if ((t->field = flp_memory_new(t->width, sizeof *t->field, e)) == NULL)
		return -1;
	for (size_t i = 0; i < t->width; i++) {
		const struct flp_field *f = &t->csv.field[i];

		if (f->n == 0)
			continue;
		if (flp_texts_find(&t->names, f->text, f->n) >= 0) {
			flp_error_bad(e, "column %.*s: found twice", shown(f), f->text);
			return flp_error_at(e, "header");
		}
		t->field[t->names.n] = i;
		if (flp_texts_add(&t->names, f->text, f->n, FLP_DATASET_FEATURES, e) < 0)
			return flp_error_at(e, "header: column %zu", i + 1);
	}
	return 0;
}

static int
given_names(struct flp_source *source, struct flp_error *e)
{
	struct table *t = source->state;

	if (flp_csv_list(&t->names, source->wish->header, e) < 0)
		return flp_error_at(e, "header");
	t->width = t->names.n;
	if ((t->field = flp_memory_new(t->width, sizeof *t->field, e)) == NULL)
		return -1;
	for (size_t i = 0; i < t->width; i++)
		t->field[i] = i;
	return 0;
}

static int
no_column(const struct table *t, const char *name, struct flp_error *e)
{
	char found[160] = "";
	size_t n = 0, used = 0;

	for (; n < t->names.n; n++) {
		const char *next = flp_texts_get(&t->names, n);

		if (used + strlen(next) + sizeof ", ..." > sizeof found)
			break;
		used += (size_t)sprintf(found + used, "%s%s", n ? ", " : "", next);
	}
	return flp_error_bad(e, "column %s: expected in the header, found %s%s%s", name, found,
	    n < t->names.n ? n ? ", ..." : "other names" : "",
	    t->width == 1 ? " (fields are separated by commas)" : "");
}

static int
find_slot(const struct table *t, struct slot *slot, struct flp_column *c, struct flp_error *e)
{
	long at;

	if (c->name == NULL)
		return 0;
	at = flp_texts_find(&t->names, c->name, strlen(c->name));
	if (at < 0)
		return no_column(t, c->name, e);
	slot->column = c;
	slot->kind = c->kind;
	slot->field = t->field[at];
	return 0;
}

static int
find_slots(struct flp_source *source, struct flp_error *e)
{
	struct table *t = source->state;
	struct flp_schema *s = &source->schema;

	t->n = s->columns;
	if ((t->x = flp_memory_new(t->n, sizeof *t->x, e)) == NULL)
		return -1;
	for (size_t i = 0; i < t->n; i++) {
		if (find_slot(t, &t->x[i], &s->x[i], e) < 0)
			return -1;
		t->x[i].undeclared = !t->closed && s->x[i].kind == FLP_COLUMN_NUMBER;
	}
	t->y.required = t->group.required = 1;
	if (find_slot(t, &t->y, &s->y, e) < 0)
		return -1;
	return find_slot(t, &t->group, &s->group, e);
}

static int
has_gap(const struct table *t, const struct slot *slot)
{
	return slot->kind != 0 && flp_value_missing(field(t, slot)->text, field(t, slot)->n);
}

static int
has_gaps(const struct table *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (has_gap(t, &t->x[i]))
			return 1;
	return has_gap(t, &t->y) || has_gap(t, &t->group);
}

/* The next row that is not dropped: 1, 0 at the end, -1. */
static int
next_row(struct flp_source *source, struct flp_error *e)
{
	struct table *t = source->state;
	int status;

	do {
		t->row++;
		status = flp_csv_next(&t->csv, e);
		if (status > 0 && t->csv.n != t->width)
			status = flp_error_bad(e, "expected %zu fields, found %zu", t->width, t->csv.n);
		if (status <= 0)
			return status < 0 ? at_row(t, e) : 0;
	} while (source->wish->missing == FLP_MISSING_DROP && has_gaps(t));
	return 1;
}

/* 1 where the value is missing and may be, 0 where it is there, -1. */
static int
take_gap(const struct flp_source *source, const struct slot *slot, struct flp_error *e)
{
	if (!flp_value_missing(field(source->state, slot)->text, field(source->state, slot)->n))
		return 0;
	if (!slot->required && source->wish->missing != FLP_MISSING_REFUSE)
		return 1;
	flp_error_bad(e, "missing value (see --missing%s)", slot->required ? " drop" : "");
	return at_column(slot, e);
}

static int
take_level(const struct flp_source *source, struct slot *slot, size_t *level,
    struct flp_error *e)
{
	const struct table *t = source->state;
	const struct flp_field *f = field(t, slot);
	struct flp_texts *levels = &slot->column->levels;
	size_t limit = slot == &t->group ? FLP_SCHEMA_GROUPS : FLP_SCHEMA_LEVELS;
	long found = flp_texts_find(levels, f->text, f->n);

	*level = found < 0 ? levels->n : (size_t)found;
	if (found >= 0)
		return 0;
	if (t->closed)
		flp_error_bad(e, "expected one of %zu levels, found \"%.*s\"", levels->n, shown(f),
		    f->text);
	else if (flp_texts_add(levels, f->text, f->n, limit, e) == 0)
		return 0;
	return at_column(slot, e);
}

static int
refuse_beyond(const struct flp_source *source, struct slot *slot, struct flp_error *e)
{
	const struct flp_field *f = field(source->state, slot);

	flp_error_bad(e, "expected a finite number in the range of f32, found \"%.*s\"", shown(f),
	    f->text);
	return at_column(slot, e);
}

static int
refuse_text(const struct flp_source *source, struct slot *slot, struct flp_error *e)
{
	const struct flp_field *f = field(source->state, slot);

	if (slot->undeclared)
		flp_error_bad(e, "expected a number, as in the rows before, found \"%.*s\" " MIXED,
		    shown(f), f->text);
	else
		flp_error_bad(e, "expected a number, found \"%.*s\"", shown(f), f->text);
	return at_column(slot, e);
}

/* What is no number, in a column of numbers: a gap as take_gap has it, else an
 * error. */
static int
take_other(const struct flp_source *source, struct slot *slot, enum flp_value value,
    struct flp_error *e)
{
	int gap = take_gap(source, slot, e);

	if (gap != 0)
		return gap;
	return value == FLP_VALUE_BEYOND ? refuse_beyond(source, slot, e) :
	    refuse_text(source, slot, e);
}

/* The value of a column of numbers; *v stays as it is where there is none. */
static inline int
take_number(const struct flp_source *source, struct slot *slot, double *v, struct flp_error *e)
{
	const struct flp_field *f = field(source->state, slot);
	enum flp_value value = flp_value_parse(f->text, f->n, v);

	return value == FLP_VALUE_NUMBER ? 0 : take_other(source, slot, value, e);
}

/* By the first value that is not missing. A column that holds both numbers and
 * texts is refused: one odd entry, as in "n/a", would make a feature of each of
 * its numbers. */
static void
decide(const struct flp_source *source, struct slot *slot)
{
	const struct flp_field *f = field(source->state, slot);
	double v;

	if (has_gap(source->state, slot))
		return;
	slot->decided = 1;
	if (flp_value_parse(f->text, f->n, &v) == FLP_VALUE_TEXT)
		slot->kind = slot->column->kind = FLP_COLUMN_LEVEL;
}

static int
scan_level(const struct flp_source *source, struct slot *slot, struct flp_error *e)
{
	const struct flp_field *f = field(source->state, slot);
	size_t level;
	double v;
	int gap;

	if (slot->kind == 0)
		return 0;
	if ((gap = take_gap(source, slot, e)) != 0)
		return gap;
	slot->count++;
	if (!slot->undeclared || flp_value_parse(f->text, f->n, &v) != FLP_VALUE_NUMBER)
		return take_level(source, slot, &level, e);
	flp_error_bad(e, "expected a text, as \"%.64s\" in the rows before, found \"%.*s\" " MIXED,
	    flp_texts_get(&slot->column->levels, 0), shown(f), f->text);
	return at_column(slot, e);
}

static inline int
scan_slot(const struct flp_source *source, struct slot *slot, struct flp_error *e)
{
	double v = NAN;

	if (slot->undeclared && !slot->decided)
		decide(source, slot);
	if (slot->kind != FLP_COLUMN_NUMBER)
		return scan_level(source, slot, e);
	if (take_number(source, slot, &v, e) < 0)
		return -1;
	if (!isnan(v)) {
		slot->sum += v;
		slot->count++;
	}
	return 0;
}

static int
scan_row(const struct flp_source *source, struct flp_error *e)
{
	struct table *t = source->state;

	for (size_t i = 0; i < t->n; i++)
		if (scan_slot(source, &t->x[i], e) < 0)
			return at_row(t, e);
	if (scan_slot(source, &t->y, e) < 0 || scan_slot(source, &t->group, e) < 0)
		return at_row(t, e);
	return 0;
}

/* The names of levels and classes leave a site, so what looks like identifiers,
 * dates or free text must be asked for by name. */
static int
check_levels(const struct slot *slot, const char *but, struct flp_error *e)
{
	size_t n = slot->column->levels.n;

	if (n <= LEVELS || slot->count >= ROWS_A_LEVEL * (uint64_t)n)
		return 0;
	flp_error_bad(e, "expected at least %d rows a level, found %zu levels in %llu rows (%s)",
	    ROWS_A_LEVEL, n, (unsigned long long)slot->count, but);
	return at_column(slot, e);
}

/* The levels are known now; x is laid out. */
static int
settle(struct flp_source *source, struct flp_error *e)
{
	struct table *t = source->state;
	size_t feature = 0;

	for (size_t i = 0; i < t->n; i++) {
		struct slot *slot = &t->x[i];

		if (slot->undeclared && check_levels(slot, "identifiers, dates and free text "
		    "stay out by -x; --levels would publish them", e) < 0)
			return -1;
		if (!t->closed && flp_texts_sort(&slot->column->levels, e) < 0)
			return -1;
		slot->feature = feature;
		feature += slot->kind == FLP_COLUMN_NUMBER ? 1 : slot->column->levels.n;
	}
	if (!t->closed && t->y.kind != 0 && source->wish->target == FLP_TARGET_NONE &&
	    check_levels(&t->y, "for a regression: --target number", e) < 0)
		return -1;
	if (!t->closed && (flp_texts_sort(&source->schema.y.levels, e) < 0 ||
	    flp_texts_sort(&source->schema.group.levels, e) < 0))
		return -1;
	t->closed = 1;
	return 0;
}

static int
scan(struct flp_source *source, struct flp_error *e)
{
	const struct table *t = source->state;
	uint64_t n = 0;
	int status;

	if (rewind_rows(source, e) < 0)
		return -1;
	for (; (status = next_row(source, e)) > 0; n++)
		if (scan_row(source, e) < 0)
			return -1;
	if (status < 0)
		return -1;
	if (n == 0 && t->row > 1)
		return flp_error_bad(e, "expected a row without missing values, found none in %llu",
		    (unsigned long long)t->row - 1);
	source->dropped = t->row - 1 - n;
	if (settle(source, e) < 0)
		return -1;
	return flp_source_frame(source, n, 0, e);
}

/* What stands for missing numbers: federated means where there are any. */
static int
make_means(const struct flp_source *source, struct flp_error *e)
{
	struct table *t = source->state;
	const double *center = source->frame.description.scaling.center;

	for (size_t i = 0; i < t->n; i++) {
		struct slot *slot = &t->x[i];

		if (source->wish->missing != FLP_MISSING_MEAN || slot->kind != FLP_COLUMN_NUMBER)
			slot->sum = 0;
		else if (center != NULL)
			slot->sum = center[slot->feature];
		else if (slot->count > 0)
			slot->sum /= (double)slot->count;
		else if (source->frame.n > 0)
			return flp_error_bad(e, "column %s: expected a number to take the mean of, "
			    "found none", slot->column->name);
		if (!flp_value_fits(slot->sum))
			return flp_error_bad(e, "column %s: expected a mean in the range of f32, found "
			    "%g", slot->column->name, slot->sum);
	}
	return 0;
}

static int
emit_level(const struct flp_source *source, struct slot *slot, float *x, struct flp_error *e)
{
	int gap = take_gap(source, slot, e);
	size_t level;

	if (gap != 0)
		return gap;
	if (take_level(source, slot, &level, e) < 0)
		return -1;
	x[slot->feature + level] = 1;
	return 0;
}

static int
emit_x(const struct flp_source *source, float *x, struct flp_error *e)
{
	struct table *t = source->state;

	for (size_t i = 0; i < t->n; i++) {
		struct slot *slot = &t->x[i];
		double v = slot->sum;

		if (slot->kind == FLP_COLUMN_LEVEL) {
			if (emit_level(source, slot, x, e) < 0)
				return -1;
			continue;
		}
		if (take_number(source, slot, &v, e) < 0)
			return -1;
		x[slot->feature] = (float)v;
	}
	return 0;
}

static int
emit_rest(const struct flp_source *source, struct flp_rows *rows, struct flp_error *e)
{
	struct table *t = source->state;
	size_t level = 0;
	uint32_t index;
	double v = 0;

	if (t->y.kind == FLP_COLUMN_NUMBER) {
		float target;

		if (take_number(source, &t->y, &v, e) < 0)
			return -1;
		target = (float)v;
		if (flp_rows_y(rows, &target, 1, e) < 0)
			return -1;
	} else if (t->y.kind == FLP_COLUMN_LEVEL) {
		if (take_gap(source, &t->y, e) < 0 || take_level(source, &t->y, &level, e) < 0)
			return -1;
		index = (uint32_t)level;
		if (flp_rows_y(rows, &index, 1, e) < 0)
			return -1;
	}
	if (t->group.kind == 0)
		return 0;
	if (take_gap(source, &t->group, e) < 0 || take_level(source, &t->group, &level, e) < 0)
		return -1;
	index = (uint32_t)level;
	return flp_rows_group(rows, &index, 1, e);
}

static int
emit(struct flp_source *source, struct flp_rows *rows, struct flp_error *e)
{
	int status;
	float *x;

	if (make_means(source, e) < 0 || rewind_rows(source, e) < 0)
		return -1;
	while ((status = next_row(source, e)) > 0) {
		if (flp_rows_row(rows, &x, e) < 0)
			return -1;
		if (emit_x(source, x, e) < 0 || emit_rest(source, rows, e) < 0)
			return at_row(source->state, e);
	}
	return status;
}

static void
close_csv(struct flp_source *source)
{
	struct table *t = source->state;

	flp_csv_close(&t->csv);
	flp_texts_free(&t->names);
	free(t->field);
	free(t->x);
	free(t);
}

static int
open_csv(struct flp_source *source, struct flp_error *e)
{
	const struct flp_wish *w = source->wish;
	struct table *t = flp_memory_new(1, sizeof *t, e);

	if (t == NULL)
		return -1;
	source->state = t;
	t->closed = w->fixed;
	if (flp_in_spool(source->in, e) < 0 || flp_csv_open(&t->csv, source->in, e) < 0)
		return -1;
	if ((w->header ? given_names(source, e) : read_names(source, e)) < 0)
		return -1;
	if (!w->fixed && flp_columns_choose(&source->schema, w, &t->names, t->width, e) < 0)
		return -1;
	return find_slots(source, e);
}

const struct flp_import_form flp_import_csv = {
	.name = "csv",
	.makes = FLP_KIND_DATA,
	.takes = { "features", "label", "group", "target", "levels", "missing", "header" },
	.open = open_csv,
	.scan = scan,
	.emit = emit,
	.close = close_csv,
};
