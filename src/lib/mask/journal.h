/* The journal of a site: what it has sent in masked sums, in the folder NAME.state beside its
 * key. A mask must never hide two different values, and a message must never be answered in
 * two ways, so whatever leaves is in the journal first.
 *
 *	log       a log (format/log.h) of a line for each message, "fl-journal 1"; its second line
 *	          says which key it belongs to, which file it is (its inode) and on which machine
 *	N.sent    the message of line N, a whole record, as it left
 *	N.secret  what must be kept for later steps of the round, sealed under a key of the
 *	          identity
 *	N.inside  what is inside a masked message, for those who want to look at it here; salted, so
 *	          that its digest, which stays in the log, does not tell a guess (mask/journal_digest.h)
 *
 * The files of a line are first written as N.sent.new and so on. When they are on the disk, the
 * line is added. When the line is on the disk, the files get their names. Then the message may
 * leave. A message of a later round removes N.sent and N.inside of the earlier rounds; their lines
 * stay. Secrets that are not wanted any more are removed when the line that says so is on the disk.
 *
 * So if a process is killed or the power fails, the journal is put right when it is next opened:
 * files .new with a line get their names, and files .new without a line, which were never sent, are
 * removed, as are temporary files. If the last line of the log lacks its newline, nothing was done
 * that the line stood for, and it is removed. But a file that has a name without a line, or secrets
 * that are missing without a line that says so, mean that the log was shortened.
 *
 * Only one process has it open at a time. It is refused if it is damaged or shortened, if a message
 * is missing, if it belongs to another key, or if it is a copy, which has another inode or is on
 * another machine. A copy that restores the contents of the same file, or a snapshot of the whole
 * disk, can't be noticed. */
#ifndef FLP_MASK_JOURNAL_H
#define FLP_MASK_JOURNAL_H

#include "base/error.h"
#include "format/log.h"
#include "format/record.h"
#include "mask/identity.h"

#include <stddef.h>
#include <stdint.h>

/* What a line says. NULL stands for a text that a message does not have. */
struct flp_journal_entry {
	const char *verb;    /* that made the message: apply, leave, share, ...; never NULL */
	const char *session; /* never NULL */
	const char *roster;  /* digest */
	const char *instead; /* digest of the roster that this one replaces, by `leave` */
	const char *members; /* roster.members_text, or the digest of a graph */
	const char *purpose; /* update or stats */
	uint64_t round;
	const char *base;      /* digest of the model, or of the schema */
	const char *weights;   /* what the values are of (flp_permit_weights) */
	const char *graph;     /* digest */
	const char *survivors; /* digest */
	const char *input; /* what the message was made from: a digest, keyed if it is of a site's data
	                    * (mask/journal_digest.h); never NULL */
	int anew; /* for mask/permit.h: it begins the round again; not written to the line */
	/* Set by the journal. */
	size_t line;   /* its number in the log, and that of its files */
	int forgotten; /* its secrets were erased */
	int over;      /* a message of the same verb, session and purpose in a later round was sent,
	                * so this one is not sent again, and its files may be gone; not of a leave */
};

struct flp_journal {
	char *folder, *path; /* of the log */
	const struct flp_identity *id; /* NULL: only to look at */
	struct flp_log log;
	struct flp_journal_entry *entry; /* n of them, in the order of the lines */
	size_t n, room;
	int mended; /* 1: a line that was never finished was removed when the journal was opened */
};

/* Makes the folder with an empty journal; FLP_ERROR_BAD if the name is taken. */
int flp_journal_make(const char *folder, const struct flp_identity *id,
    struct flp_error *e) FLP_CHECKED;

/* Removes a journal that was made a moment ago and in which nothing was sent. Files that the
 * system does not let it remove stay. */
void flp_journal_unmake(const char *folder);

/* Opens the journal of an identity, and waits until no other process has it open. A folder that is
 * missing is FLP_ERROR_BAD: without it nobody knows what was sent. So is one that is not its
 * owner's alone (base/file.h). With id = NULL the journal is only read: it may belong to anybody
 * and may be a copy, nothing in it is changed, and sending is misuse. Errors name the folder. */
int flp_journal_open(struct flp_journal *j, const char *folder, const struct flp_identity *id,
    struct flp_error *e) FLP_CHECKED;
void flp_journal_close(struct flp_journal *j); /* all zero does nothing */

/* Whether two texts of entries are equal, or are both NULL. */
int flp_journal_same(const char *a, const char *b);

/* The last message of this verb, session, purpose (NULL: none) and round: its index, or -1. */
long flp_journal_find(const struct flp_journal *j, const char *verb, const char *session,
    const char *purpose, uint64_t round);

/* The last message that has this digest: its index, or -1. */
long flp_journal_of(const struct flp_journal *j, const struct flp_digest *message);

/* Stores a message with its line, and what is to be kept with it: `secret` and `inside`, each of
 * which may be NULL. When it returns 0 the message may leave, as flp_journal_message gives it. The
 * caller must first ask whether it may be sent at all (mask/permit.h). Pointers to entries are not
 * valid after this call. */
int flp_journal_send(struct flp_journal *j, const struct flp_journal_entry *entry,
    const struct flp_record *message, const struct flp_record *secret,
    const struct flp_record *inside, struct flp_error *e) FLP_CHECKED;

/* Reads the message of an entry again, or what was kept with it. FLP_ERROR_BAD if it is damaged or
 * was erased, or if its round is over. Secrets are in hidden memory: free them with
 * flp_journal_wipe, not flp_record_free. */
int flp_journal_message(const struct flp_journal *j, size_t i, struct flp_record *message,
    struct flp_error *e) FLP_CHECKED;
int flp_journal_secret(const struct flp_journal *j, size_t i, struct flp_record *secret,
    struct flp_error *e) FLP_CHECKED;
int flp_journal_inside(const struct flp_journal *j, size_t i, struct flp_record *inside,
    struct flp_error *e) FLP_CHECKED;
void flp_journal_wipe(struct flp_record *secret);

/* Removes the secrets of an entry whose round is over for this site; its line and its message
 * stay. Done twice, it does nothing more. */
int flp_journal_forget(struct flp_journal *j, size_t i, struct flp_error *e) FLP_CHECKED;

#endif
