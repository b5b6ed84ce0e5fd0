/* What the columns of a table mean, so that every site encodes alike.
 *
 * As text, one fact a line, fields separated by tabs:
 *   x      number  COLUMN          a feature
 *   x      level   COLUMN  LEVEL   a feature COLUMN=LEVEL, 1 or 0 (one-hot)
 *   y      class   COLUMN  CLASS
 *   y      number  COLUMN          the target of a regression
 *   group  level   COLUMN  GROUP
 * Empty lines and lines that begin with # say nothing; a fact said twice is
 * said once. Columns come in the order of their first lines, levels in that
 * of theirs. So `cat a b` and `sort -u a b` merge the schemas of two sites. */
#ifndef FLP_IMPORT_SCHEMA_H
#define FLP_IMPORT_SCHEMA_H

#include "base/in.h"
#include "data/dataset.h"
#include "text/texts.h"

#define FLP_SCHEMA_LEVELS ((size_t)1 << 16) /* of a column, and classes */
#define FLP_SCHEMA_GROUPS ((size_t)1 << 20)

enum flp_column_kind { FLP_COLUMN_NUMBER = 1, FLP_COLUMN_LEVEL };

struct flp_column {
	char *name; /* NULL: there is no such column */
	enum flp_column_kind kind;
	struct flp_texts levels; /* levels, classes or groups */
	char *place; /* "a.schema:3", where a schema first named it, or NULL */
};

/* All zero is the empty schema. */
struct flp_schema {
	struct flp_column *x;
	size_t columns, room;
	struct flp_texts names; /* of the x columns, in their order */
	struct flp_column y, group;
	int closed; /* no new level comes in */
};

void flp_schema_free(struct flp_schema *s);

/* Adds the facts of a file to a schema, so that several files merge. An error
 * names the line as "file:line"; a column that is a number here and has levels
 * there names both places. */
int flp_schema_read(struct flp_schema *s, struct flp_in *in, struct flp_error *e) FLP_CHECKED;

/* The same from and to the file at path, which appears whole or not at all. */
int flp_schema_load(struct flp_schema *s, const char *path, struct flp_error *e) FLP_CHECKED;
int flp_schema_save(const struct flp_schema *s, const char *path,
    struct flp_error *e) FLP_CHECKED;

/* flp_schema_add adds an x column after the others. flp_schema_name fills the empty
 * column at c, which is a schema's y or group. */
int flp_schema_add(struct flp_schema *s, const char *name, size_t n,
    enum flp_column_kind kind, struct flp_error *e) FLP_CHECKED;
int flp_schema_name(struct flp_column *c, const char *name, size_t n,
    enum flp_column_kind kind, struct flp_error *e) FLP_CHECKED;

/* Adds a new level, class or group to a schema's column and returns its index. -1 if the
 * schema is closed; the error calls such things `what`, as in "levels". */
long flp_schema_new_level(struct flp_schema *s, struct flp_column *c, const char *text,
    size_t n, const char *what, struct flp_error *e) FLP_CHECKED;

/* The index of a level, class or group, which is added if it is new. */
static inline long
flp_schema_level(struct flp_schema *s, struct flp_column *c, const char *text, size_t n,
    const char *what, struct flp_error *e)
{
	long found = flp_texts_find(&c->levels, text, n);

	return found >= 0 ? found : flp_schema_new_level(s, c, text, n, what, e);
}

/* The features of all x columns in order, into an empty set: "COLUMN" or
 * "COLUMN=LEVEL". Two features of one name, or more than FLP_DATASET_FEATURES,
 * are an error. */
int flp_schema_features(const struct flp_schema *s, struct flp_texts *features,
    struct flp_error *e) FLP_CHECKED;

#endif
