/* What the values of a round belong to: a model, or the columns of statistics. Sites that add up
 * statistics under masks share one schema, and its digest takes the place of the digest of a model.
 * It is the digest of the statistics of zero rows: a public record of kind stats, without metadata,
 * whose counts and sums are 0. */
#ifndef FLP_MASK_COLUMNS_H
#define FLP_MASK_COLUMNS_H

#include "format/digest.h"
#include "format/record.h"

/* Reads the model in the file at path or, if the file is a schema or a data record
 * (model/source.h), makes that record of its columns; the kind of *to, params or stats, says which.
 * *digest is set too. Errors name the file. */
int flp_columns_or_model(struct flp_record *to, struct flp_digest *digest, const char *path,
    struct flp_error *e) FLP_CHECKED;

#endif
