#include "mask/journal.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/unfinished.h"
#include "mask/hidden.h"
#include "mask/journal_digest.h"
#include "mask/journal_files.h"
#include "mask/journal_lines.h"
#include "mask/journal_seal.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char magic[] = "fl-journal 1";

static int
set_paths(struct flp_journal *j, const char *folder, const struct flp_identity *id,
    struct flp_error *e)
{
	*j = (struct flp_journal){ .id = id, .log.file.fd = -1 };
	if (strlen(folder) > PATH_MAX - 64)
		return flp_error_usage(e, "expected a name of at most %d bytes", PATH_MAX - 64);
	if ((j->folder = flp_memory_text(folder, strlen(folder), e)) == NULL ||
	    (j->path = flp_memory_new(strlen(folder) + sizeof "/log", 1, e)) == NULL)
		return -1;
	strcpy(stpcpy(j->path, folder), "/log");
	return 0;
}

static int
open_log(struct flp_journal *j, struct flp_error *e)
{
	if (!flp_file_exists(j->path) && j->id == NULL)
		return flp_error_bad(e, "expected a journal, the folder NAME.state beside NAME.key, found "
		    "none");
	if (!flp_file_exists(j->path))
		return flp_error_bad(e, "expected the journal of what was sent, found none: without it a "
		    "mask could be used twice, so make new keys");
	return flp_log_open_cut(&j->log, j->path, magic, j->id != NULL, e);
}

/* Checks that nothing is missing, and repairs what a killed process has left. If the last line is
 * cut short, nothing was done after it: otherwise there would be a message without a line, or
 * secrets would be missing although no line says that they were erased. */
static int
settle(struct flp_journal *j, struct flp_error *e)
{
	for (size_t i = 0; i < j->n; i++)
		if (flp_journal_files_settle(j, i, e) < 0)
			return -1;
	if (flp_journal_files_check(j, e) < 0)
		return -1;
	if (j->id == NULL)
		return 0;
	j->mended = j->log.cut > 0;
	return flp_log_mend(&j->log, e) < 0 ? -1 : flp_journal_files_tidy(j, e);
}

/* Refuses a folder that others may have read or changed. A missing folder is left to open_log. */
static int
check_folder(const struct flp_journal *j, struct flp_error *e)
{
	struct stat st;

	return j->id == NULL || stat(j->folder, &st) < 0 ? 0 : flp_file_private(&st, e);
}

int
flp_journal_open(struct flp_journal *j, const char *folder, const struct flp_identity *id,
    struct flp_error *e)
{
	if (set_paths(j, folder, id, e) == 0 && check_folder(j, e) == 0 && open_log(j, e) == 0 &&
	    flp_journal_lines_read(j, e) == 0 && settle(j, e) == 0)
		return 0;
	flp_journal_close(j);
	return flp_error_at(e, "%s", folder);
}

void
flp_journal_close(struct flp_journal *j)
{
	flp_journal_lines_free(j);
	flp_log_close(&j->log);
	free(j->folder);
	free(j->path);
	memset(j, 0, sizeof *j);
}

int
flp_journal_make(const char *folder, const struct flp_identity *id, struct flp_error *e)
{
	struct flp_unfinished *made = NULL;
	struct flp_journal j;
	int status = set_paths(&j, folder, id, e);

	if (status == 0)
		status = flp_unfinished_folder(&made, folder, e);
	if (status == 0 && made == NULL)
		status = flp_error_bad(e, "expected a new name, found a folder");
	if (status == 0 && chmod(folder, S_IRWXU) < 0)
		status = flp_error_system(e, errno, "mode");
	if (status == 0)
		status = flp_log_open(&j.log, j.path, magic, 1, e);
	if (status == 0)
		status = flp_journal_lines_begin(&j, id, e);
	if (status == 0)
		status = flp_file_sync_folder(folder, e);
	if (status == 0) {
		flp_unfinished_keep(made);
	} else if (made != NULL) {
		struct flp_error ignored;

		(void)!flp_file_remove(j.path, &ignored);
		flp_unfinished_remove(made);
	}
	flp_journal_close(&j);
	return status < 0 ? flp_error_at(e, "%s", folder) : 0;
}

void
flp_journal_unmake(const char *folder)
{
	struct flp_error ignored;
	struct flp_journal j;

	if (set_paths(&j, folder, NULL, &ignored) == 0 && flp_file_remove(j.path, &ignored) == 0)
		rmdir(folder);
	flp_journal_close(&j);
}

int
flp_journal_same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

long
flp_journal_find(const struct flp_journal *j, const char *verb, const char *session,
    const char *purpose, uint64_t round)
{
	for (size_t i = j->n; i-- > 0;) {
		const struct flp_journal_entry *entry = &j->entry[i];

		if (entry->round == round && flp_journal_same(entry->verb, verb) &&
		    flp_journal_same(entry->session, session) &&
		    flp_journal_same(entry->purpose, purpose))
			return (long)i;
	}
	return -1;
}

long
flp_journal_of(const struct flp_journal *j, const struct flp_digest *message)
{
	char text[FLP_DIGEST_TEXT];

	flp_digest_text(message, text);
	for (size_t i = j->n; i-- > 0;) {
		const char *sent = flp_journal_files_digest(j, i, FLP_JOURNAL_SENT);

		if (sent != NULL && strncmp(sent, text, sizeof text - 1) == 0)
			return (long)i;
	}
	return -1;
}

/* Removes the files of messages whose round is over because of the last message. */
static int
drop_old(struct flp_journal *j, struct flp_error *e)
{
	for (size_t i = 0; i < j->n - 1; i++) {
		if (j->entry[i].over || !flp_journal_lines_later(j, i, j->n - 1))
			continue;
		j->entry[i].over = 1;
		if (flp_journal_files_settle(j, i, e) < 0)
			return -1;
	}
	return 0;
}

/* The files are on the disk before the line is added, and the line before they get their names. */
static int
store(struct flp_journal *j, const struct flp_journal_entry *entry,
    const struct flp_record *const part[FLP_JOURNAL_PARTS], struct flp_error *e)
{
	struct flp_meta keys = { 0 };
	int status = -1;

	if (flp_journal_files_write(j, part, &keys, e) == 0 &&
	    flp_journal_lines_add(j, entry, &keys, e) == 0 &&
	    flp_journal_files_settle(j, j->n - 1, e) == 0 && drop_old(j, e) == 0)
		status = flp_file_sync_folder(j->path, e);
	flp_meta_free(&keys);
	return status;
}

int
flp_journal_send(struct flp_journal *j, const struct flp_journal_entry *entry,
    const struct flp_record *message, const struct flp_record *secret,
    const struct flp_record *inside, struct flp_error *e)
{
	const struct flp_record *part[FLP_JOURNAL_PARTS] = { message, NULL, NULL };
	struct flp_record box = { 0 }, salted = { 0 };
	int status = 0;

	if (j->id == NULL || j->log.lines == 0 || message == NULL || entry->verb == NULL ||
	    entry->session == NULL || entry->input == NULL)
		return flp_error_misuse(e, "a message without a journal, a verb, a session or an input");
	if (secret != NULL) {
		status = flp_journal_seal(&box, secret, j->id, entry->input, e);
		part[FLP_JOURNAL_SECRET] = &box;
	}
	if (status == 0 && inside != NULL) {
		status = flp_journal_salt(&salted, inside, e);
		part[FLP_JOURNAL_INSIDE] = &salted;
	}
	if (status == 0)
		status = store(j, entry, part, e);
	flp_record_free(&box);
	flp_header_free(&salted.header);
	return status < 0 ? flp_error_at(e, "%s", j->folder) : 0;
}

int
flp_journal_message(const struct flp_journal *j, size_t i, struct flp_record *message,
    struct flp_error *e)
{
	return flp_journal_files_load(j, i, FLP_JOURNAL_SENT, message, e);
}

int
flp_journal_inside(const struct flp_journal *j, size_t i, struct flp_record *inside,
    struct flp_error *e)
{
	if (flp_journal_files_load(j, i, FLP_JOURNAL_INSIDE, inside, e) < 0)
		return -1;
	flp_journal_unsalt(inside);
	return 0;
}

int
flp_journal_secret(const struct flp_journal *j, size_t i, struct flp_record *secret,
    struct flp_error *e)
{
	struct flp_record box;
	int status;

	if (j->id == NULL)
		return flp_error_misuse(e, "secrets of a journal without its key");
	if (flp_journal_files_load(j, i, FLP_JOURNAL_SECRET, &box, e) < 0)
		return -1;
	status = flp_journal_unseal(secret, &box, j->id, j->entry[i].input, e);
	flp_record_free(&box);
	return status < 0 ? flp_error_at(e, "%s: %zu.secret", j->folder, j->entry[i].line) : 0;
}

void
flp_journal_wipe(struct flp_record *secret)
{
	flp_hidden_record_free(secret);
}

int
flp_journal_forget(struct flp_journal *j, size_t i, struct flp_error *e)
{
	if (j->id == NULL || i >= j->n)
		return flp_error_misuse(e, "entry %zu of %zu of a journal", i, j->n);
	if (j->entry[i].forgotten || flp_journal_files_digest(j, i, FLP_JOURNAL_SECRET) == NULL)
		return 0;
	if (flp_journal_lines_forget(j, i, e) == 0 && flp_journal_files_settle(j, i, e) == 0 &&
	    flp_file_sync_folder(j->path, e) == 0)
		return 0;
	return flp_error_at(e, "%s", j->folder);
}
