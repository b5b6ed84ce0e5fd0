/* A client's fourth turn: it signs the server's list of the clients whose vectors are to be added,
 * and it signs one list only. The holders compare these signatures before they reveal anything, so
 * a server that sends clients different lists gets no answer. */
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

/* Takes the survivors from a survivors message. flp_survivors_free frees them. */
int flp_survivors_take(struct flp_survivors *s, const struct flp_gathering *g,
    const struct flp_record *message, struct flp_error *e) FLP_CHECKED;
void flp_survivors_free(struct flp_survivors *s); /* all zero does nothing */
int flp_survivors_has(const struct flp_survivors *s, uint32_t client); /* 1 if it is one */

/* Makes the confirm message of the journal's identity. If it was made before for the same
 * survivors, gives the stored one again. FLP_ERROR_BAD if the client has masked nothing in this
 * round, has confirmed other survivors or is not a survivor itself; if a neighbour survives that
 * has not sent it a box; or if fewer of its holders survive than the threshold. The caller must
 * check the policy for s->n clients first, and frees *message. */
int flp_confirm(struct flp_record *message, struct flp_journal *j, const struct flp_gathering *g,
    const struct flp_survivors *s, struct flp_error *e) FLP_CHECKED;

#endif
