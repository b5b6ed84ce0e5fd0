/* What the server delivers to a client: the boxes of those who share their secrets with it. */
#ifndef FLP_MASK_INBOX_H
#define FLP_MASK_INBOX_H

#include "mask/gathering.h"
#include "mask/message.h"

/* Opens all boxes of a message deliver to client `self`, whose secret encryption key of the
 * round this is, into *secret: what turn apply keeps (mask/turn.h), for flp_journal_wipe.
 * FLP_ERROR_BAD, which names the sender, if one is there twice, or does not share with this
 * client, if its box does not open, or if what is in it is not what its `check` says; and if
 * fewer than the threshold are there or, in a complete graph, the client itself is not. */
int flp_inbox_open(struct flp_record *secret, const struct flp_gathering *g, uint32_t self,
    const unsigned char encrypt[32], const struct flp_record *inbox,
    struct flp_error *e) FLP_CHECKED;

#endif
