/* A client's turns in a round of fleet mode: advertise, share, apply, confirm and reveal. In each
 * turn the client answers the server with one message, and only once, so the message is stored in
 * the journal before it leaves. If the client is asked for the same message again, it gives the
 * stored bytes; if it is asked for another one in the same round, it refuses (mask/permit.h).
 *
 *	flp_turn_begin(&t, j, "confirm", round)               then set t.entry.input and the rest
 *	flp_turn_again(&t, &message, e)                       1: this message was sent before
 *	flp_turn_kept(&t, "apply", &secret, e)                reads what an earlier turn has kept
 *	flp_turn_send(&t, &message, &keep, NULL, e)           signs and stores; then it may leave
 *	flp_turn_forget(&t, "apply", e)                       erases what is no longer needed
 *
 * What a turn keeps is sealed in the journal, in a record of kind state:
 *	advertise  seed    u8 [32]    the scalar that gives the mask key pair
 *	           encrypt u8 [32]    the secret X25519 key of boxes
 *	share      self    u8 [32]    b
 *	apply      from    u32 [m]    who sent a box, ascending
 *	           seed, self u8 [m,32]  the two shares in the box of each
 * apply erases what the turns before it kept, and reveal erases what apply kept. advertise erases
 * what is left of earlier rounds of its session, and of a round that it begins again, since these
 * are over for this client. */
#ifndef FLP_MASK_TURN_H
#define FLP_MASK_TURN_H

#include "mask/gathering.h"
#include "mask/journal.h"
#include "mask/message.h"

#include <stdint.h>

struct flp_turn {
	struct flp_journal *journal;
	const struct flp_round *round;
	struct flp_journal_entry entry; /* flp_turn_begin sets the verb and the fields of the round */
	char base[FLP_DIGEST_TEXT], roster[FLP_DIGEST_TEXT], graph[FLP_DIGEST_TEXT],
	    input[FLP_DIGEST_TEXT];
};

/* Begins a turn; `verb` is the name of its message. *t points into itself, so it must not be
 * moved. */
void flp_turn_begin(struct flp_turn *t, struct flp_journal *j, const char *verb,
    const struct flp_round *round);

/* Sets entry.input to this digest, as text. */
void flp_turn_input(struct flp_turn *t, const struct flp_digest *digest);

/* Returns 1, with the message, if it was sent before; 0 if it may be made; -1 if it must not be
 * made (flp_permit_message). */
int flp_turn_again(const struct flp_turn *t, struct flp_record *message,
    struct flp_error *e) FLP_CHECKED;

/* Sets *entry to the index of the entry of an earlier turn of this round and graph. FLP_ERROR_BAD
 * if this client has not taken that turn. */
int flp_turn_before(const struct flp_turn *t, const char *verb, size_t *entry,
    struct flp_error *e) FLP_CHECKED;

/* Makes the record that a turn keeps, with zeroed tensors of `rows` rows in hidden memory.
 * flp_journal_wipe frees it. */
int flp_turn_keep(struct flp_record *secret, const char *verb, size_t rows,
    struct flp_error *e) FLP_CHECKED;

/* Reads what an earlier turn kept. FLP_ERROR_BAD if it was erased. flp_journal_wipe frees it. */
int flp_turn_kept(const struct flp_turn *t, const char *verb, struct flp_record *secret,
    struct flp_error *e) FLP_CHECKED;

/* Names the client in a message, signs it, and stores it with its line. */
int flp_turn_send(struct flp_turn *t, struct flp_record *message,
    const struct flp_record *secret, const struct flp_record *inside,
    struct flp_error *e) FLP_CHECKED;

/* flp_turn_forget erases what an earlier turn of this round kept, if anything is left of it.
 * flp_turn_forget_earlier erases what all turns in earlier rounds of the session and purpose
 * kept. */
int flp_turn_forget(struct flp_turn *t, const char *verb, struct flp_error *e) FLP_CHECKED;
int flp_turn_forget_earlier(struct flp_turn *t, struct flp_error *e) FLP_CHECKED;

/* Sets *self to the index of this client in the gathering. FLP_ERROR_BAD if the client is not in
 * it, or has other keys there than those that it has advertised. */
int flp_turn_self(const struct flp_turn *t, const struct flp_gathering *g, uint32_t *self,
    struct flp_error *e) FLP_CHECKED;

#endif
