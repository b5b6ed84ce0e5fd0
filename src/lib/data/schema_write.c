#include "base/memory.h"
#include "data/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where lines go: to a file, or one after the other into memory. */
struct sink {
	struct flp_out *out; /* or NULL */
	char *text;
	size_t n, room;
};

/* Fields that are NULL are left out. */
static int
write_fact(const char *role, const char *word, const char *name, const char *level,
    struct sink *to, struct flp_error *e)
{
	char line[2 * FLP_TEXTS_BYTES + 32];
	int n = snprintf(line, sizeof line, "%s%s%s\t%s%s%s\n", role, word ? "\t" : "",
	    word ? word : "", name, level ? "\t" : "", level ? level : "");

	if (to->out != NULL)
		return flp_out_write(to->out, line, (size_t)n, e);
	if (flp_memory_grow(&to->text, &to->room, to->n + (size_t)n, 1, e) < 0)
		return -1;
	memcpy(to->text + to->n, line, (size_t)n);
	to->n += (size_t)n;
	return 0;
}

static int
write_column(const struct flp_column *c, const char *role, const char *word, struct sink *to,
    struct flp_error *e)
{
	if (c->name == NULL)
		return 0;
	if (c->kind == FLP_COLUMN_NUMBER)
		return write_fact(role, "number", c->name, NULL, to, e);
	for (size_t i = 0; i < c->levels.n; i++)
		if (write_fact(role, word, c->name, flp_texts_get(&c->levels, i), to, e) < 0)
			return -1;
	return 0;
}

static int
write_reference(const struct flp_schema *s, const struct flp_column *c, struct sink *to,
    struct flp_error *e)
{
	long level = flp_schema_reference(s, c);

	return level < 0 ? 0 : write_fact("reference", NULL, c->name,
	    flp_texts_get(&c->levels, (size_t)level), to, e);
}

/* Writes what leaves a site with data, statistics and models: all but the groups. In a file,
 * columns that are empty are left out too. */
static int
write_columns(const struct flp_schema *s, struct sink *to, struct flp_error *e)
{
	for (size_t i = 0; i < s->columns; i++)
		if (!(s->x[i].empty && to->out != NULL) &&
		    (write_column(&s->x[i], "x", "level", to, e) < 0 ||
		    write_reference(s, &s->x[i], to, e) < 0))
			return -1;
	return write_column(&s->y, "y", "class", to, e);
}

int
flp_schema_save(const struct flp_schema *s, const char *path, struct flp_error *e)
{
	struct flp_out out;
	struct sink to = { .out = &out };

	if (flp_out_create(&out, path, e) < 0)
		return -1;
	if (write_columns(s, &to, e) < 0 ||
	    write_column(&s->group, "group", "level", &to, e) < 0) {
		flp_out_discard(&out);
		return -1;
	}
	return flp_out_commit(&out, 0, e);
}

int
flp_schema_lines(const struct flp_schema *s, struct flp_texts *lines, struct flp_error *e)
{
	struct sink to = { 0 };
	int status = write_columns(s, &to, e);

	if (status == 0)
		status = flp_texts_parse_fields(lines, to.text, to.n, e);
	free(to.text);
	return status;
}
