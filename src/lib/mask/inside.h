/* The content of a masked record, for people at its site who want to see what leaves. */
#ifndef FLP_MASK_INSIDE_H
#define FLP_MASK_INSIDE_H

#include "format/record.h"

/* Finds the masked record among the messages of the journal in the folder, and sets *inside to
 * the record that was masked, which the caller frees. The journal may be a copy. FLP_ERROR_BAD if
 * the journal does not have the masked record, if its signature is not the one that was sent, or if
 * the message was removed because its round is over. */
int flp_inside_find(struct flp_record *inside, const char *folder,
    const struct flp_record *masked, struct flp_error *e) FLP_CHECKED;

#endif
