/* A client's fourth turn: it signs the server's list of the clients whose vectors are to be added,
 * once. The holders compare these signatures before they reveal anything, so a server that tells
 * clients different things gets no answer. */
#ifndef FLP_MASK_CONFIRM_H
#define FLP_MASK_CONFIRM_H

#include "mask/gathering.h"
#include "mask/journal.h"

#include <stddef.h>
#include <stdint.h>

/* The survivors as a client sees them. */
struct flp_survivors {
	uint32_t *client; /* n of them, ascending */
	size_t n;
	char digest[FLP_DIGEST_TEXT];
};

/* Takes them from a message survivors; to be freed. */
int flp_survivors_take(struct flp_survivors *s, const struct flp_gathering *g,
    const struct flp_record *message, struct flp_error *e) FLP_CHECKED;
void flp_survivors_free(struct flp_survivors *s); /* all zero does nothing */
int flp_survivors_has(const struct flp_survivors *s, uint32_t client);

/* Makes the message confirm of the journal's identity. If it was made before for the same
 * survivors, gives the stored one again. FLP_ERROR_BAD if the client has masked nothing in this
 * round, has confirmed other survivors or is not one itself; if a neighbour that has not sent it a
 * box survives; or if fewer of its holders survive than the threshold. Before the call the caller
 * checks the policy for s->n clients. The caller frees *message. */
int flp_confirm(struct flp_record *message, struct flp_journal *j, const struct flp_gathering *g,
    const struct flp_survivors *s, struct flp_error *e) FLP_CHECKED;

#endif
