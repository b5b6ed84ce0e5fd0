/* What the lines of a journal say about a site's data. The lines outlive the messages that they
 * describe. Somebody who reads them must not be able to test a guess at an update, as a plain
 * digest would allow. */
#ifndef FLP_MASK_JOURNAL_DIGEST_H
#define FLP_MASK_JOURNAL_DIGEST_H

#include "base/error.h"
#include "format/digest.h"
#include "format/record.h"
#include "mask/identity.h"

/* A keyed digest of the input of a message (mask/kdf.h), which only this identity can compute. */
int flp_journal_input(struct flp_digest *to, const struct flp_record *from,
    const struct flp_identity *id, struct flp_error *e) FLP_CHECKED;

/* A text that shows whether two records of statistics have a column or a class in common. For each
 * column and class that has rows, it has 12 hexadecimal digits and a blank, all of them sorted. The
 * digits are of a digest, which only this identity can compute, of the name and the statistics of
 * the column or class. They do not depend on the other columns or their order. The caller frees the
 * text; NULL on failure. */
#define FLP_JOURNAL_COLUMN 13 /* characters for each */
char *flp_journal_columns(const struct flp_record *stats, const struct flp_identity *id,
    struct flp_error *e) FLP_CHECKED;

/* Makes *to the same record with a random value in its metadata, so that its digest tells nothing
 * once the record is gone. *to shares the values of *from; free its header alone.
 * flp_journal_unsalt removes that key from a record that was read. */
int flp_journal_salt(struct flp_record *to, const struct flp_record *from,
    struct flp_error *e) FLP_CHECKED;
void flp_journal_unsalt(struct flp_record *record);

#endif
