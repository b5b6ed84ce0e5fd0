#include "import/columns.h"
#include "text/csv.h"

#include <string.h>

static int
is_column(const struct flp_column *c, const char *name)
{
	return c->name != NULL && strcmp(c->name, name) == 0;
}

/* All named columns that are neither label nor group. */
static int
choose_rest(struct flp_schema *s, const struct flp_texts *names, struct flp_error *e)
{
	for (size_t i = 0; i < names->n; i++) {
		const char *name = flp_texts_get(names, i);

		if (!is_column(&s->y, name) && !is_column(&s->group, name) &&
		    flp_schema_add(s, name, strlen(name), FLP_COLUMN_NUMBER, e) < 0)
			return -1;
	}
	return 0;
}

static int
choose_listed(struct flp_schema *s, const char *text, struct flp_error *e)
{
	struct flp_texts list = { 0 };
	int status = flp_csv_list(&list, text, e);

	for (size_t i = 0; status == 0 && i < list.n; i++) {
		const char *name = flp_texts_get(&list, i);

		if (is_column(&s->y, name) || is_column(&s->group, name))
			status = flp_error_usage(e, "%s: expected a feature, found the %s", name,
			    is_column(&s->y, name) ? "label" : "group");
		else
			status = flp_schema_add(s, name, strlen(name), FLP_COLUMN_NUMBER, e);
	}
	flp_texts_free(&list);
	return status < 0 ? flp_error_at(e, "features") : 0;
}

static int
choose_levels(struct flp_schema *s, const char *text, struct flp_error *e)
{
	struct flp_texts list = { 0 };
	int status = flp_csv_list(&list, text, e);

	for (size_t i = 0; status == 0 && i < list.n; i++) {
		const char *name = flp_texts_get(&list, i);
		long at = flp_texts_find(&s->names, name, strlen(name));

		if (at < 0)
			status = flp_error_usage(e, "%s: expected a feature, found none of that name",
			    name);
		else
			s->x[at].kind = FLP_COLUMN_LEVEL;
	}
	flp_texts_free(&list);
	return status < 0 ? flp_error_at(e, "levels") : 0;
}

const char *
flp_columns_split(const struct flp_texts *names, const char *also, const char *text, size_t *n)
{
	for (const char *cut = text; (cut = strchr(cut, '=')) != NULL; cut++) {
		*n = (size_t)(cut - text);
		if (flp_texts_find(names, text, *n) >= 0 ||
		    (also != NULL && strlen(also) == *n && memcmp(also, text, *n) == 0))
			return cut + 1;
	}
	return NULL;
}

static int
choose_reference(struct flp_schema *s, const char *text, struct flp_error *e)
{
	size_t n;
	const char *level = flp_columns_split(&s->names, NULL, text, &n);

	if (level == NULL)
		return flp_error_usage(e, "%s: expected a feature, = and one of its levels, found no "
		    "such feature", text);
	if (flp_schema_refer(s, text, n, level, strlen(level), "--reference", e) == 0)
		return 0;
	e->code = e->code == FLP_ERROR_BAD ? FLP_ERROR_USAGE : e->code;
	return -1;
}

int
flp_columns_choose(struct flp_schema *s, const struct flp_wish *w,
    const struct flp_texts *names, struct flp_error *e)
{
	enum flp_column_kind target = w->target == FLP_TARGET_NUMBER ? FLP_COLUMN_NUMBER :
	    FLP_COLUMN_LEVEL;

	if (w->label != NULL && flp_schema_name(&s->y, w->label, strlen(w->label), target, e) < 0)
		return flp_error_at(e, "label");
	if (w->group != NULL &&
	    flp_schema_name(&s->group, w->group, strlen(w->group), FLP_COLUMN_LEVEL, e) < 0)
		return flp_error_at(e, "group");
	if ((w->features ? choose_listed(s, w->features, e) :
	    choose_rest(s, names, e)) < 0)
		return -1;
	if (w->levels != NULL && choose_levels(s, w->levels, e) < 0)
		return -1;
	for (size_t i = 0; i < w->references; i++)
		if (choose_reference(s, w->reference[i], e) < 0)
			return flp_error_at(e, "reference");
	return 0;
}
