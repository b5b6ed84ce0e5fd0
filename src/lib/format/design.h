/* A model's design: what it is made to learn, apart from what it has learnt. It is a digest, so
 * that a site can pin it, and refuse to train a model that was made to remember its rows.
 *
 * It is the digest (digest.h) that the record would have if it were of kind params and public
 * and held nothing but the metadata arch and loss and the tensors whose names begin with ':',
 * in the same order: names of columns and classes, the schema, the scaling. Parameters, round
 * and privacy state do not count, so all rounds of a model have one design. */
#ifndef FLP_FORMAT_DESIGN_H
#define FLP_FORMAT_DESIGN_H

#include "format/digest.h"
#include "format/record.h"

/* The design of a record of kind params. Returns 1, or 0 if the record is not a model: it has
 * no arch or no loss. */
int flp_design_record(const struct flp_record *record, struct flp_digest *design,
    struct flp_error *e) FLP_CHECKED;

#endif
