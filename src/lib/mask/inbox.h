/* What the server delivers to a client: the boxes from those that share their secrets with it. */
#ifndef FLP_MASK_INBOX_H
#define FLP_MASK_INBOX_H

#include "mask/gathering.h"
#include "mask/message.h"

/* Opens all boxes of a message deliver for client `self`, whose secret encryption key of the round
 * is `encrypt`. *secret is what the turn apply keeps (mask/turn.h); flp_journal_wipe frees it.
 * FLP_ERROR_BAD, which names the sender, if a sender occurs twice or does not share with this
 * client, if its box does not open, or if what is in it does not match its `check`. FLP_ERROR_BAD
 * also if there are fewer boxes than the threshold or, in a complete graph, none from the client
 * itself. */
int flp_inbox_open(struct flp_record *secret, const struct flp_gathering *g, uint32_t self,
    const unsigned char encrypt[32], const struct flp_record *inbox,
    struct flp_error *e) FLP_CHECKED;

#endif
