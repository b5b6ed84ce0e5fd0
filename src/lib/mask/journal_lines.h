/* The lines of a journal's log (mask/journal.h), after the first. Line 0 of the log says which key
 * it belongs to, which file it is and on which machine. Each line after it is of a message, and is
 * an entry of the journal, or says that the secrets of an earlier one are forgotten. */
#ifndef FLP_MASK_JOURNAL_LINES_H
#define FLP_MASK_JOURNAL_LINES_H

#include "mask/journal.h"

/* Adds line 0 to an empty log, for an identity. */
int flp_journal_lines_begin(struct flp_journal *j, const struct flp_identity *id,
    struct flp_error *e) FLP_CHECKED;

/* Makes the entries from the lines of the log. If the journal has an identity, line 0 must be
 * its own; FLP_ERROR_BAD says what differs. */
int flp_journal_lines_read(struct flp_journal *j, struct flp_error *e) FLP_CHECKED;
void flp_journal_lines_free(struct flp_journal *j); /* the entries */

/* Adds the line of a message, and its entry. `keys` holds what is to be in the line besides the
 * texts of the entry. When it returns 0 the line is on the disk. */
int flp_journal_lines_add(struct flp_journal *j, const struct flp_journal_entry *entry,
    struct flp_meta *keys, struct flp_error *e) FLP_CHECKED;

/* Adds a line that says that the secrets of entry i are forgotten. */
int flp_journal_lines_forget(struct flp_journal *j, size_t i, struct flp_error *e) FLP_CHECKED;

/* Whether the message of entry k is one of the same verb, session and purpose as that of entry i,
 * in a later round. A leave is never over: it is for all later rounds. */
int flp_journal_lines_later(const struct flp_journal *j, size_t i, size_t k);

#endif
