/* What a scan accepted though it may not be what was meant. The sentences tell no value of the
 * rows and no count of them. */
#include "import/table.h"

#include <string.h>
#include <strings.h>

/* 1: the name of the column reads like one of its values. -1: it stands above numbers and is none,
 * so it is a name. 0: it may be either. */
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
 * those that are not usual are no missing values until someone says so. */
static int
may_be_gap(const char *level)
{
	static const char list[] = FLP_GAPS_USUAL ",-,--,<na>,#n/a,#na,missing,n.a.,nat,nil,"
	    "not available,not known,undefined,unknown";
	size_t n = strlen(level), k;

	for (const char *p = list; *p != '\0'; p += k + (p[k] == ',')) {
		k = strcspn(p, ",");
		if (k == n && strncasecmp(p, level, n) == 0)
			return 1;
	}
	return 0;
}

static int
has_gap(const struct flp_table *t, const struct flp_column *c, struct flp_error *e)
{
	for (size_t i = 0; i < c->levels.n; i++) {
		const char *level = flp_texts_get(&c->levels, i);

		if (may_be_gap(level))
			return flp_error_bad(e, "warning: column %s: %s is a level%s; if it stands for a "
			    "missing value, see --na-in", c->name, level, t->wish->na == NULL ? "" :
			    ", since --na replaces the usual texts");
	}
	return 0;
}

/* A level that may stand for a missing value. Whoever asks for no such texts by an empty --na, or
 * encodes by a schema, has said that it does not. */
static int
gap_as_level(const struct flp_source *source, const struct flp_table *t, struct flp_error *e)
{
	const struct flp_schema *s = &source->schema;
	const char *na = t->wish->na;

	if (t->given || (na != NULL && na[0] == '\0'))
		return 0;
	for (size_t i = 0; i < s->columns; i++)
		if (has_gap(t, &s->x[i], e) < 0)
			return -1;
	return has_gap(t, &s->y, e) < 0 ? -1 : has_gap(t, &s->group, e);
}

static int
rounded(const struct flp_source *source, const struct flp_table *t, struct flp_error *e)
{
	const struct flp_slot *slot = t->y.rounded ? &t->y : NULL;

	(void)source;
	for (size_t i = 0; slot == NULL && i < t->n; i++)
		if (t->x[i].rounded)
			slot = &t->x[i];
	return slot == NULL ? 0 : flp_error_bad(e, "warning: column %s: whole numbers above 16777216 "
	    "are rounded to f32", slot->column->name);
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
	    struct flp_error *) = { headless, gap_as_level, rounded,
		most_dropped, no_rows };

	_Static_assert(sizeof kinds / sizeof *kinds == FLP_SOURCE_NOTICES, "");
	for (size_t i = 0; i < FLP_SOURCE_NOTICES; i++)
		if (kinds[i](source, source->state, &source->notice[source->notices]) < 0)
			source->notices++;
}
