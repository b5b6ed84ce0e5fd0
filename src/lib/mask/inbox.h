/* A client's inbox: the boxes of shares that the server delivers to it. */
#ifndef FLP_MASK_INBOX_H
#define FLP_MASK_INBOX_H

#include "mask/gathering.h"
#include "mask/message.h"

/* Opens all boxes of a deliver message for client `self`, whose secret encryption key of the round
 * is `encrypt`. Sets *secret to the record that the turn apply keeps (mask/turn.h);
 * flp_journal_wipe frees it. FLP_ERROR_BAD, which names the sender, if a sender occurs twice or
 * does not share its secrets with this client, if its box does not open, or if a share in the box
 * does not match its `check`. Also FLP_ERROR_BAD if there are fewer boxes than the threshold or, in
 * a complete graph, none from the client itself. */
int flp_inbox_open(struct flp_record *secret, const struct flp_gathering *g, uint32_t self,
    const unsigned char encrypt[32], const struct flp_record *inbox,
    struct flp_error *e) FLP_CHECKED;

#endif
