/* Which columns of a table are features, label and group. */
#ifndef FLP_IMPORT_COLUMNS_H
#define FLP_IMPORT_COLUMNS_H

#include "import/source.h"

/* Makes a schema, without levels, of the columns that the options choose from the names in a
 * header; columns without a name are not among them. Features are numbers until a text is found
 * in them. A contradiction among the options is FLP_ERROR_USAGE. */
int flp_columns_choose(struct flp_schema *s, const struct flp_wish *wish,
    const struct flp_texts *names, struct flp_error *e) FLP_CHECKED;

/* Finds the column in "COLUMN=TEXT". Names may have = in them, so the column is the shortest text
 * before an = that is in `names` or is `also`, which may be NULL. Returns the text after that =,
 * and *n is the length of the column's name; NULL if there is no such column. */
const char *flp_columns_split(const struct flp_texts *names, const char *also, const char *text,
    size_t *n);

#endif
