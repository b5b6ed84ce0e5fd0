/* A client's last turn: of each client that has sent it a box one of the two shares that were in
 * it. That of b if the client survives, that of the seed if not; never both, and never for two
 * sets of survivors.
 *
 *	flp_confirmed_begin(&c, g, survivors, e)
 *	flp_confirmed_add(&c, confirm, e)              for each message confirm
 *	flp_reveal(&message, j, &c, e)                 for each client
 *	flp_confirmed_end(&c)
 */
#ifndef FLP_MASK_REVEAL_H
#define FLP_MASK_REVEAL_H

#include "mask/confirm.h"

/* Who has signed the survivors. */
struct flp_confirmed {
	const struct flp_gathering *g;
	const struct flp_survivors *survivors;
	unsigned char *by; /* by client: 1 if it has signed these survivors */
	int torn;          /* a client has signed others */
};

/* What is pointed to must outlive it. */
int flp_confirmed_begin(struct flp_confirmed *c, const struct flp_gathering *g,
    const struct flp_survivors *s, struct flp_error *e) FLP_CHECKED;
void flp_confirmed_end(struct flp_confirmed *c); /* all zero does nothing */

/* Takes a message confirm of any client. FLP_ERROR_BAD, which names it, if it is not one of this
 * round, not signed by the client, or if the client is not a survivor. If it is signed and of
 * other survivors, the server has told clients different things: nothing is revealed then. */
int flp_confirmed_add(struct flp_confirmed *c, const struct flp_record *confirm,
    struct flp_error *e) FLP_CHECKED;

/* Makes the message reveal of the journal's identity, or gives the one again that was stored of
 * the same survivors. FLP_ERROR_BAD if this client has not confirmed them itself, if fewer than
 * the threshold of its holders have, or if a client has confirmed others. What was kept of the
 * round is then erased. The caller frees *message. */
int flp_reveal(struct flp_record *message, struct flp_journal *j, const struct flp_confirmed *c,
    struct flp_error *e) FLP_CHECKED;

#endif
