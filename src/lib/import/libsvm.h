/* A source of rows: LIBSVM's "LABEL INDEX:VALUE ...", indices from 1 upwards
 * and rising in a row, what is absent 0.
 *
 * The label is a class, named as it is written, or a target. What follows a #
 * in a line is passed over, and so are empty lines. A schema for it has a y
 * column alone, of any name ("label" in one that is made). Errors name the
 * line and the index. */
#ifndef FLP_IMPORT_LIBSVM_H
#define FLP_IMPORT_LIBSVM_H

#include "import/source.h"

int flp_libsvm_open(struct flp_source *source, struct flp_error *e) FLP_CHECKED;

#endif
