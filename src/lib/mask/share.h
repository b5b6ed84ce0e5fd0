/* A client's second turn: the secrets of its masks, shared among its holders.
 *
 * A client has two secrets in a round: the seed of its mask key pair, and b for its own mask. Any
 * t holders can rebuild one of them: the seed if the client has dropped out, so that the masks it
 * shares with others can be removed, or b if it has not. Each holder's two shares are in a box that
 * only this holder can open: XChaCha20-Poly1305 under a key that sender and receiver share, bound
 * to the round, the graph and the positions of both (mask/derive.h). */
#ifndef FLP_MASK_SHARE_H
#define FLP_MASK_SHARE_H

#include "mask/gathering.h"
#include "mask/journal.h"

/* Makes the share message of the journal's identity. If it was made before for the same graph,
 * gives the stored one again. FLP_ERROR_BAD if the client is not in the graph with the keys that it
 * has advertised, if it has answered another graph of this round, or if a holder's key is a point
 * of small order. The caller must check the site's policy first (mask/terms.h), and frees
 * *message. */
int flp_share(struct flp_record *message, struct flp_journal *j, const struct flp_gathering *g,
    struct flp_error *e) FLP_CHECKED;

#endif
