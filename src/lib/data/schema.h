/* What the columns of a table mean, so that all sites encode them alike.
 *
 * As text, one fact a line, fields separated by tabs:
 *   x      number  COLUMN          a feature
 *   x      level   COLUMN  LEVEL   a feature COLUMN=LEVEL, 1 or 0 (one-hot)
 *   y      class   COLUMN  CLASS
 *   y      number  COLUMN          the target of a regression
 *   group  level   COLUMN  GROUP
 *   reference  COLUMN  LEVEL       the level of an x column that all its others are compared
 *                                  with: it is not a feature, and where a row has it all
 *                                  features of the column are 0
 * Empty lines and lines that begin with # are ignored, and so is a fact that is
 * repeated. Columns are in the order of their first lines, and so are levels. The line of a
 * reference may come before those of its column, and has no effect on the order of columns.
 * So `cat a b` and `sort -u a b` merge the schemas of two sites.
 *
 * Levels and classes that are equal as numbers are one, which has the spelling of
 * flp_number_plain: 1.0, +1 and 01 are 1. Groups are texts, and so are names. */
#ifndef FLP_DATA_SCHEMA_H
#define FLP_DATA_SCHEMA_H

#include "base/in.h"
#include "text/texts.h"

#define FLP_SCHEMA_LEVELS ((size_t)1 << 16) /* of a column, and classes */
#define FLP_SCHEMA_GROUPS ((size_t)1 << 20)

enum flp_column_kind { FLP_COLUMN_NUMBER = 1, FLP_COLUMN_LEVEL };

struct flp_column {
	char *name; /* NULL: there is no such column */
	enum flp_column_kind kind;
	struct flp_texts levels; /* levels, classes or groups */
	struct flp_texts spelled; /* other spellings of levels that were found */
	uint32_t *level;          /* for each of these, the index of its level */
	size_t room;
	uint64_t *rows; /* how many have each level, if flp_schema_count counts; in no order */
	size_t rows_room;
	char *place; /* "a.schema:3", where a schema first named it, or NULL */
	int empty; /* 1: no value was seen that shows its kind */
};

struct flp_reference {
	char *level; /* in the spelling of levels */
	char *place; /* "a.schema:3", where it was named */
};

/* All zero is the empty schema. */
struct flp_schema {
	struct flp_column *x;
	size_t columns, room;
	struct flp_texts names; /* of the x columns, in their order */
	struct flp_column y, group;
	struct flp_texts referred; /* the names of the columns that have a reference, */
	struct flp_reference *reference; /* and the reference of each of them */
	size_t reference_room;
	int closed; /* 1: no new level is added */
};

void flp_schema_free(struct flp_schema *s);

/* Adds the facts of a file to a schema, so that several files merge. An error
 * names the line as "file:line"; if a column is a number in one place and has levels
 * in another, it names both. A file that writes one number in two ways is refused. */
int flp_schema_read(struct flp_schema *s, struct flp_in *in, struct flp_error *e) FLP_CHECKED;

/* The same from the file at path, which may also be a record that has :schema: data,
 * statistics or a model. */
int flp_schema_load(struct flp_schema *s, const char *path, struct flp_error *e) FLP_CHECKED;

/* Writes a schema to the file at path, which appears whole or not at all. Columns that are
 * empty are not written: another site may know more about them. The line of a reference comes
 * after those of its column; it is left out if the column lacks the level. */
int flp_schema_save(const struct flp_schema *s, const char *path,
    struct flp_error *e) FLP_CHECKED;

/* Puts the lines of x and y, and those of references, as flp_schema_save writes them, into an
 * empty set. They are what the tensor :schema holds; groups never leave a site. */
int flp_schema_lines(const struct flp_schema *s, struct flp_texts *lines,
    struct flp_error *e) FLP_CHECKED;

/* flp_schema_take adds such lines to a schema. Messages name the third of them "place:3".
 * flp_schema_check adds the lines of a record's :schema to an empty schema, and refuses lines
 * other than those that flp_schema_lines gives. */
int flp_schema_take(struct flp_schema *s, const struct flp_texts *lines, const char *place,
    struct flp_error *e) FLP_CHECKED;
int flp_schema_check(struct flp_schema *s, const struct flp_texts *lines,
    struct flp_error *e) FLP_CHECKED;

/* flp_schema_add adds an x column after the others. flp_schema_name fills the empty
 * column at c, which is a schema's y or group. */
int flp_schema_add(struct flp_schema *s, const char *name, size_t n,
    enum flp_column_kind kind, struct flp_error *e) FLP_CHECKED;
int flp_schema_name(struct flp_column *c, const char *name, size_t n,
    enum flp_column_kind kind, struct flp_error *e) FLP_CHECKED;

/* Names the reference of an x column, which need not be there yet. Two different references of
 * one column are an error, which names both places. */
int flp_schema_refer(struct flp_schema *s, const char *column, size_t n, const char *level,
    size_t m, const char *place, struct flp_error *e) FLP_CHECKED;

/* flp_schema_refers returns 1 if a reference of the x column is named, which it need not have
 * yet. flp_schema_reference returns the index of that reference among its levels, or -1 if there
 * is none; flp_schema_width returns how many features an x column is: 1 for a number, one for
 * each level but the reference. flp_schema_complete checks that each reference is a level of an
 * x column; the error names its place. */
int flp_schema_refers(const struct flp_schema *s, const struct flp_column *c);
long flp_schema_reference(const struct flp_schema *s, const struct flp_column *c);
size_t flp_schema_width(const struct flp_schema *s, const struct flp_column *c);
int flp_schema_complete(const struct flp_schema *s, struct flp_error *e) FLP_CHECKED;

/* How many levels, classes or groups a schema's column may have. */
size_t flp_schema_most(const struct flp_schema *s, const struct flp_column *c);

/* Does what flp_schema_level does, for a text that the column does not have in this spelling. */
long flp_schema_other_level(struct flp_schema *s, struct flp_column *c, const char *text,
    size_t n, const char *what, struct flp_error *e) FLP_CHECKED;

/* Returns the index of a level, class or group of a schema's column, and adds it to the
 * column if it is new. Returns -1 if it can't be added, as to a closed schema; `what` is what
 * the error calls such things: "levels", for example. */
static inline long
flp_schema_level(struct flp_schema *s, struct flp_column *c, const char *text, size_t n,
    const char *what, struct flp_error *e)
{
	long found = c->spelled.n > 0 ? flp_texts_find(&c->spelled, text, n) : -1;

	if (found >= 0)
		return c->level[found];
	found = flp_texts_find(&c->levels, text, n);
	return found >= 0 ? found : flp_schema_other_level(s, c, text, n, what, e);
}

/* flp_schema_count counts a row that has the level with this index. flp_schema_fewest returns
 * how many rows have the rarest level; 0 if there are no levels, or if no row was counted. */
int flp_schema_count(struct flp_column *c, size_t level, struct flp_error *e) FLP_CHECKED;
uint64_t flp_schema_fewest(const struct flp_column *c);

/* Sorts the levels: as bytes or, with `numbers`, which all of them must then be, by value. */
int flp_schema_sort(struct flp_column *c, int numbers, struct flp_error *e) FLP_CHECKED;

/* If a level or class of n bytes is a number, writes it in the spelling of a schema to `to`,
 * which has room for FLP_TEXTS_BYTES, sets *length and returns 1. Returns 0 for any other
 * text, -1 on error. */
int flp_schema_plain(char *to, size_t *length, const char *text, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* Puts the features of all x columns, in order, into an empty set: "COLUMN" or
 * "COLUMN=LEVEL". Two features with the same name, more than FLP_DATASET_FEATURES, or a
 * schema that is not complete are an error. */
int flp_schema_features(const struct flp_schema *s, struct flp_texts *features,
    struct flp_error *e) FLP_CHECKED;

#endif
