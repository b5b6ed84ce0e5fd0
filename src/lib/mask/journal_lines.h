/* The lines of a journal's log (mask/journal.h), after the first. Line 0 says which key the log
 * belongs to, which file it is and on which machine. Each line after it is that of a message, which
 * is an entry of the journal, or says that the secrets of an earlier message were erased. */
#ifndef FLP_MASK_JOURNAL_LINES_H
#define FLP_MASK_JOURNAL_LINES_H

#include "mask/journal.h"

/* Adds line 0 to an empty log, for an identity. */
int flp_journal_lines_begin(struct flp_journal *j, const struct flp_identity *id,
    struct flp_error *e) FLP_CHECKED;

/* Makes the entries from the lines of the log. If the journal has an identity, line 0 must belong
 * to it; the error, FLP_ERROR_BAD, says what differs. */
int flp_journal_lines_read(struct flp_journal *j, struct flp_error *e) FLP_CHECKED;
void flp_journal_lines_free(struct flp_journal *j); /* frees the entries */

/* Adds the line of a message, and its entry. The line gets the texts of the entry and `keys`. When
 * this returns 0, the line is on the disk. */
int flp_journal_lines_add(struct flp_journal *j, const struct flp_journal_entry *entry,
    struct flp_meta *keys, struct flp_error *e) FLP_CHECKED;

/* Adds a line that says that the secrets of entry i were erased. */
int flp_journal_lines_forget(struct flp_journal *j, size_t i, struct flp_error *e) FLP_CHECKED;

/* Returns 1 if the messages of entries i and k have the same verb, session and purpose, and k is
 * of a later round. Returns 0 for a leave, which is for all later rounds, so it is never over. */
int flp_journal_lines_later(const struct flp_journal *j, size_t i, size_t k);

#endif
