/* What a journal says of a site's data. Its lines stay when what they are about is gone, so they
 * must not let anyone who reads them test a guess at an update: a plain digest would. */
#ifndef FLP_MASK_JOURNAL_DIGEST_H
#define FLP_MASK_JOURNAL_DIGEST_H

#include "base/error.h"
#include "format/digest.h"
#include "format/record.h"
#include "mask/identity.h"

/* A digest of what a message was made from that only this identity can make (mask/kdf.h). The same
 * record always has the same. */
int flp_journal_input(struct flp_digest *to, const struct flp_record *from,
    const struct flp_identity *id, struct flp_error *e) FLP_CHECKED;

/* Makes *to the same record with a random key in its metadata, so that its digest says nothing when
 * the record is gone. It shares the values of *from; free its header alone. flp_journal_unsalt
 * takes the key out of a record that was read. */
int flp_journal_salt(struct flp_record *to, const struct flp_record *from,
    struct flp_error *e) FLP_CHECKED;
void flp_journal_unsalt(struct flp_record *record);

#endif
