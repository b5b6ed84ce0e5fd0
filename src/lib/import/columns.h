/* Which columns of a table are features, label and group. */
#ifndef FLP_IMPORT_COLUMNS_H
#define FLP_IMPORT_COLUMNS_H

#include "import/source.h"

/* Makes a schema without levels of the columns that are wished for, out of the
 * names found in a header; columns without a name are not among them. Features
 * are numbers until a text is found in them. A wish that contradicts itself is
 * FLP_ERROR_USAGE. */
int flp_columns_choose(struct flp_schema *s, const struct flp_wish *wish,
    const struct flp_texts *names, struct flp_error *e) FLP_CHECKED;

#endif
