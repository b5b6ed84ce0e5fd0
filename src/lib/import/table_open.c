#include "base/memory.h"
#include "import/columns.h"
#include "import/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
given_names(struct flp_table *t, struct flp_error *e)
{
	if (flp_csv_list(&t->names, t->wish->header, e) < 0)
		return flp_error_at(e, "header");
	t->width = t->names.n;
	t->csv.single = t->width == 1;
	if ((t->field = flp_memory_new(t->width, sizeof *t->field, e)) == NULL)
		return -1;
	for (size_t i = 0; i < t->width; i++)
		t->field[i] = i;
	return 0;
}

/* A file without a header line has values there. */
static int
no_column(const struct flp_table *t, const char *name, struct flp_error *e)
{
	char found[160];
	size_t n = flp_texts_list(&t->names, found, sizeof found);

	flp_error_bad(e, "column %s: expected in the header, found %s%s", name,
	    n > 0 ? found : "other names",
	    t->width > 1 || t->doubtful ? "" : t->wish->separator != NULL ? " (see --separator)" :
	    " (no comma, semicolon or tab separates fields, see --separator)");
	if (t->doubtful)
		flp_table_doubt(t, e);
	return n == 0 ? -1 : flp_error_hide(e, "other names", "%s", found);
}

static int
find_slot(const struct flp_table *t, struct flp_slot *slot, struct flp_column *c,
    struct flp_error *e)
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

/* Rows that are to be predicted have no label, though the schema of the others has one. */
static int
lacks_label(const struct flp_table *t)
{
	const struct flp_column *y = &t->schema->y;

	return t->schema->closed && y->name != NULL &&
	    flp_texts_find(&t->names, y->name, strlen(y->name)) < 0;
}

static int
find_slots(struct flp_table *t, struct flp_error *e)
{
	struct flp_schema *s = t->schema;

	t->n = s->columns;
	if ((t->x = flp_memory_new(t->n, sizeof *t->x, e)) == NULL)
		return -1;
	for (size_t i = 0; i < t->n; i++) {
		if (find_slot(t, &t->x[i], &s->x[i], e) < 0)
			return s->closed ? flp_error_add(e, "if the table has no such column, add an empty "
			    "one (see --missing)") : -1;
		t->x[i].undeclared = !s->closed && s->x[i].kind == FLP_COLUMN_NUMBER;
	}
	t->y.required = t->group.required = 1;
	if (!lacks_label(t) && find_slot(t, &t->y, &s->y, e) < 0)
		return -1;
	return find_slot(t, &t->group, &s->group, e);
}

void
flp_table_close(struct flp_table *t)
{
	flp_csv_close(&t->csv);
	flp_texts_free(&t->names);
	free(t->field);
	free(t->unnamed);
	free(t->x);
	flp_gaps_free(&t->gaps);
	for (size_t i = 0; i < t->owned; i++)
		flp_gaps_free(&t->own[i]);
	free(t->own);
}

int
flp_table_open(struct flp_table *t, const struct flp_wish *w, struct flp_schema *schema,
    struct flp_in *in, struct flp_error *e)
{
	memset(t, 0, sizeof *t);
	t->wish = w;
	t->schema = schema;
	t->given = schema->closed;
	if (flp_csv_open(&t->csv, in, e) < 0)
		return -1;
	if (flp_table_add_gaps(t, &t->gaps, w->na != NULL ? w->na : FLP_GAPS_USUAL, e) < 0)
		return flp_error_at(e, "na");
	if ((w->header && given_names(t, e) < 0) || flp_table_separator(t, e) < 0 ||
	    (w->header ? flp_table_given(t, e) : flp_table_names(t, e)) < 0)
		return -1;
	if (!schema->closed && flp_columns_choose(schema, w, &t->names, e) < 0)
		return -1;
	return find_slots(t, e) < 0 ? -1 : flp_table_gaps(t, e);
}
