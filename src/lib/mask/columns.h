/* The columns of masked statistics. Sites that add up statistics under masks share one schema, and
 * its digest takes the place of the digest of a model. It is the digest of the statistics of zero
 * rows: a public record of kind stats, without metadata, whose counts and sums are 0. */
#ifndef FLP_MASK_COLUMNS_H
#define FLP_MASK_COLUMNS_H

#include "format/digest.h"
#include "format/record.h"

/* Makes that record, and its digest, from the schema or the data record in the file at path
 * (model/source.h). */
int flp_columns_load(struct flp_record *to, struct flp_digest *digest, const char *path,
    struct flp_error *e) FLP_CHECKED;

#endif
