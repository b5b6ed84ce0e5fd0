/* The columns that masked statistics are of. Sites that add up statistics under masks have one
 * schema, and its digest stands for that of a model: it is the digest of the statistics of no
 * rows, a record of kind stats that is public, without metadata, whose counts and sums are 0. */
#ifndef FLP_MASK_COLUMNS_H
#define FLP_MASK_COLUMNS_H

#include "format/digest.h"
#include "format/record.h"

/* Makes that record, and its digest, of the schema or the data record in the file at path
 * (model/source.h). */
int flp_columns_load(struct flp_record *to, struct flp_digest *digest, const char *path,
    struct flp_error *e) FLP_CHECKED;

#endif
