/* The header of the next model, which is made from the last model and a round's update, mean of
 * new parameters, or sum.
 *
 * The next model has the last one's keys and its round plus 1. Its `base` is the last one's
 * digest, and its privacy state is that of the one that protects least. If that is noised, the
 * model also has the keys that tell an accountant about the noise (FLP_KEY_LEDGER): those of the
 * update, in place of the last model's, or the last model's if the update is public. If the noise
 * is central, `release` is the digest of the noised sum. The key `insecure` is never dropped,
 * since noise from a test seed is in all later models too. */
#ifndef FLP_MODEL_NEXT_H
#define FLP_MODEL_NEXT_H

#include "format/digest.h"
#include "format/header.h"

/* Sets *divisor to the number by which the values of an update or a sum are divided. For a sum it
 * is `denominator` or, if that is 0, the sum's key `weight`, which must be above 0. For any other
 * record it is 1, and `denominator` must be 0. */
int flp_next_divisor(double *divisor, const struct flp_header *update, double denominator,
    struct flp_error *e) FLP_CHECKED;

/* Checks that a record with central noise is a sum, and that there is a denominator for it, since
 * it does not say how many clients are in it. Call this again when the footer's metadata are
 * known. */
int flp_next_central(const struct flp_header *update, double denominator,
    struct flp_error *e) FLP_CHECKED;

/* Makes the header. `base` is the model's digest, and `release` the update's, NULL if it was
 * not computed. The update's metadata include its footer's. */
int flp_next_header(struct flp_header *next, const struct flp_header *model,
    const struct flp_digest *base, const struct flp_header *update,
    const struct flp_digest *release, struct flp_error *e) FLP_CHECKED;

#endif
