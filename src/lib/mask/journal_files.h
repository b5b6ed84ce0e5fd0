/* The files of a journal's messages (mask/journal.h): N.sent, N.secret and N.inside, where N is the
 * number of the message's line in the log. A file is first called N.sent.new and so on. It gets
 * its name when its line is on the disk. */
#ifndef FLP_MASK_JOURNAL_FILES_H
#define FLP_MASK_JOURNAL_FILES_H

#include "mask/journal.h"

enum flp_journal_part { FLP_JOURNAL_SENT, FLP_JOURNAL_SECRET, FLP_JOURNAL_INSIDE };
#define FLP_JOURNAL_PARTS (FLP_JOURNAL_INSIDE + 1)

/* The digest of a part in the line of entry i, or NULL if the message does not have that part. */
const char *flp_journal_files_digest(const struct flp_journal *j, size_t i,
    enum flp_journal_part part);

/* Writes the files of the next message under their first names, and adds their digests to `keys`,
 * for its line. A part that is NULL gets no file. When this returns 0, the files are on the
 * disk. */
int flp_journal_files_write(const struct flp_journal *j,
    const struct flp_record *const part[FLP_JOURNAL_PARTS], struct flp_meta *keys,
    struct flp_error *e) FLP_CHECKED;

/* Gives the files of entry i their names, or removes them if they are no longer needed. If the
 * journal has no identity, nothing is changed. FLP_ERROR_BAD if a needed file is missing. */
int flp_journal_files_settle(const struct flp_journal *j, size_t i,
    struct flp_error *e) FLP_CHECKED;

/* FLP_ERROR_BAD if a message has its file but no line, since the log was shortened then. */
int flp_journal_files_check(const struct flp_journal *j, struct flp_error *e) FLP_CHECKED;

/* Removes files that never got their names. It is called after flp_journal_files_settle for all
 * entries, so those that are left are of a process that was killed before it added their line. */
int flp_journal_files_tidy(const struct flp_journal *j, struct flp_error *e) FLP_CHECKED;

/* Reads a part of entry i, and checks its digest. */
int flp_journal_files_load(const struct flp_journal *j, size_t i, enum flp_journal_part part,
    struct flp_record *record, struct flp_error *e) FLP_CHECKED;

#endif
