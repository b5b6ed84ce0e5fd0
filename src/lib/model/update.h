/* What an update of a model is: a record of new parameters minus old, with the
 * model's tensors in their order, but without descriptions. It names the model by
 * its digest, and so do new parameters that take the model's place.
 *
 * After the model's tensors others may ride along, whose names begin with clip/ or control/.
 * They are not added to the model. */
#ifndef FLP_MODEL_UPDATE_H
#define FLP_MODEL_UPDATE_H

#include "format/digest.h"
#include "format/header.h"

/* The header of an update of the model with this header and digest: its tensors,
 * dense, privacy state raw, and as metadata `base`, the model's digest, and `round`
 * where the model says one. */
int flp_update_header(struct flp_header *update, const struct flp_header *model,
    const struct flp_digest *digest, struct flp_error *e) FLP_CHECKED;

/* The header of new parameters for it: the model's own, but with this `base` and
 * without what says who made the model, or how it was clipped or noised. */
int flp_update_params(struct flp_header *params, const struct flp_header *model,
    const struct flp_digest *digest, struct flp_error *e) FLP_CHECKED;

/* Says who made an update or new parameters, and of how much: `client`, where the
 * data's metadata name one, `examples` and `steps`. */
int flp_update_made(struct flp_meta *update, const struct flp_meta *data, uint64_t examples,
    uint64_t steps, struct flp_error *e) FLP_CHECKED;

/* Whether a record is an update of the model with this digest, new parameters for it, or a
 * sum of either, as far as its kind and its base tell; a record that names no base passes.
 * *kind is FLP_KIND_UPDATE or FLP_KIND_PARAMS: of a sum, what is summed. flp_zip, with the
 * model first, compares its tensors. */
int flp_update_check(const struct flp_header *update, const struct flp_digest *digest,
    enum flp_kind *kind, struct flp_error *e) FLP_CHECKED;

/* The keys `base` and `round` say which model a record belongs to. Checks that `found` has
 * the same values as `want` for those that `want` has. */
int flp_update_same_origin(const struct flp_meta *want, const struct flp_meta *found,
    struct flp_error *e) FLP_CHECKED;

/* 1 for a tensor that rides along with an update: its name begins with clip/ or control/. */
int flp_update_rides(const struct flp_tensor *t);

/* 0 if an update's tensors are those of the update with the header `want`, but for those that
 * ride along; with alike = 1 floats may be of other types. */
int flp_update_same_tensors(const struct flp_header *want, const struct flp_header *update,
    int alike, struct flp_error *e) FLP_CHECKED;

/* Whether an update may lack this tensor of its model: 1 for descriptions. It is
 * a first_alone of flp_zip, which needs no context. */
int flp_update_lacks(void *context, const struct flp_tensor *t);

#endif
