/* Warnings: a scan accepted something that may be a mistake. The sentences tell no value of the
 * rows and no count of them. */
#include "import/table.h"

#include <string.h>

/* Returns 1 if the name of a column reads like one of its values, -1 if the column has numbers and
 * the name is not one, 0 if that can't be told: the column has levels and the name is not among
 * them, but it may be a level that occurs in no other row. */
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
	return flp_error_bad(e, "the first line may be a row, not the names of the columns "
	    "(see --header)");
}

static int
is_usual_gap(const struct flp_texts *usual, const struct flp_column *c, struct flp_error *e)
{
	for (size_t i = 0; i < usual->n; i++) {
		const char *word = flp_texts_get(usual, i);

		if (flp_texts_find(&c->levels, word, strlen(word)) >= 0)
			return flp_error_bad(e, "column %s: %s is a level here, since --na does not name it",
			    c->name, word);
	}
	return 0;
}

/* --na replaces the usual spellings, which may surprise a user who only wants to add one. --na ''
 * is meant, so it gets no warning. */
static int
usual_gap(const struct flp_source *source, const struct flp_table *t, struct flp_error *e)
{
	const struct flp_schema *s = &source->schema;
	const char *na = t->wish->na;
	struct flp_texts usual = { 0 };
	int status;

	if (t->given || na == NULL || na[0] == '\0')
		return 0;
	status = flp_csv_list(&usual, FLP_GAPS_USUAL, e);
	for (size_t i = 0; status == 0 && i < s->columns; i++)
		status = is_usual_gap(&usual, &s->x[i], e);
	if (status == 0 && (status = is_usual_gap(&usual, &s->y, e)) == 0)
		status = is_usual_gap(&usual, &s->group, e);
	flp_texts_free(&usual);
	return status;
}

static int
most_dropped(const struct flp_source *source, const struct flp_table *t, struct flp_error *e)
{
	(void)t;
	return source->dropped <= source->frame.n ? 0 : flp_error_bad(e,
	    "more than half of the rows are left out for missing values "
	    "(-v says of which columns)");
}

void
flp_table_notice(struct flp_source *source)
{
	static int (*const kinds[])(const struct flp_source *, const struct flp_table *,
	    struct flp_error *) = { headless, usual_gap, most_dropped };

	_Static_assert(sizeof kinds / sizeof *kinds == FLP_SOURCE_NOTICES, "");
	for (size_t i = 0; i < FLP_SOURCE_NOTICES; i++)
		if (kinds[i](source, source->state, &source->notice[source->notices]) < 0)
			source->notices++;
}
