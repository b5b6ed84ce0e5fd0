/* What is inside a masked record, for those at its site who want to see what leaves. */
#ifndef FLP_MASK_INSIDE_H
#define FLP_MASK_INSIDE_H

#include "format/record.h"

/* Finds the masked record among the messages of the journal in the folder, and gives what was
 * masked, which the caller frees. The journal may be a copy. FLP_ERROR_BAD if the journal does
 * not have the record, if its signature is not the one that was sent, or if the message was
 * removed because its round is over. */
int flp_inside_find(struct flp_record *inside, const char *folder,
    const struct flp_record *masked, struct flp_error *e) FLP_CHECKED;

#endif
