/* What is inside a masked record, for those at its site who want to see what leaves. */
#ifndef FLP_MASK_INSIDE_H
#define FLP_MASK_INSIDE_H

#include "format/record.h"

/* Finds the masked record among the messages of the journal in the folder, and gives what was
 * masked, which the caller frees. The journal may be a copy. FLP_ERROR_BAD if the record is not
 * in it, has another signature than the message that was sent, or is no longer kept. */
int flp_inside_find(struct flp_record *inside, const char *folder,
    const struct flp_record *masked, struct flp_error *e) FLP_CHECKED;

#endif
