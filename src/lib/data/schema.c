#include "data/schema.h"
#include "base/memory.h"
#include "data/dataset.h"
#include "text/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPELLINGS ((size_t)4096) /* of a column that are kept, */
#define SPELLING ((size_t)64)    /* and bytes of each */

static void
free_column(struct flp_column *c)
{
	free(c->name);
	free(c->place);
	flp_texts_free(&c->levels);
	flp_texts_free(&c->spelled);
	free(c->level);
	free(c->rows);
}

void
flp_schema_free(struct flp_schema *s)
{
	for (size_t i = 0; i < s->columns; i++)
		free_column(&s->x[i]);
	free(s->x);
	flp_texts_free(&s->names);
	free_column(&s->y);
	free_column(&s->group);
	for (size_t i = 0; i < s->referred.n; i++) {
		free(s->reference[i].level);
		free(s->reference[i].place);
	}
	free(s->reference);
	flp_texts_free(&s->referred);
	memset(s, 0, sizeof *s);
}

int
flp_schema_name(struct flp_column *c, const char *name, size_t n, enum flp_column_kind kind,
    struct flp_error *e)
{
	struct flp_texts check = { 0 };
	int status = flp_texts_add(&check, name, n, 1, e);

	flp_texts_free(&check);
	if (status < 0)
		return -1;
	c->kind = kind;
	c->name = flp_memory_text(name, n, e);
	return c->name == NULL ? -1 : 0;
}

int
flp_schema_add(struct flp_schema *s, const char *name, size_t n, enum flp_column_kind kind,
    struct flp_error *e)
{
	if (flp_texts_find(&s->names, name, n) >= 0)
		return flp_error_bad(e, "column %.*s: found twice", flp_value_shown(n), name);
	if (flp_memory_grow(&s->x, &s->room, s->columns + 1, sizeof *s->x, e) < 0 ||
	    flp_texts_add(&s->names, name, n, FLP_DATASET_FEATURES, e) < 0)
		return -1;
	memset(&s->x[s->columns], 0, sizeof *s->x);
	return flp_schema_name(&s->x[s->columns++], name, n, kind, e);
}

size_t
flp_schema_most(const struct flp_schema *s, const struct flp_column *c)
{
	return c == &s->group ? FLP_SCHEMA_GROUPS : FLP_SCHEMA_LEVELS;
}

int
flp_schema_plain(char *to, size_t *length, const char *text, size_t n, struct flp_error *e)
{
	long plain = flp_number_plain(to, FLP_TEXTS_BYTES, text, n);

	if (plain < 0) {
		flp_error_bad(e, "\"%.*s\": expected a number with fewer digits or a smaller exponent",
		    flp_value_shown(n), text);
		return flp_value_hide(e, text, n);
	}
	*length = (size_t)plain;
	return plain > 0;
}

/* Adds a level in its own spelling. */
static long
add_level(struct flp_schema *s, struct flp_column *c, const char *text, size_t n,
    struct flp_error *e)
{
	if (flp_texts_add(&c->levels, text, n, flp_schema_most(s, c), e) < 0)
		return -1;
	return (long)c->levels.n - 1;
}

/* Keeps another spelling, so that it need not be read as a number in every row. */
static int
keep_spelling(struct flp_column *c, const char *text, size_t n, long level,
    struct flp_error *e)
{
	if (c->spelled.n == SPELLINGS || n > SPELLING)
		return 0;
	if (flp_memory_grow(&c->level, &c->room, c->spelled.n + 1, sizeof *c->level, e) < 0 ||
	    flp_texts_add(&c->spelled, text, n, SPELLINGS, e) < 0)
		return -1;
	c->level[c->spelled.n - 1] = (uint32_t)level;
	return 0;
}

long
flp_schema_other_level(struct flp_schema *s, struct flp_column *c, const char *text,
    size_t n, const char *what, struct flp_error *e)
{
	char plain[FLP_TEXTS_BYTES];
	size_t length = 0;
	int number = c == &s->group ? 0 : flp_schema_plain(plain, &length, text, n, e);
	long level = number > 0 ? flp_texts_find(&c->levels, plain, length) : -1;

	if (number < 0)
		return -1;
	if (level < 0 && s->closed) {
		flp_error_bad(e, "expected one of %zu %s, found \"%.*s\"", c->levels.n, what,
		    flp_value_shown(n), text);
		return flp_value_hide(e, text, n);
	}
	if (number == 0)
		return add_level(s, c, text, n, e);
	if (level < 0 && (level = add_level(s, c, plain, length, e)) < 0)
		return -1;
	if (length == n && memcmp(text, plain, n) == 0)
		return level;
	return keep_spelling(c, text, n, level, e) < 0 ? -1 : level;
}

int
flp_schema_count(struct flp_column *c, size_t level, struct flp_error *e)
{
	size_t room = c->rows_room;

	if (flp_memory_grow(&c->rows, &c->rows_room, level + 1, sizeof *c->rows, e) < 0)
		return -1;
	if (room < c->rows_room)
		memset(c->rows + room, 0, (c->rows_room - room) * sizeof *c->rows);
	c->rows[level]++;
	return 0;
}

uint64_t
flp_schema_fewest(const struct flp_column *c)
{
	uint64_t fewest = c->levels.n <= c->rows_room ? UINT64_MAX : 0;

	for (size_t i = 0; i < c->levels.n && fewest > 0; i++)
		fewest = c->rows[i] < fewest ? c->rows[i] : fewest;
	return fewest == UINT64_MAX ? 0 : fewest;
}

int
flp_schema_sort(struct flp_column *c, int numbers, struct flp_error *e)
{
	flp_texts_free(&c->spelled); /* their levels get other indices */
	return numbers ? flp_texts_sort_numbers(&c->levels, e) : flp_texts_sort(&c->levels, e);
}

static int
add_feature(struct flp_texts *features, const char *name, size_t n, struct flp_error *e)
{
	if (flp_texts_find(features, name, n) >= 0) {
		flp_error_bad(e, "feature %s: found twice", name);
		return flp_error_hide(e, "a feature", "feature %s", name);
	}
	return flp_texts_add(features, name, n, FLP_DATASET_FEATURES, e);
}

int
flp_schema_features(const struct flp_schema *s, struct flp_texts *features,
    struct flp_error *e)
{
	char name[2 * FLP_TEXTS_BYTES + 2];

	if (flp_schema_complete(s, e) < 0)
		return -1;
	for (size_t i = 0; i < s->columns; i++) {
		const struct flp_column *c = &s->x[i];
		long reference = flp_schema_reference(s, c);

		if (c->kind == FLP_COLUMN_NUMBER &&
		    add_feature(features, c->name, strlen(c->name), e) < 0)
			return -1;
		for (size_t k = 0; k < c->levels.n; k++) {
			int n = snprintf(name, sizeof name, "%s=%s", c->name,
			    flp_texts_get(&c->levels, k));

			if ((long)k != reference && add_feature(features, name, (size_t)n, e) < 0)
				return -1;
		}
	}
	return 0;
}
