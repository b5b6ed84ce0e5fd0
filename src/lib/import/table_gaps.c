#include "base/memory.h"
#include "import/columns.h"
#include "import/table.h"

#include <stdlib.h>
#include <string.h>

/* Writes to `number` the number that a text with a comma is, with a point in its place. Returns 0
 * for other texts. */
static int
with_point(char number[FLP_TEXTS_BYTES + 1], const char *word)
{
	char *comma;
	double v;

	if ((comma = strchr(strcpy(number, word), ',')) == NULL)
		return 0;
	*comma = '.';
	return flp_value_parse(number, strlen(number), &v) == FLP_VALUE_NUMBER;
}

int
flp_table_add_gaps(const struct flp_table *t, struct flp_gaps *gaps, const char *list,
    struct flp_error *e)
{
	size_t before = gaps->words.n, end;
	char number[FLP_TEXTS_BYTES + 1];

	if (flp_gaps_add(gaps, list, e) < 0)
		return -1;
	end = t->wish->decimal == FLP_DECIMAL_COMMA ? gaps->words.n : before;
	for (size_t i = before; i < end; i++)
		if (with_point(number, flp_texts_get(&gaps->words, i)) &&
		    flp_gaps_add(gaps, number, e) < 0)
			return -1;
	return 0;
}

/* The slots in order: features, label, group; NULL after the last. */
static struct flp_slot *
slot_at(struct flp_table *t, size_t i)
{
	return i < t->n ? &t->x[i] : i == t->n ? &t->y : i == t->n + 1 ? &t->group : NULL;
}

static struct flp_slot *
find(struct flp_table *t, const char *name, size_t n)
{
	struct flp_slot *slot;

	for (size_t i = 0; (slot = slot_at(t, i)) != NULL; i++)
		if (slot->kind != 0 && strlen(slot->column->name) == n &&
		    memcmp(slot->column->name, name, n) == 0)
			return slot;
	return NULL;
}

/* A slot's own gaps, which begin as a copy of those of all columns. */
static struct flp_gaps *
own_gaps(struct flp_table *t, struct flp_slot *slot, struct flp_error *e)
{
	struct flp_gaps *own = &t->own[t->owned];

	if (slot->gaps != &t->gaps)
		return &t->own[slot->gaps - t->own];
	t->owned++;
	slot->gaps = own;
	return flp_gaps_copy(own, &t->gaps, e) < 0 ? NULL : own;
}

/* The column may be one that is not used, or a label that the file lacks. */
static int
add_in(struct flp_table *t, const char *text, struct flp_error *e)
{
	size_t n;
	const char *list = flp_columns_split(&t->names, t->schema->y.name, text, &n);
	struct flp_slot *slot;
	struct flp_gaps *own;

	if (list == NULL)
		return flp_error_usage(e, "expected COLUMN=TEXTS with a column of the table, found \"%s\"",
		    text);
	if ((slot = find(t, text, n)) == NULL)
		return 0;
	if ((own = own_gaps(t, slot, e)) == NULL)
		return -1;
	return flp_table_add_gaps(t, own, list, e) < 0 ? flp_error_at(e, "%s", slot->column->name) : 0;
}

/* A level of the schema would be taken for a missing value. The texts of one column are to blame
 * only where those of all columns are not. */
static int
taken_for_gap(const struct flp_table *t, const struct flp_slot *slot, const char *level,
    struct flp_error *e)
{
	int all = flp_gaps_has(&t->gaps, level, strlen(level));
	int shown = flp_value_shown(strlen(level));

	if (all && t->wish->na == NULL)
		flp_error_bad(e, "expected levels that do not stand for a missing value, found \"%.*s\" "
		    "(see --na)", shown, level);
	else
		flp_error_usage(e, "expected texts other than the levels of the schema, found \"%.*s\"",
		    shown, level);
	flp_error_hide(e, e->code == FLP_ERROR_BAD ? "one that does" : "one of them", "\"%.*s\"",
	    shown, level);
	flp_table_at_column(slot, e);
	return e->code == FLP_ERROR_USAGE ? flp_error_at(e, all ? "na" : "na-in") : -1;
}

static int
check_levels(struct flp_table *t, struct flp_error *e)
{
	struct flp_slot *slot;

	for (size_t i = 0; (slot = slot_at(t, i)) != NULL; i++)
		for (size_t k = 0; slot->kind == FLP_COLUMN_LEVEL && k < slot->column->levels.n; k++) {
			const char *level = flp_texts_get(&slot->column->levels, k);

			if (flp_gaps_has(slot->gaps, level, strlen(level)))
				return taken_for_gap(t, slot, level, e);
		}
	return 0;
}

int
flp_table_gaps(struct flp_table *t, struct flp_error *e)
{
	const struct flp_wish *w = t->wish;
	struct flp_slot *slot;

	for (size_t i = 0; (slot = slot_at(t, i)) != NULL; i++)
		slot->gaps = &t->gaps;
	if (w->na_ins > 0 && (t->own = flp_memory_new(w->na_ins, sizeof *t->own, e)) == NULL)
		return -1;
	for (size_t i = 0; i < w->na_ins; i++)
		if (add_in(t, w->na_in[i], e) < 0)
			return flp_error_at(e, "na-in");
	return check_levels(t, e);
}
