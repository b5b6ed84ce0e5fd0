/* What a scan accepted though it may not be what was meant. The sentences tell no count of the
 * rows, and no values but words for a missing one. */
#include "import/table.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* 1 if the name of the column reads like one of its values, -1 if it stands above numbers and is
 * not one, and 0 if it may be either. */
static int
reads_like_value(const struct flp_column *c)
{
	size_t n = strlen(c->name);

	if (c->kind == FLP_COLUMN_NUMBER)
		return flp_table_number_name(c->name, n) ? 1 : -1;
	return flp_texts_find(&c->levels, c->name, n) >= 0;
}

/* A header line was forgotten. A year may be a name as well, so one column of numbers with a name
 * of its own is enough for a header. */
static int
headless(const struct flp_source *source, const struct flp_table *t, struct flp_error *e)
{
	size_t values = 0, names = 0;

	for (size_t i = 0; i < source->schema.columns; i++) {
		int sign = reads_like_value(&source->schema.x[i]);

		values += sign > 0;
		names += sign < 0;
	}
	if (t->wish->header != NULL || flp_table_chosen(t) || values == 0 || names > 0)
		return 0;
	return flp_error_bad(e, "warning: the first line was read as names, but looks like a "
	    "row; if it is one, give the names with --header");
}

/* Texts that may stand for a missing value, in any case of letters. They may as well be levels, so
 * those that are not usual count as missing values only if someone says so. */
static int
may_be_gap(const char *level)
{
	static const char list[] = FLP_GAPS_USUAL ",-,--,<na>,#n/a,#na,missing,n.a.,nat,nil,"
	    "not available,not known,undefined,unknown";
	size_t n = strlen(level), k;

	for (const char *p = list; *p != '\0'; p += k + (p[k] == ',')) {
		k = strcspn(p, ",");
		if (k == n && strncasecmp(p, level, n) == 0)
			return strcmp(level, "none") != 0; /* as pain and the like may be */
	}
	return 0;
}

/* A list for a sentence, which ends with dots where it is full. It takes no memory, so a warning
 * can't fail, as one with a set of texts could. */
struct list {
	char text[512];
	size_t n;
};

static void
add(struct list *list, const char *name, const char *sign, const char *level)
{
	char *end = list->text + strlen(list->text);
	size_t room = sizeof list->text - (size_t)(end - list->text);
	const char *comma = list->n > 0 ? ", " : "";

	if (strlen(comma) + strlen(name) + strlen(sign) + strlen(level) + sizeof ", ..." < room)
		sprintf(end, "%s%s%s%s", comma, name, sign, level);
	else if (room > sizeof ", ..." && strcmp(end - (list->n > 0 ? 3 : 0), "...") != 0)
		sprintf(end, "%s...", comma);
	list->n++;
}

static void
add_gaps(struct list *list, const struct flp_column *c)
{
	for (size_t i = 0; i < c->levels.n; i++)
		if (may_be_gap(flp_texts_get(&c->levels, i)))
			add(list, c->name, "=", flp_texts_get(&c->levels, i));
}

/* Levels that may stand for a missing value. Whoever asks for no such texts by an empty --na, names
 * the column in --levels or encodes by a schema, has said that they do not. */
static int
gaps_as_levels(const struct flp_source *source, const struct flp_table *t, struct flp_error *e)
{
	const char *na = t->wish->na;
	struct list list = { 0 };

	if (t->given || (na != NULL && na[0] == '\0'))
		return 0;
	for (size_t i = 0; i < t->n; i++)
		if (t->x[i].undeclared)
			add_gaps(&list, t->x[i].column);
	add_gaps(&list, &source->schema.y);
	add_gaps(&list, &source->schema.group);
	return list.n == 0 ? 0 : flp_error_bad(e, "warning: levels that may stand for missing values: "
	    "%s (see --na-in%s)", list.text, na == NULL ? "" : "; --na replaces the usual texts");
}

static int
rounded(const struct flp_source *source, const struct flp_table *t, struct flp_error *e)
{
	struct list list = { 0 };

	for (size_t i = 0; i < t->n; i++)
		if (t->x[i].rounded)
			add(&list, t->x[i].column->name, "", "");
	if (t->y.rounded)
		add(&list, source->schema.y.name, "", "");
	return list.n == 0 ? 0 : flp_error_bad(e, "warning: whole numbers above 16777216 are rounded "
	    "to f32: %s (leave out identifiers and dates by -x)", list.text);
}

static int
no_rows(const struct flp_source *source, const struct flp_table *t, struct flp_error *e)
{
	(void)t;
	return source->frame.n > 0 ? 0 : flp_error_bad(e, "warning: the table has no rows");
}

static int
most_dropped(const struct flp_source *source, const struct flp_table *t, struct flp_error *e)
{
	(void)t;
	return source->dropped <= source->frame.n ? 0 : flp_error_bad(e,
	    "warning: more than half of the rows are left out for missing values "
	    "(-v says of which columns)");
}

void
flp_table_notice(struct flp_source *source)
{
	static int (*const kinds[])(const struct flp_source *, const struct flp_table *,
	    struct flp_error *) = { headless, gaps_as_levels, rounded,
		most_dropped, no_rows };

	_Static_assert(sizeof kinds / sizeof *kinds == FLP_SOURCE_NOTICES, "");
	for (size_t i = 0; i < FLP_SOURCE_NOTICES; i++)
		if (kinds[i](source, source->state, &source->notice[source->notices]) < 0)
			source->notices++;
}
