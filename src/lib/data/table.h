/* A source of rows: a table as CSV.
 *
 * A column is a number when every value in it is one (but the missing), else
 * it has levels, each of which becomes a feature of 1 or 0. Errors name row
 * (from 1, the header not counted), line and column. */
#ifndef FLP_DATA_TABLE_H
#define FLP_DATA_TABLE_H

#include "data/source.h"

int flp_table_open(struct flp_source *source, struct flp_error *e) FLP_CHECKED;

#endif
