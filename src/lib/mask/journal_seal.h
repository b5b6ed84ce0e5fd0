/* Records that only the identity that sealed them can read: header and values in one box. */
#ifndef FLP_MASK_JOURNAL_SEAL_H
#define FLP_MASK_JOURNAL_SEAL_H

#include "base/error.h"
#include "format/record.h"
#include "mask/identity.h"

/* Makes *box, a record of kind state, of a record of dense tensors. It opens only where `bound`,
 * a text, is the same. */
int flp_journal_seal(struct flp_record *box, const struct flp_record *record,
    const struct flp_identity *id, const char *bound, struct flp_error *e) FLP_CHECKED;

/* The record again, for flp_journal_wipe; FLP_ERROR_BAD if the box is another's or damaged. */
int flp_journal_unseal(struct flp_record *record, const struct flp_record *box,
    const struct flp_identity *id, const char *bound, struct flp_error *e) FLP_CHECKED;

#endif
