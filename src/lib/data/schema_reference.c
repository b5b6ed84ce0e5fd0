#include "base/memory.h"
#include "data/dataset.h"
#include "data/schema.h"
#include "text/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LISTED ((size_t)160) /* bytes of levels in a message */

static const struct flp_reference *
find(const struct flp_schema *s, const char *column, size_t n)
{
	long at = flp_texts_find(&s->referred, column, n);

	return at < 0 ? NULL : &s->reference[at];
}

/* Checks that a level is one that a column could have. */
static int
check_text(const char *level, size_t n, struct flp_error *e)
{
	struct flp_texts check = { 0 };
	int status = flp_texts_add(&check, level, n, 1, e);

	flp_texts_free(&check);
	return status;
}

static int
add(struct flp_schema *s, const char *column, size_t n, const char *level, size_t m,
    const char *place, struct flp_error *e)
{
	struct flp_reference r = { NULL, NULL };

	if (flp_memory_grow(&s->reference, &s->reference_room, s->referred.n + 1,
	    sizeof *s->reference, e) == 0 && (r.level = flp_memory_text(level, m, e)) != NULL &&
	    (r.place = flp_memory_text(place, strlen(place), e)) != NULL &&
	    flp_texts_add(&s->referred, column, n, FLP_DATASET_FEATURES, e) == 0) {
		s->reference[s->referred.n - 1] = r;
		return 0;
	}
	free(r.level);
	free(r.place);
	return -1;
}

int
flp_schema_refer(struct flp_schema *s, const char *column, size_t n, const char *level,
    size_t m, const char *place, struct flp_error *e)
{
	const struct flp_reference *before = find(s, column, n);
	char plain[FLP_TEXTS_BYTES];
	size_t length = 0;
	int number = check_text(level, m, e) < 0 ? -1 : flp_schema_plain(plain, &length, level, m,
	    e);

	if (number < 0)
		return -1;
	if (number > 0) {
		level = plain;
		m = length;
	}
	if (before == NULL)
		return add(s, column, n, level, m, place, e);
	if (strlen(before->level) == m && memcmp(before->level, level, m) == 0)
		return 0;
	return flp_error_bad(e, "column %.*s: expected the reference %.*s as in %s, found %.*s",
	    flp_value_shown(n), column, flp_value_shown(strlen(before->level)), before->level,
	    before->place, flp_value_shown(m), level);
}

int
flp_schema_refers(const struct flp_schema *s, const struct flp_column *c)
{
	return s->referred.n > 0 && find(s, c->name, strlen(c->name)) != NULL;
}

long
flp_schema_reference(const struct flp_schema *s, const struct flp_column *c)
{
	const struct flp_reference *r = s->referred.n == 0 || c->kind != FLP_COLUMN_LEVEL ? NULL :
	    find(s, c->name, strlen(c->name));

	return r == NULL ? -1 : flp_texts_find(&c->levels, r->level, strlen(r->level));
}

size_t
flp_schema_width(const struct flp_schema *s, const struct flp_column *c)
{
	if (c->kind == FLP_COLUMN_NUMBER)
		return 1;
	return c->levels.n - (flp_schema_reference(s, c) >= 0);
}

/* A level comes from data. */
static int
no_level(const struct flp_column *c, const struct flp_reference *r, struct flp_error *e)
{
	char list[LISTED];

	flp_texts_list(&c->levels, list, sizeof list);
	flp_error_bad(e, "expected one of %zu levels (%s), found %.*s", c->levels.n, list,
	    flp_value_shown(strlen(r->level)), r->level);
	return flp_error_hide(e, "its levels,", "%zu levels (%s),", c->levels.n, list);
}

static int
check_reference(const struct flp_schema *s, const char *name, const struct flp_reference *r,
    struct flp_error *e)
{
	long at = flp_texts_find(&s->names, name, strlen(name));

	if (at < 0)
		return flp_error_bad(e, "expected the reference of a feature, found none of that name");
	if (s->x[at].kind != FLP_COLUMN_LEVEL)
		return flp_error_bad(e, "expected levels, of which one is the reference, found a number "
		    "(see fl-import --levels)");
	return flp_schema_reference(s, &s->x[at]) >= 0 ? 0 : no_level(&s->x[at], r, e);
}

int
flp_schema_complete(const struct flp_schema *s, struct flp_error *e)
{
	for (size_t i = 0; i < s->referred.n; i++) {
		const char *name = flp_texts_get(&s->referred, i);

		if (check_reference(s, name, &s->reference[i], e) < 0) {
			flp_error_at(e, "column %s", name);
			return flp_error_at(e, "%s", s->reference[i].place);
		}
	}
	return 0;
}
