/* Sealed records, which only the identity that sealed them can read. */
#ifndef FLP_MASK_JOURNAL_SEAL_H
#define FLP_MASK_JOURNAL_SEAL_H

#include "base/error.h"
#include "format/record.h"
#include "mask/identity.h"

/* Makes *box, a record of kind state, which contains the header and the values of a record of dense
 * tensors. The box opens only with the same text `bound`. */
int flp_journal_seal(struct flp_record *box, const struct flp_record *record,
    const struct flp_identity *id, const char *bound, struct flp_error *e) FLP_CHECKED;

/* Opens the box again; flp_journal_wipe frees the record, whose values are hidden.
 * FLP_ERROR_BAD if the box was sealed by another identity or is damaged. */
int flp_journal_unseal(struct flp_record *record, const struct flp_record *box,
    const struct flp_identity *id, const char *bound, struct flp_error *e) FLP_CHECKED;

#endif
