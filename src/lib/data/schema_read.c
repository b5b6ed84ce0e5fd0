#include "base/memory.h"
#include "base/text.h"
#include "data/schema.h"
#include "data/spelling.h"
#include "text/lines.h"
#include "text/value.h"

#include <stdio.h>
#include <string.h>

#define FIELDS 4
#define SHOWN ((size_t)400) /* bytes of a path, of which a message may hold two */

struct field {
	const char *text;
	size_t n;
};

struct reading {
	struct flp_schema *schema;
	struct flp_spelling spelling; /* of y, and then of the x columns */
};

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

static int
is_column(const struct flp_column *c, const struct field *name)
{
	return c->name != NULL && is(name, c->name);
}

/* The column that a line is about, made if it is new; NULL on error. A feature that is also the
 * label would let a model read the label off the row. */
static struct flp_column *
find_column(struct flp_schema *s, const struct field *f, enum flp_column_kind kind,
    struct flp_error *e)
{
	struct flp_column *c = is(&f[0], "y") ? &s->y : &s->group;
	long i = flp_texts_find(&s->names, f[2].text, f[2].n);

	if (is(&f[0], "x") ? is_column(&s->y, &f[2]) || is_column(&s->group, &f[2]) : i >= 0) {
		flp_error_bad(e, "column %.*s: expected a feature, or the label or the group, found both "
		    "(was it given by -y or -g at every site?)",
		    flp_value_shown(f[2].n), f[2].text);
		return NULL;
	}
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
take_level(struct reading *r, struct flp_column *c, const struct field *f, struct flp_error *e)
{
	const struct flp_schema *s = r->schema;
	size_t i = c == &s->y ? 0 : (size_t)(c - s->x) + 1;
	char plain[FLP_TEXTS_BYTES];
	size_t length = 0;
	int number = c == &s->group ? 0 : flp_schema_plain(plain, &length, f->text, f->n, e);

	if (number < 0)
		return -1;
	if (number > 0 &&
	    flp_spelling_note(&r->spelling, i, plain, length, f->text, f->n, e) < 0)
		return flp_error_at(e, "column %s", c->name);
	return flp_texts_add(&c->levels, number ? plain : f->text, number ? length : f->n,
	    flp_schema_most(s, c), e);
}

/* The line may be one of data, given by mistake. */
static int
not_a_fact(const struct field *f, struct flp_error *e)
{
	int a = f[0].n > 16 ? 16 : (int)f[0].n, b = f[1].n > 16 ? 16 : (int)f[1].n;

	flp_error_bad(e, "expected x number, x level, y class, y number, group level or reference, "
	    "found %.*s %.*s", a, f[0].text, b, f[1].text);
	return flp_error_hide(e, "other words", "%.*s %.*s", a, f[0].text, b, f[1].text);
}

static int
expect_fields(const struct field *f, size_t wanted, struct flp_error *e)
{
	size_t found = 0;

	while (found < FIELDS && f[found].text != NULL)
		found++;
	return found == wanted ? 0 : flp_error_bad(e, "expected %zu fields separated by tabs, "
	    "found %zu", wanted, found);
}

static int
take_reference(struct flp_schema *s, const struct field *f, const char *place,
    struct flp_error *e)
{
	if (expect_fields(f, 3, e) < 0)
		return -1;
	return flp_schema_refer(s, f[1].text, f[1].n, f[2].text, f[2].n, place, e);
}

static int
take_fact(struct reading *r, const struct field *f, const char *place, struct flp_error *e)
{
	static const char *const role[] = { "x", "x", "y", "y", "group" };
	static const char *const word[] = { "number", "level", "number", "class", "level" };
	enum flp_column_kind kind = is(&f[1], "number") ? FLP_COLUMN_NUMBER : FLP_COLUMN_LEVEL;
	struct flp_column *c;
	size_t i = 0;

	while (i < 5 && !(is(&f[0], role[i]) && is(&f[1], word[i])))
		i++;
	if (i == 5)
		return not_a_fact(f, e);
	if (expect_fields(f, kind == FLP_COLUMN_NUMBER ? 3 : 4, e) < 0)
		return -1;
	if ((c = find_column(r->schema, f, kind, e)) == NULL)
		return -1;
	if (c->place == NULL && (c->place = flp_memory_text(place, strlen(place), e)) == NULL)
		return -1;
	if (c->kind != kind)
		return flp_error_bad(e, "column %s: expected %s as in %s, found %s", c->name,
		    kind_name(c), c->place, kind == FLP_COLUMN_NUMBER ? "a number" : "a level");
	return kind == FLP_COLUMN_NUMBER ? 0 : take_level(r, c, &f[3], e);
}

static int
take_line(struct reading *r, const char *p, size_t n, const char *place, struct flp_error *e)
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
	return is(&f[0], "reference") ? take_reference(r->schema, f, place, e) :
	    take_fact(r, f, place, e);
}

int
flp_schema_take(struct flp_schema *s, const struct flp_texts *lines, const char *place,
    struct flp_error *e)
{
	struct reading r = { .schema = s };
	char line[SHOWN + 32];
	int status = 0;

	for (size_t i = 0; status == 0 && i < lines->n; i++) {
		const char *text = flp_texts_get(lines, i);

		snprintf(line, sizeof line, "%.*s:%zu", (int)SHOWN, place, i + 1);
		if ((status = take_line(&r, text, strlen(text), line, e)) < 0)
			flp_error_at(e, "%s", line);
	}
	flp_spelling_free(&r.spelling);
	return status;
}

int
flp_schema_read(struct flp_schema *s, struct flp_in *in, struct flp_error *e)
{
	const char *file = flp_text_end(in->name, SHOWN), *cut = file > in->name ? "..." : "";
	struct reading r = { .schema = s };
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
		if (status < 0 || (status > 0 && take_line(&r, text, n, place, e) < 0))
			status = flp_error_at(e, "%s", place);
	} while (status > 0);
	flp_lines_close(&lines);
	flp_spelling_free(&r.spelling);
	return status;
}
