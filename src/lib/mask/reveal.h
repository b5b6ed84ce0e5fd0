/* A client's last turn: of each client that has sent it a box one of the two shares that were in
 * it. That of b if the client survives, that of the seed if not; never both, and never for two
 * sets of survivors.
 *
 *	flp_reveal_begin(&r, j, g, survivors, e)
 *	flp_reveal_add(&r, confirm, e)              for each message confirm
 *	flp_reveal_make(&r, &message, e)
 *	flp_reveal_end(&r)
 */
#ifndef FLP_MASK_REVEAL_H
#define FLP_MASK_REVEAL_H

#include "mask/confirm.h"

struct flp_reveal {
	struct flp_journal *journal;
	const struct flp_gathering *gathering;
	const struct flp_survivors *survivors;
	uint32_t self;
	uint32_t *holder;    /* of this client's own shares */
	unsigned char *confirmed; /* by client: 1 if it has confirmed the survivors */
	int torn; /* a client has confirmed others */
};

/* FLP_ERROR_BAD if this client has not confirmed these survivors itself. What is pointed to must
 * outlive it. */
int flp_reveal_begin(struct flp_reveal *r, struct flp_journal *j, const struct flp_gathering *g,
    const struct flp_survivors *s, struct flp_error *e) FLP_CHECKED;

/* Takes a message confirm of any client. FLP_ERROR_BAD, which names it, if it is not one of this
 * round, not signed by the client, or if the client is not a survivor. If it is signed and of
 * other survivors, the server has told clients different things: nothing is revealed then. */
int flp_reveal_add(struct flp_reveal *r, const struct flp_record *confirm,
    struct flp_error *e) FLP_CHECKED;

/* Makes the message reveal, or gives the one again that was stored. FLP_ERROR_BAD if fewer than
 * the threshold of this client's holders have confirmed, or one has confirmed other survivors.
 * What was kept of the round is then erased. The caller frees *message. */
int flp_reveal_make(struct flp_reveal *r, struct flp_record *message,
    struct flp_error *e) FLP_CHECKED;

void flp_reveal_end(struct flp_reveal *r); /* all zero does nothing */

#endif
