/* The messages share of a round as they reach the server: they hold boxes, which the server
 * delivers, and a check value for each share. The server later compares the revealed shares with
 * these values. A message that can't be trusted is left out. It is then as if its sender had not
 * sent its shares, and no other client masks with it. */
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

/* The holders of the shares of client i are holder[i * holders] and the following, ascending. What
 * it has sent for each of them is in check and box at the same index. */
struct flp_dealing {
	const struct flp_gathering *g;
	uint32_t *holder;
	unsigned char (*check)[FLP_MESSAGE_CHECK];
	unsigned char (*box)[FLP_MESSAGE_BOX]; /* NULL: they are not kept */
	unsigned char (*commit)[32];
	unsigned char (*signature)[FLP_SIGNED_BYTES];
	struct flp_digest *digest; /* of what was signed */
	unsigned char *sent;       /* FLP_DEALING_NONE and so on */
};

enum { FLP_DEALING_NONE, FLP_DEALING_SENT, FLP_DEALING_TWO };

/* The gathering must outlive it. With boxes = 1 the boxes are kept, for flp_dealing_message and
 * flp_dealing_inbox. */
int flp_dealing_begin(struct flp_dealing *d, const struct flp_gathering *g, int boxes,
    struct flp_error *e) FLP_CHECKED;
void flp_dealing_end(struct flp_dealing *d); /* all zero does nothing */

/* Adds a message that flp_message_load has given. FLP_ERROR_BAD if its sender is not in the
 * graph or has not signed it, if it is not for that client's holders, or if the client has sent
 * a different one before: then neither counts. The same one again counts once. */
int flp_dealing_add(struct flp_dealing *d, const struct flp_record *message,
    struct flp_error *e) FLP_CHECKED;

/* Whether client i has sent its shares; how many clients have. */
int flp_dealing_shared(const struct flp_dealing *d, size_t i);
size_t flp_dealing_count(const struct flp_dealing *d);

/* Whether those who have sent their shares can go on: FLP_ERROR_BAD if fewer than the threshold
 * have, or if one of them has fewer boxes than that. The sum could then not be opened. */
int flp_dealing_enough(const struct flp_dealing *d, struct flp_error *e) FLP_CHECKED;

/* The index in holder, check and box of the share that a holder has from a dealer, or -1. */
long flp_dealing_find(const struct flp_dealing *d, size_t dealer, uint32_t holder);

/* Makes the message of client i again, as it was signed. The server keeps all messages that count
 * in one file, since the set of clients that have sent shares must not change once the boxes are
 * delivered. */
int flp_dealing_message(const struct flp_dealing *d, size_t i, struct flp_record *to,
    struct flp_error *e) FLP_CHECKED;

/* Makes the message deliver for client i, which must have sent its shares: the boxes that came for
 * it. */
int flp_dealing_inbox(const struct flp_dealing *d, size_t i, struct flp_record *to,
    struct flp_error *e) FLP_CHECKED;

#endif
