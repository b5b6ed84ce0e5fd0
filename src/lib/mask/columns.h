/* What the values of a round belong to: a model, or the columns of statistics. Sites that add up
 * statistics under masks share one schema. In the place of a model's digest, they use the digest of
 * the statistics of zero rows: a public record of kind stats, without metadata, whose counts and
 * sums are 0. */
#ifndef FLP_MASK_COLUMNS_H
#define FLP_MASK_COLUMNS_H

#include "format/digest.h"
#include "format/record.h"

/* Sets *to to the model in the file at path. If the file is a schema or a data record
 * (model/source.h), *to is the statistics of zero rows of its columns instead. The kind of *to,
 * params or stats, says which. *digest is set to the digest of *to. Errors name the file. */
int flp_columns_or_model(struct flp_record *to, struct flp_digest *digest, const char *path,
    struct flp_error *e) FLP_CHECKED;

#endif
