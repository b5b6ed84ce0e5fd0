/* A client's turns in a round of fleet mode: advertise, share, apply, confirm, reveal, each of
 * which answers what the server has sent with one message. A client answers once. So each
 * message is in the journal before it leaves, asked again for the same the client gives the
 * stored bytes, and asked for anything else under the same round it refuses (mask/permit.h).
 *
 *	flp_turn_begin(&t, j, "confirm", round)               then t.entry.input, and what else
 *	flp_turn_again(&t, &message, e)                       1: sent before, this is it
 *	flp_turn_kept(&t, "apply", &secret, e)                what an earlier turn has kept
 *	flp_turn_send(&t, &message, &keep, NULL, e)           signs and stores; then it may leave
 *	flp_turn_forget(&t, "apply", e)                       what is not needed any more
 *
 * What a turn keeps is sealed in the journal, in a record of kind state:
 *	advertise  seed    u8 [32]    the scalar that gives the mask key pair
 *	           encrypt u8 [32]    the secret X25519 key of boxes
 *	share      self    u8 [32]    b
 *	apply      from    u32 [m]    who sent a box, ascending
 *	           seed, self u8 [m,32]  the shares that were in it
 * apply erases what the turns before it kept, reveal what apply kept, and advertise what is
 * left of the earlier rounds of its session, and of the round that it begins anew: these are
 * over for this client. */
#ifndef FLP_MASK_TURN_H
#define FLP_MASK_TURN_H

#include "mask/gathering.h"
#include "mask/journal.h"
#include "mask/message.h"

#include <stdint.h>

struct flp_turn {
	struct flp_journal *journal;
	const struct flp_round *round;
	struct flp_journal_entry entry; /* what a round says is set */
	char base[FLP_DIGEST_TEXT], roster[FLP_DIGEST_TEXT], graph[FLP_DIGEST_TEXT],
	    input[FLP_DIGEST_TEXT];
};

/* Begins a turn; `verb` is the name of its message. The turn must stay where it is. */
void flp_turn_begin(struct flp_turn *t, struct flp_journal *j, const char *verb,
    const struct flp_round *round);

/* Sets entry.input. */
void flp_turn_input(struct flp_turn *t, const struct flp_digest *digest);

/* 1 and the message, if it was sent before; 0 if it may be made; -1 if it must not. */
int flp_turn_again(const struct flp_turn *t, struct flp_record *message,
    struct flp_error *e) FLP_CHECKED;

/* The index of the entry of an earlier turn of this round and graph; FLP_ERROR_BAD if this
 * client has not taken it. */
int flp_turn_before(const struct flp_turn *t, const char *verb, size_t *entry,
    struct flp_error *e) FLP_CHECKED;

/* Makes what a turn keeps, with zeroed tensors of `rows` rows. For flp_journal_wipe. */
int flp_turn_keep(struct flp_record *secret, const char *verb, size_t rows,
    struct flp_error *e) FLP_CHECKED;

/* What an earlier turn kept. FLP_ERROR_BAD if it is erased. For flp_journal_wipe. */
int flp_turn_kept(const struct flp_turn *t, const char *verb, struct flp_record *secret,
    struct flp_error *e) FLP_CHECKED;

/* Names the client in a message, signs it, and stores it with its line. */
int flp_turn_send(struct flp_turn *t, struct flp_record *message,
    const struct flp_record *secret, const struct flp_record *inside,
    struct flp_error *e) FLP_CHECKED;

/* Erases what an earlier turn of this round kept, if it is there; and what all turns of the
 * session's earlier rounds of this purpose kept. */
int flp_turn_forget(struct flp_turn *t, const char *verb, struct flp_error *e) FLP_CHECKED;
int flp_turn_forget_earlier(struct flp_turn *t, struct flp_error *e) FLP_CHECKED;

/* The place of this client in the gathering, where its row must hold the keys that it has
 * advertised. FLP_ERROR_BAD if it is not there, or with other keys. */
int flp_turn_self(const struct flp_turn *t, const struct flp_gathering *g, uint32_t *self,
    struct flp_error *e) FLP_CHECKED;

#endif
