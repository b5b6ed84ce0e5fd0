/* The header of the next model, which is made of the last and of a round's update, mean of
 * new parameters, or sum.
 *
 * The next model has the last one's keys and its round plus 1; its `base` is the last one's
 * digest, and its privacy state is that of both joined. If that is noised, the model also
 * has the keys from which an accountant learns what the noise was (FLP_KEY_LEDGER): those of
 * the update, in place of the last model's, or the last model's where the update is public.
 * Where the noise is central, `release` is the digest of the noised sum. The key
 * `insecure` is never dropped, since noise from a test seed is in all later models too. */
#ifndef FLP_MODEL_NEXT_H
#define FLP_MODEL_NEXT_H

#include "format/digest.h"
#include "format/header.h"

/* What the values of an update or a sum are divided by: 1 for what is not a sum, which must
 * have no `denominator`; the denominator if it is above 0; else the `weight` that the sum
 * gives, which must be above 0. */
int flp_next_divisor(double *divisor, const struct flp_header *update, double denominator,
    struct flp_error *e) FLP_CHECKED;

/* Central noise must be on a sum, and such a sum does not say how many clients it is of: it
 * needs a denominator. Call it again when the footer's metadata are known. */
int flp_next_central(const struct flp_header *update, double denominator,
    struct flp_error *e) FLP_CHECKED;

/* Makes the header. `base` is the model's digest, and `release` the update's, NULL if it was
 * not computed. The update's metadata include its footer's. */
int flp_next_header(struct flp_header *next, const struct flp_header *model,
    const struct flp_digest *base, const struct flp_header *update,
    const struct flp_digest *release, struct flp_error *e) FLP_CHECKED;

#endif
