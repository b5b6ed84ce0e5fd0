#include "base/memory.h"
#include "import/table.h"

#include <stdlib.h>
#include <string.h>

static int
has_text(const struct flp_texts *names, const char *s)
{
	return s == NULL || flp_texts_find(names, s, strlen(s)) >= 0;
}

/* 1 if the columns that the schema or the options name are among the names, 0 if not, -1 on
 * error. */
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
	else if (w->levels != NULL && flp_csv_list(&list, w->levels, e) < 0)
		status = flp_error_at(e, "levels");
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

int
flp_table_wanted(const struct flp_table *t, const struct flp_field *row, char separator,
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
