/* How a masked record was made: what is inside, its clip, range and noise, the ring, and whether
 * there are weights and votes. Its metadata say all that, beside what says who sent it. Records
 * that were not made in the same way have no sum. */
#ifndef FLP_MASK_MAKING_H
#define FLP_MASK_MAKING_H

#include "format/digest.h"
#include "format/header.h"

/* Returns 0 if both records, or sums of records, were made in the same way. FLP_ERROR_BAD names the
 * first key or tensor that differs: of two keys, the one that the other follows from. */
int flp_making_same(const struct flp_header *want, const struct flp_header *found,
    struct flp_error *e) FLP_CHECKED;

/* The same digest for records that were made in the same way. */
void flp_making_digest(const struct flp_header *h, struct flp_digest *digest);

/* Drops what says who sent a record. */
void flp_making_drop_sender(struct flp_meta *meta);

#endif
