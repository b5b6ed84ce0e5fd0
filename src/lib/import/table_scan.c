#include "base/memory.h"
#include "import/table.h"

#include <math.h>
#include <stdio.h>

/* A column that nobody declared may have up to LEVELS levels. If it has more, there must
 * be ROWS_A_LEVEL rows for each on average. */
#define LEVELS 10
#define ROWS_A_LEVEL 4

/* The features of all such columns that have levels may take SMALL bytes, or TIMES as many as the
 * input. */
#define SMALL ((uint64_t)64 << 20)
#define TIMES 10

/* By the first value that is not missing. A column that holds both numbers and
 * texts is refused: one odd entry, as in "n/a", would make a feature of each of
 * its numbers. */
static int
decide(const struct flp_table *t, struct flp_slot *slot, struct flp_error *e)
{
	const struct flp_field *f = flp_table_field(t, slot);
	double v;

	if (flp_table_missing(t, slot))
		return 0;
	slot->decided = 1;
	if (flp_value_parse(f->text, f->n, &v) != FLP_VALUE_TEXT)
		return 0;
	if (flp_table_commas(t, slot, e) < 0)
		return -1;
	slot->kind = slot->column->kind = FLP_COLUMN_LEVEL;
	return 0;
}

static int
scan_level(const struct flp_table *t, struct flp_slot *slot, struct flp_error *e)
{
	const struct flp_field *f = flp_table_field(t, slot);
	const char *first;
	size_t level;
	double v;

	if (slot->kind == 0)
		return 0;
	if (flp_table_missing(t, slot)) {
		slot->missing++;
		return flp_table_gap(t, slot, e);
	}
	slot->count++;
	if (!slot->undeclared || flp_value_parse(f->text, f->n, &v) != FLP_VALUE_NUMBER) {
		if (flp_table_level(t, slot, &level, e) < 0)
			return -1;
		return t->schema->closed ? 0 : flp_schema_count(slot->column, level, e);
	}
	first = flp_texts_get(&slot->column->levels, 0);
	flp_error_bad(e, "expected a text, as \"%.64s\" in the rows before, found \"%.*s\" "
	    FLP_TABLE_MIXED, first, flp_value_shown(f->n), f->text);
	flp_error_hide(e, "a number", "\"%.*s\"", flp_value_shown(f->n), f->text);
	flp_error_hide(e, " as", " as \"%.64s\"", first);
	return flp_table_at_column(slot, e);
}

static inline int
scan_slot(const struct flp_table *t, struct flp_slot *slot, struct flp_error *e)
{
	double v = NAN;

	if (slot->undeclared && !slot->decided && decide(t, slot, e) < 0)
		return -1;
	if (slot->kind != FLP_COLUMN_NUMBER)
		return scan_level(t, slot, e);
	if (flp_table_number(t, slot, &v, e) < 0)
		return -1;
	if (isnan(v)) {
		slot->missing++;
	} else {
		slot->sum += v;
		slot->count++;
		slot->rounded |= fabs(v) > 0x1p24 && fabs(v) < 0x1p53 && (double)(float)v != v &&
		    v == floor(v);
	}
	return 0;
}

/* A spreadsheet may add empty columns; any other column without a name would be lost. */
static int
check_unnamed(const struct flp_table *t, struct flp_error *e)
{
	for (size_t i = 0; i < t->unnameds; i++)
		if (t->csv.field[t->unnamed[i]].n > 0)
			return flp_error_bad(e, "field %zu: expected no value, since the header line does "
			    "not name the column, found one (see --features)", t->unnamed[i] + 1);
	return 0;
}

static int
scan_row(struct flp_table *t, struct flp_error *e)
{
	if (check_unnamed(t, e) < 0)
		return flp_table_at_row(t, e);
	for (size_t i = 0; i < t->n; i++)
		if (scan_slot(t, &t->x[i], e) < 0)
			return flp_table_at_row(t, e);
	if (scan_slot(t, &t->y, e) < 0 || scan_slot(t, &t->group, e) < 0)
		return flp_table_at_row(t, e);
	return 0;
}

/* The names of levels and classes leave a site, so a column that looks like identifiers, dates or
 * free text must be declared by name. */
static int
check_levels(const struct flp_slot *slot, const char *but, struct flp_error *e)
{
	size_t n = slot->column->levels.n;

	if (n <= LEVELS || slot->count >= ROWS_A_LEVEL * (uint64_t)n)
		return 0;
	flp_error_bad(e, "expected at least %d rows for each level, found %zu levels in %llu rows (%s)",
	    ROWS_A_LEVEL, n, (unsigned long long)slot->count, but);
	flp_error_hide(e, "fewer", "%zu levels in %llu rows", n, (unsigned long long)slot->count);
	return flp_table_at_column(slot, e);
}

/* A feature a level could make a record of gigabytes from a file of megabytes, whether one column
 * has them all or many columns have some each. There are n rows. */
static int
check_size(const struct flp_table *t, uint64_t n, struct flp_error *e)
{
	uint64_t input = t->csv.lines.bytes, levels = 0, features = 0, bytes;
	const struct flp_slot *most = NULL;
	char many[64] = "", this[64] = "", found[256];
	size_t columns = 0;

	for (size_t i = 0; i < t->n; i++) {
		const struct flp_slot *slot = &t->x[i];

		if (!slot->undeclared || slot->kind != FLP_COLUMN_LEVEL)
			continue;
		columns++;
		levels += slot->column->levels.n;
		features += flp_schema_width(t->schema, slot->column);
		if (most == NULL || slot->column->levels.n > most->column->levels.n)
			most = slot;
	}
	if (__builtin_mul_overflow(n * sizeof(float), features, &bytes))
		bytes = UINT64_MAX;
	/* So many rows are an error of their own. */
	if (n > UINT32_MAX || most == NULL || bytes <= SMALL || bytes / TIMES <= input)
		return 0;
	if (columns > 1) {
		sprintf(many, " of %zu columns", columns);
		sprintf(this, "this one has %zu, ", most->column->levels.n);
	}
	sprintf(found, "%llu bytes for %llu levels%s in %llu rows (%s", (unsigned long long)bytes,
	    (unsigned long long)levels, many, (unsigned long long)n, this);
	flp_error_bad(e, "expected features of at most %d times the %llu bytes of the input, found "
	    "%ssee --levels)", TIMES, (unsigned long long)input, found);
	flp_error_hide(e, "more (", "%s", found);
	flp_error_hide(e, "the bytes", "the %llu bytes", (unsigned long long)input);
	return flp_table_at_column(most, e);
}

/* The levels are known now. There are n rows. */
static int
settle(struct flp_table *t, uint64_t n, struct flp_error *e)
{
	struct flp_schema *s = t->schema;

	for (size_t i = 0; i < t->n; i++) {
		struct flp_slot *slot = &t->x[i];

		if (slot->undeclared && check_levels(slot, "name the other columns by -x to "
		    "leave out identifiers, dates and free text; --levels keeps and publishes them", e) < 0)
			return -1;
		if (!s->closed && flp_schema_sort(slot->column, 0, e) < 0)
			return -1;
		slot->column->empty = (n == 0 || t->wish->missing == FLP_MISSING_KEEP) &&
		    slot->undeclared && !slot->decided;
	}
	if (check_size(t, n, e) < 0)
		return -1;
	if (!s->closed && t->y.kind != 0 && t->wish->target == FLP_TARGET_NONE &&
	    check_levels(&t->y, "for a regression: --target number", e) < 0)
		return -1;
	if (!s->closed && (flp_schema_sort(&s->y, 0, e) < 0 ||
	    flp_schema_sort(&s->group, 0, e) < 0))
		return -1;
	s->closed = 1;
	flp_table_layout(t);
	return 0;
}

static void
take_lack(struct flp_source *source, const struct flp_slot *slot)
{
	if (slot->missing > 0)
		source->lack[source->lacks++] = (struct flp_lack){ slot->column, slot->missing };
}

static int
take_lacks(struct flp_source *source, struct flp_error *e)
{
	const struct flp_table *t = source->state;

	if ((source->lack = flp_memory_new(t->n + 2, sizeof *source->lack, e)) == NULL)
		return -1;
	for (size_t i = 0; i < t->n; i++)
		take_lack(source, &t->x[i]);
	take_lack(source, &t->y);
	take_lack(source, &t->group);
	return 0;
}

int
flp_table_scan(struct flp_source *source, struct flp_error *e)
{
	struct flp_table *t = source->state;
	uint64_t n = 0;
	int status;

	if (flp_table_rewind(t, e) < 0)
		return -1;
	for (; (status = flp_table_next(t, e)) > 0; n++)
		if (scan_row(t, e) < 0)
			return -1;
	if (status < 0)
		return -1;
	if (n == 0 && t->row == 1 && t->wish->header != NULL)
		return flp_error_bad(e, "expected a row, found nothing");
	if (n == 0 && t->row > 1) {
		flp_error_bad(e, "expected a row without missing values, found none in %llu",
		    (unsigned long long)t->row - 1);
		return flp_error_hide(e, "", " in %llu", (unsigned long long)t->row - 1);
	}
	source->dropped = t->row - 1 - n;
	if (settle(t, n, e) < 0 || take_lacks(source, e) < 0)
		return -1;
	if (flp_source_frame(source, n, 0, e) < 0)
		return -1;
	flp_table_notice(source);
	return 0;
}
