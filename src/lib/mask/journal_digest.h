/* What a journal says of a site's data. The lines of a journal outlive the messages that they
 * describe. Nobody who reads them may be able to test a guess at an update, as a plain digest would
 * allow. */
#ifndef FLP_MASK_JOURNAL_DIGEST_H
#define FLP_MASK_JOURNAL_DIGEST_H

#include "base/error.h"
#include "format/digest.h"
#include "format/record.h"
#include "mask/identity.h"

/* A keyed digest of the input of a message (mask/kdf.h), which only this identity can compute. */
int flp_journal_input(struct flp_digest *to, const struct flp_record *from,
    const struct flp_identity *id, struct flp_error *e) FLP_CHECKED;

/* A text that tells whether two records of statistics have a column or a class in common: for each
 * that has rows, 12 hexadecimal digits of a digest that only this identity can compute, of its name
 * and its statistics, and a blank; sorted. Their order, and what others there are, makes no
 * difference. The caller frees it; NULL on failure. */
#define FLP_JOURNAL_COLUMN 13 /* characters for each */
char *flp_journal_columns(const struct flp_record *stats, const struct flp_identity *id,
    struct flp_error *e) FLP_CHECKED;

/* Makes *to the same record with a random key in its metadata, so that its digest says nothing when
 * the record is gone. It shares the values of *from; free its header alone. flp_journal_unsalt
 * takes the key out of a record that was read. */
int flp_journal_salt(struct flp_record *to, const struct flp_record *from,
    struct flp_error *e) FLP_CHECKED;
void flp_journal_unsalt(struct flp_record *record);

#endif
