/* How a masked record was made: the kind and state of its content, its clip, range and noise, the
 * ring, and whether there are weights and votes. All this is in its metadata and tensors; other
 * metadata say who sent it. Records that were not made in the same way can't be added up. */
#ifndef FLP_MASK_MAKING_H
#define FLP_MASK_MAKING_H

#include "format/digest.h"
#include "format/header.h"

/* Returns 0 if both records, or sums of records, were made in the same way. The error,
 * FLP_ERROR_BAD, names a key or tensor that differs. If one key follows from another, it names the
 * other. */
int flp_making_same(const struct flp_header *want, const struct flp_header *found,
    struct flp_error *e) FLP_CHECKED;

/* A digest that is the same for all records that were made in the same way. */
void flp_making_digest(const struct flp_header *h, struct flp_digest *digest);

/* Drops the metadata that say who sent a record. */
void flp_making_drop_sender(struct flp_meta *meta);

#endif
