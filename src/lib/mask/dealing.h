/* The share messages that reach the server in a round. They contain boxes, which the server
 * delivers, and a check value for each share. The server later compares the revealed shares with
 * these values. A message that can't be trusted is left out, as if its sender had not sent its
 * shares, and no other client masks with that sender. */
#ifndef FLP_MASK_DEALING_H
#define FLP_MASK_DEALING_H

#include "base/error.h"
#include "format/record.h"
#include "mask/derive.h"
#include "mask/gathering.h"
#include "mask/message.h"
#include "mask/signed.h"

#include <stddef.h>
#include <stdint.h>

/* Client i has g->holders holders for its shares, from holder[i * g->holders] on, ascending. The
 * check and the box that it has sent for each of them are at the same index. */
struct flp_dealing {
	const struct flp_gathering *g;
	uint32_t *holder;
	unsigned char (*check)[FLP_MESSAGE_CHECK];
	unsigned char (*box)[FLP_MESSAGE_BOX]; /* NULL: they are not kept */
	unsigned char (*commit)[32];
	unsigned char (*signature)[FLP_SIGNED_BYTES];
	struct flp_digest *digest; /* of what each client signed */
	unsigned char *sent;       /* by client: FLP_DEALING_NONE and so on */
};

/* What a client has sent: nothing, one message, or two that differ, so that neither counts. */
enum { FLP_DEALING_NONE, FLP_DEALING_SENT, FLP_DEALING_TWO };

/* The gathering must outlive *d. With boxes = 1 the boxes are kept, as flp_dealing_message and
 * flp_dealing_inbox need. */
int flp_dealing_begin(struct flp_dealing *d, const struct flp_gathering *g, int boxes,
    struct flp_error *e) FLP_CHECKED;
void flp_dealing_end(struct flp_dealing *d); /* all zero does nothing */

/* Adds a message that flp_message_load has given. FLP_ERROR_BAD if its sender is not in the
 * graph or has not signed it, if it is not for that client's holders, or if the client has sent
 * a different one before: then neither counts. One that is added twice counts once. */
int flp_dealing_add(struct flp_dealing *d, const struct flp_record *message,
    struct flp_error *e) FLP_CHECKED;

/* Whether client i has sent its shares; how many clients have. */
int flp_dealing_shared(const struct flp_dealing *d, size_t i);
size_t flp_dealing_count(const struct flp_dealing *d);

/* Checks that the clients that have sent their shares can go on. FLP_ERROR_BAD if they are fewer
 * than the threshold, or if fewer boxes than the threshold came for one of them: the sum could then
 * not be opened. */
int flp_dealing_enough(const struct flp_dealing *d, struct flp_error *e) FLP_CHECKED;

/* The index in holder, check and box of the share that a holder has from a dealer, or -1. */
long flp_dealing_find(const struct flp_dealing *d, size_t dealer, uint32_t holder);

/* Makes the share message of client i again, as it was signed. The server keeps all messages that
 * count in one file, since the set of clients that have sent shares must not change once the boxes
 * are delivered. */
int flp_dealing_message(const struct flp_dealing *d, size_t i, struct flp_record *to,
    struct flp_error *e) FLP_CHECKED;

/* Makes the deliver message, with the boxes for client i, which must have sent its shares. */
int flp_dealing_inbox(const struct flp_dealing *d, size_t i, struct flp_record *to,
    struct flp_error *e) FLP_CHECKED;

#endif
