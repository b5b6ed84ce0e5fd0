/* A source of rows: a table as CSV.
 *
 * A column is a number or has levels, each of which becomes a feature of 1 or 0:
 * as the schema or the wish says, else as its first value that is not missing.
 * One that holds both, or that has more than ten levels and fewer than four
 * values a level, is refused where nothing was said about it. Errors name row (from 1, the header
 * not counted), line and column. */
#ifndef FLP_IMPORT_TABLE_H
#define FLP_IMPORT_TABLE_H

#include "import/source.h"

int flp_table_open(struct flp_source *source, struct flp_error *e) FLP_CHECKED;

#endif
