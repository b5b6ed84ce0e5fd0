/* The journal of a site: what it has sent in masked sums, in the folder NAME.state beside its
 * key. A mask must never hide two different values, and a message must never be answered in
 * two ways, so every message is stored in the journal before it leaves.
 *
 *	log       a log (format/log.h) with a line for each message. It begins with "fl-journal 1";
 *	          its second line says which key it belongs to, which file it is (its inode) and on
 *	          which machine
 *	N.sent    the message of line N, a whole record, as it left
 *	N.secret  secrets for later steps of the round, sealed under a key of the identity
 *	N.inside  the content of a masked message, for people at the site who want to look at it. It is
 *	          salted, so that its digest, which stays in the log, can't confirm a guess
 *	          (mask/journal_digest.h)
 *
 * The files of a line are first written as N.sent.new and so on. When they are on the disk, the
 * line is added. When the line is on the disk, the files get their names. Then the message may
 * leave. A message of a later round removes N.sent and N.inside of the earlier rounds; their lines
 * stay. When secrets are no longer needed, a line that says so is added. When that line is on the
 * disk, they are removed.
 *
 * So if a process is killed or the power fails, the journal is repaired when it is next opened.
 * Files .new with a line get their names. Files .new without a line, which were never sent, are
 * removed, as are temporary files. If the last line of the log lacks its newline, nothing was done
 * after it, and it is removed. But if a file has its name and no line, or if secrets are missing
 * and no line says that they were removed, the log was shortened.
 *
 * Only one process can have the journal open at a time. It is refused if it is damaged or
 * shortened, if a message is missing, if it belongs to another key, or if it is a copy, which has
 * another inode or is on another machine. If an old version of the log is written back into the
 * same file, or the whole disk is set back to a snapshot, that can't be noticed. */
#ifndef FLP_MASK_JOURNAL_H
#define FLP_MASK_JOURNAL_H

#include "base/error.h"
#include "format/log.h"
#include "format/record.h"
#include "mask/identity.h"

#include <stddef.h>
#include <stdint.h>

/* The contents of a line. A text that a message does not have is NULL. */
struct flp_journal_entry {
	const char *verb;    /* the verb that made the message: apply, leave, share, ...; never NULL */
	const char *session; /* never NULL */
	const char *roster;  /* digest */
	const char *instead; /* digest of the roster that this one replaces after some have left */
	const char *members; /* members_text of the roster, or the digest of a graph */
	const char *purpose; /* update or stats */
	uint64_t round;
	const char *base;      /* digest of the model, or of the schema */
	const char *weights;   /* names the parameters or columns (flp_permit_weights) */
	const char *graph;     /* digest */
	const char *survivors; /* digest */
	const char *input; /* digest of what the message was made from, keyed if that is a site's data
	                    * (mask/journal_digest.h); never NULL */
	int anew; /* for mask/permit.h, not in the line. 1: the message begins the round again */
	/* Set by the journal. */
	size_t line;   /* the number of the line in the log, and of the message's files */
	int forgotten; /* 1: the secrets of the message were erased */
	int over;      /* 1: a message of the same verb, session and purpose in a later round was sent,
	                * so this one is not sent again, and its files may be gone. Never for a leave */
};

struct flp_journal {
	char *folder, *path; /* of the log */
	const struct flp_identity *id; /* NULL: the journal is only read */
	struct flp_log log;
	struct flp_journal_entry *entry; /* n of them, in the order of the lines */
	size_t n, room;
	int mended; /* 1: an incomplete last line was removed when the journal was opened */
};

/* Makes the folder with an empty journal. FLP_ERROR_BAD if there is something of that name. */
int flp_journal_make(const char *folder, const struct flp_identity *id,
    struct flp_error *e) FLP_CHECKED;

/* Removes a journal that flp_journal_make has just made and nobody has used. Files that can't be
 * removed stay; that is not reported. */
void flp_journal_unmake(const char *folder);

/* Opens the journal of an identity, and waits until no other process has it open. FLP_ERROR_BAD if
 * the folder is missing, since nobody knows then what was sent, or if others than its owner can
 * use it (base/file.h). With id = NULL the journal is only read: it may belong to anybody and may
 * be a copy, nothing in it is changed, and sending is misuse. Errors name the folder. */
int flp_journal_open(struct flp_journal *j, const char *folder, const struct flp_identity *id,
    struct flp_error *e) FLP_CHECKED;
void flp_journal_close(struct flp_journal *j); /* all zero does nothing */

/* Whether two texts of entries are equal, or are both NULL. */
int flp_journal_same(const char *a, const char *b);

/* The index of the last message of this verb, session, purpose (NULL: none) and round, or -1. */
long flp_journal_find(const struct flp_journal *j, const char *verb, const char *session,
    const char *purpose, uint64_t round);

/* The index of the last message that has this digest, or -1. */
long flp_journal_of(const struct flp_journal *j, const struct flp_digest *message);

/* Stores a message with its line and with the records `secret` and `inside`, each of which may be
 * NULL. The caller must first ask whether the message may be sent at all (mask/permit.h). When this
 * returns 0, the message may leave, as flp_journal_message gives it. Pointers to entries are not
 * valid after this call. */
int flp_journal_send(struct flp_journal *j, const struct flp_journal_entry *entry,
    const struct flp_record *message, const struct flp_record *secret,
    const struct flp_record *inside, struct flp_error *e) FLP_CHECKED;

/* These read the message of entry i, and the records that were stored with it. FLP_ERROR_BAD if a
 * record is damaged or was erased, or if its round is over. Secrets are in hidden memory: free
 * them with flp_journal_wipe, not flp_record_free. */
int flp_journal_message(const struct flp_journal *j, size_t i, struct flp_record *message,
    struct flp_error *e) FLP_CHECKED;
int flp_journal_secret(const struct flp_journal *j, size_t i, struct flp_record *secret,
    struct flp_error *e) FLP_CHECKED;
int flp_journal_inside(const struct flp_journal *j, size_t i, struct flp_record *inside,
    struct flp_error *e) FLP_CHECKED;
void flp_journal_wipe(struct flp_record *secret);

/* Removes the secrets of an entry whose round is over for this site; its line and its message
 * stay. A second call does nothing. */
int flp_journal_forget(struct flp_journal *j, size_t i, struct flp_error *e) FLP_CHECKED;

#endif
