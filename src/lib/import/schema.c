#include "import/schema.h"
#include "base/memory.h"
#include "base/text.h"
#include "text/lines.h"
#include "text/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS 4
#define SHOWN ((size_t)400) /* bytes of a path, of which a message may hold two */

struct field {
	const char *text;
	size_t n;
};

static void
free_column(struct flp_column *c)
{
	free(c->name);
	free(c->place);
	flp_texts_free(&c->levels);
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

static size_t
most_levels(const struct flp_schema *s, const struct flp_column *c)
{
	return c == &s->group ? FLP_SCHEMA_GROUPS : FLP_SCHEMA_LEVELS;
}

long
flp_schema_new_level(struct flp_schema *s, struct flp_column *c, const char *text, size_t n,
    const char *what, struct flp_error *e)
{
	if (s->closed)
		return flp_error_bad(e, "expected one of %zu %s, found \"%.*s\"", c->levels.n, what,
		    flp_value_shown(n), text);
	if (flp_texts_add(&c->levels, text, n, most_levels(s, c), e) < 0)
		return -1;
	return (long)c->levels.n - 1;
}

static const char *
kind_name(const struct flp_column *c)
{
	return c->kind == FLP_COLUMN_NUMBER ? "a number" : "levels";
}

static int
is(const struct field *f, const char *word)
{
	return f->n == strlen(word) && memcmp(f->text, word, f->n) == 0;
}

/* The column a line is about, made where it is new; NULL on error. */
static struct flp_column *
find_column(struct flp_schema *s, const struct field *f, enum flp_column_kind kind,
    struct flp_error *e)
{
	struct flp_column *c = is(&f[0], "y") ? &s->y : &s->group;
	long i = flp_texts_find(&s->names, f[2].text, f[2].n);

	if (is(&f[0], "x")) {
		if (i < 0 && flp_schema_add(s, f[2].text, f[2].n, kind, e) < 0)
			return NULL;
		return &s->x[i < 0 ? (long)s->columns - 1 : i];
	}
	if (c->name == NULL && flp_schema_name(c, f[2].text, f[2].n, kind, e) < 0)
		return NULL;
	if (!is(&f[2], c->name)) {
		flp_error_bad(e, "%.*s: expected column %s as in %s, found %.*s", (int)f[0].n,
		    f[0].text, c->name, c->place, flp_value_shown(f[2].n), f[2].text);
		return NULL;
	}
	return c;
}

static int
take_fact(struct flp_schema *s, const struct field *f, const char *place, struct flp_error *e)
{
	static const char *const role[] = { "x", "x", "y", "y", "group" };
	static const char *const word[] = { "number", "level", "number", "class", "level" };
	enum flp_column_kind kind = is(&f[1], "number") ? FLP_COLUMN_NUMBER : FLP_COLUMN_LEVEL;
	size_t wanted = kind == FLP_COLUMN_NUMBER ? 3 : 4, found = 0, i = 0;
	struct flp_column *c;

	while (i < 5 && !(is(&f[0], role[i]) && is(&f[1], word[i])))
		i++;
	if (i == 5)
		return flp_error_bad(e, "expected x number, x level, y class, y number or group "
		    "level, found %.*s %.*s", f[0].n > 16 ? 16 : (int)f[0].n, f[0].text,
		    f[1].n > 16 ? 16 : (int)f[1].n, f[1].text);
	while (found < FIELDS && f[found].text != NULL)
		found++;
	if (found != wanted)
		return flp_error_bad(e, "expected %zu fields separated by tabs, found %zu", wanted,
		    found);
	if ((c = find_column(s, f, kind, e)) == NULL)
		return -1;
	if (c->place == NULL && (c->place = flp_memory_text(place, strlen(place), e)) == NULL)
		return -1;
	if (c->kind != kind)
		return flp_error_bad(e, "column %s: expected %s as in %s, found %s", c->name,
		    kind_name(c), c->place, kind == FLP_COLUMN_NUMBER ? "a number" : "a level");
	return kind == FLP_COLUMN_NUMBER ? 0 :
	    flp_texts_add(&c->levels, f[3].text, f[3].n, most_levels(s, c), e);
}

static int
take_line(struct flp_schema *s, const char *p, size_t n, const char *place, struct flp_error *e)
{
	struct field f[FIELDS] = { { NULL, 0 } };

	if (n == 0 || *p == '#')
		return 0;
	for (size_t i = 0;; i++) {
		const char *tab = memchr(p, '\t', n);

		if (i == FIELDS)
			return flp_error_bad(e, "expected 3 or 4 fields separated by tabs, found more");
		f[i] = (struct field){ p, tab ? (size_t)(tab - p) : n };
		if (tab == NULL)
			break;
		n -= f[i].n + 1;
		p = tab + 1;
	}
	if (f[1].text == NULL)
		return flp_error_bad(e, "expected 3 or 4 fields separated by tabs, found one");
	return take_fact(s, f, place, e);
}

int
flp_schema_read(struct flp_schema *s, struct flp_in *in, struct flp_error *e)
{
	const char *file = flp_text_end(in->name, SHOWN), *cut = file > in->name ? "..." : "";
	struct flp_lines lines;
	char place[SHOWN + 32], *text;
	size_t n;
	int status;

	if (flp_lines_open(&lines, in, e) < 0)
		return -1;
	do {
		status = flp_lines_next(&lines, &text, &n, e);
		snprintf(place, sizeof place, "%s%s:%llu", cut, file,
		    (unsigned long long)lines.number);
		if (status < 0 || (status > 0 && take_line(s, text, n, place, e) < 0))
			status = flp_error_at(e, "%s", place);
	} while (status > 0);
	flp_lines_close(&lines);
	return status;
}

static int
write_fact(const char *role, const char *word, const char *name, const char *level,
    struct flp_out *out, struct flp_error *e)
{
	char line[2 * FLP_TEXTS_BYTES + 32];
	int n = snprintf(line, sizeof line, "%s\t%s\t%s%s%s\n", role, word, name,
	    level ? "\t" : "", level ? level : "");

	return flp_out_write(out, line, (size_t)n, e);
}

static int
write_column(const struct flp_column *c, const char *role, const char *word,
    struct flp_out *out, struct flp_error *e)
{
	if (c->name == NULL)
		return 0;
	if (c->kind == FLP_COLUMN_NUMBER)
		return write_fact(role, "number", c->name, NULL, out, e);
	for (size_t i = 0; i < c->levels.n; i++)
		if (write_fact(role, word, c->name, flp_texts_get(&c->levels, i), out, e) < 0)
			return -1;
	return 0;
}

static int
write_all(const struct flp_schema *s, struct flp_out *out, struct flp_error *e)
{
	for (size_t i = 0; i < s->columns; i++)
		if (write_column(&s->x[i], "x", "level", out, e) < 0)
			return -1;
	if (write_column(&s->y, "y", "class", out, e) < 0)
		return -1;
	return write_column(&s->group, "group", "level", out, e);
}

int
flp_schema_load(struct flp_schema *s, const char *path, struct flp_error *e)
{
	struct flp_in in;
	int status;

	if (flp_in_open(&in, path, e) < 0)
		return -1;
	status = flp_schema_read(s, &in, e);
	flp_in_close(&in);
	return status;
}

int
flp_schema_save(const struct flp_schema *s, const char *path, struct flp_error *e)
{
	struct flp_out out;

	if (flp_out_create(&out, path, e) < 0)
		return -1;
	if (write_all(s, &out, e) < 0) {
		flp_out_discard(&out);
		return -1;
	}
	return flp_out_commit(&out, 0, e);
}

static int
add_feature(struct flp_texts *features, const char *name, size_t n, struct flp_error *e)
{
	if (flp_texts_find(features, name, n) >= 0)
		return flp_error_bad(e, "feature %s: found twice", name);
	return flp_texts_add(features, name, n, FLP_DATASET_FEATURES, e);
}

int
flp_schema_features(const struct flp_schema *s, struct flp_texts *features,
    struct flp_error *e)
{
	char name[2 * FLP_TEXTS_BYTES + 2];

	for (size_t i = 0; i < s->columns; i++) {
		const struct flp_column *c = &s->x[i];

		if (c->kind == FLP_COLUMN_NUMBER &&
		    add_feature(features, c->name, strlen(c->name), e) < 0)
			return -1;
		for (size_t k = 0; k < c->levels.n; k++) {
			int n = snprintf(name, sizeof name, "%s=%s", c->name,
			    flp_texts_get(&c->levels, k));

			if (add_feature(features, name, (size_t)n, e) < 0)
				return -1;
		}
	}
	return 0;
}
