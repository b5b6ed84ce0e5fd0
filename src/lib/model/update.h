/* Updates: records of new parameters minus old, with the model's tensors in their order, but
 * without descriptions. An update names the model by its digest, as its `base`; so do new
 * parameters that replace the model's.
 *
 * Other tensors may ride along after the model's; their names begin with clip/ or control/. They
 * are not added to the model. */
#ifndef FLP_MODEL_UPDATE_H
#define FLP_MODEL_UPDATE_H

#include "format/digest.h"
#include "format/header.h"

/* Makes the header of an update of the model with this header and digest. It has the model's
 * tensors, dense, the privacy state raw, and the metadata `base`, which is the model's digest, and
 * `round`, if the model has one. */
int flp_update_header(struct flp_header *update, const struct flp_header *model,
    const struct flp_digest *digest, struct flp_error *e) FLP_CHECKED;

/* Makes the header of new parameters for that model: the model's own header, with this `base` and
 * without the keys that say who made the model, or how it was clipped or noised. */
int flp_update_params(struct flp_header *params, const struct flp_header *model,
    const struct flp_digest *digest, struct flp_error *e) FLP_CHECKED;

/* Sets the keys that say who made an update or new parameters, and from how much data: `client`, if
 * the data's metadata have it, `examples` and `steps`. */
int flp_update_made(struct flp_meta *update, const struct flp_meta *data, uint64_t examples,
    uint64_t steps, struct flp_error *e) FLP_CHECKED;

/* Checks by its kind and its `base` that a record is an update of the model with this digest, new
 * parameters for it, or a sum of either; a record without `base` passes. Sets *kind to
 * FLP_KIND_UPDATE or FLP_KIND_PARAMS; for a sum, this is the kind of the records that were added
 * up. flp_zip, with the model first, compares the tensors. */
int flp_update_check(const struct flp_header *update, const struct flp_digest *digest,
    enum flp_kind *kind, struct flp_error *e) FLP_CHECKED;

/* The keys `base` and `round` say which model a record belongs to. Checks that `found` has
 * the same values as `want` for those that `want` has. */
int flp_update_same_origin(const struct flp_meta *want, const struct flp_meta *found,
    struct flp_error *e) FLP_CHECKED;

/* 1 for a tensor that rides along with an update: its name begins with clip/ or control/. */
int flp_update_rides(const struct flp_tensor *t);

/* Checks that an update's tensors are those of the update with the header `want`, except for those
 * that ride along. With alike = 1 floats may be of other types. */
int flp_update_same_tensors(const struct flp_header *want, const struct flp_header *update,
    int alike, struct flp_error *e) FLP_CHECKED;

/* Returns 1 if an update may lack this tensor of its model, which is so for descriptions. It is a
 * `first_alone` of flp_zip, and does not use the context. */
int flp_update_lacks(void *context, const struct flp_tensor *t);

#endif
