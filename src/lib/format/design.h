/* The design of a model: what it is made to learn, but not what it has learnt. It is a digest, so
 * that a site can pin it, and refuse to train a model that was made to remember its rows.
 *
 * It is the digest (digest.h) that the record would have if it held nothing but the keys arch and
 * loss and the tensors whose names begin with ':', and if it were public. These tensors are names
 * of columns and classes, the schema and the scaling. Parameters, round and privacy state do not
 * count, so all rounds of a model have the same design. */
#ifndef FLP_FORMAT_DESIGN_H
#define FLP_FORMAT_DESIGN_H

#include "format/digest.h"
#include "format/record.h"

/* The design of a record of kind params. Returns 1, or 0 if the record is not a model, which has
 * the keys arch and loss. */
int flp_design_record(const struct flp_record *record, struct flp_digest *design,
    struct flp_error *e) FLP_CHECKED;

#endif
