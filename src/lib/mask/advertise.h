/* A client's first turn in a round of fleet mode: fresh keys for boxes and for masks, signed. */
#ifndef FLP_MASK_ADVERTISE_H
#define FLP_MASK_ADVERTISE_H

#include "mask/journal.h"
#include "mask/round.h"

/* Makes the advertise message of the journal's identity. If it was made before, gives the stored
 * one again. `round` must not have a graph yet. With anew = 1, a round in which the client has
 * advertised before begins again with new keys, and the secrets that it kept for it are erased.
 * FLP_ERROR_BAD if the client has taken part in a later round of the session, or in this one with
 * another model, or if it has confirmed survivors in a round that is to begin again. The caller
 * frees *message. */
int flp_advertise(struct flp_record *message, struct flp_journal *j,
    const struct flp_round *round, int anew, struct flp_error *e) FLP_CHECKED;

#endif
