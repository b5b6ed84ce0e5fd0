/* A client's last turn: it reveals one of the two shares that were in the box of each client. This
 * is the share of b if that client survives, and the share of the seed if not; never both, and
 * never for two sets of survivors.
 *
 *	flp_confirmed_begin(&c, g, survivors, e)
 *	flp_confirmed_add(&c, confirm, e)              for each confirm message
 *	flp_reveal(&message, j, &c, e)                 for each client
 *	flp_confirmed_end(&c)
 */
#ifndef FLP_MASK_REVEAL_H
#define FLP_MASK_REVEAL_H

#include "mask/confirm.h"

/* The clients that have signed the list of survivors. */
struct flp_confirmed {
	const struct flp_gathering *g;
	const struct flp_survivors *survivors;
	unsigned char *by; /* by client: 1 if it has signed these survivors */
};

/* The gathering and the survivors must outlive *c. */
int flp_confirmed_begin(struct flp_confirmed *c, const struct flp_gathering *g,
    const struct flp_survivors *s, struct flp_error *e) FLP_CHECKED;
void flp_confirmed_end(struct flp_confirmed *c); /* all zero does nothing */

/* Takes a confirm message of any client. FLP_ERROR_BAD, which names the client, if the message
 * belongs to another round, is not signed by the client or confirms other survivors, or if the
 * client is not a survivor. The message does not count then. */
int flp_confirmed_add(struct flp_confirmed *c, const struct flp_record *confirm,
    struct flp_error *e) FLP_CHECKED;

/* Makes the reveal message of the journal's identity. If it was made before for the same
 * survivors, gives the stored one again. FLP_ERROR_BAD if this client has not confirmed these
 * survivors itself, or if the holders of its shares that have confirmed them are fewer than the
 * threshold. On success, the secrets that were kept for the round are erased. The caller frees
 * *message. */
int flp_reveal(struct flp_record *message, struct flp_journal *j, const struct flp_confirmed *c,
    struct flp_error *e) FLP_CHECKED;

#endif
