/* The running hash of a model's design (design.h), for a reader. */
#ifndef FLP_FORMAT_DESIGNER_H
#define FLP_FORMAT_DESIGNER_H

#include "format/digest.h"
#include "format/header.h"

struct flp_designer;

struct flp_designer *flp_designer_new(struct flp_error *e) FLP_CHECKED;
void flp_designer_free(struct flp_designer *d); /* NULL does nothing */

/* For each record call flp_designer_begin, then flp_designer_values with all bytes of its
 * values, in order and cut anywhere within a tensor, then flp_designer_end. `merged` is the
 * metadata of header and footer as one. flp_designer_end returns 1 and sets *design, or returns
 * 0 if the keys arch and loss are not both there. flp_designer_begin may also be called if the
 * last record was not ended. */
void flp_designer_begin(struct flp_designer *d, const struct flp_header *h);
void flp_designer_values(struct flp_designer *d, const struct flp_tensor *t, const void *values,
    size_t bytes);
int flp_designer_end(struct flp_designer *d, const struct flp_meta *merged,
    struct flp_digest *design);

#endif
