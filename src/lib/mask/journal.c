#include "mask/journal.h"
#include "base/file.h"
#include "base/in.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/unfinished.h"
#include "loop/inputs.h"
#include "mask/hidden.h"
#include "mask/journal_digest.h"
#include "mask/journal_seal.h"
#include "mask/kdf.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char magic[] = "fl-journal 1";

/* The files of a line, each with the key of the line that has its digest. */
enum part { SENT, SECRET, INSIDE, PARTS };
static const char *const part_name[PARTS] = { "sent", "secret", "inside" };

static const char forgets[] = "forgets"; /* the key of a line that makes secrets forgotten */

/* The texts of an entry, by their keys in its line. */
static const struct {
	const char *key;
	size_t at;
} field[] = {
#define FIELD(name) { #name, offsetof(struct flp_journal_entry, name) }
	FIELD(verb), FIELD(session), FIELD(roster), FIELD(instead), FIELD(members), FIELD(purpose),
	FIELD(base), FIELD(weights), FIELD(graph), FIELD(survivors), FIELD(input),
#undef FIELD
};
#define FIELDS (sizeof field / sizeof *field)

static const char **
text_of(struct flp_journal_entry *entry, size_t i)
{
	return (const char **)((char *)entry + field[i].at);
}

static int
put(struct flp_meta *keys, const char *key, const char *value, struct flp_error *e)
{
	return flp_meta_set(keys, key, value, strlen(value), e);
}

static const char *
path_of(char path[PATH_MAX], const struct flp_journal *j, size_t number, enum part part,
    const char *end)
{
	snprintf(path, PATH_MAX, "%s/%zu.%s%s", j->folder, number, part_name[part], end);
	return path;
}

/* A digest of the machine: its id is not for others to see. A machine without one has that
 * in common with others. */
static int
find_machine(char text[FLP_DIGEST_TEXT], struct flp_error *e)
{
	struct flp_digest digest;
	char line[256] = "";
	struct flp_kdf k;
	struct flp_in in;
	size_t n = 0;
	int found = flp_in_open_regular(&in, "/etc/machine-id", e);

	if (found < 0)
		return -1;
	if (found > 0) {
		int status = flp_in_read(&in, line, sizeof line, &n, e);

		flp_in_close(&in);
		if (status < 0)
			return flp_error_in(e, "/etc/machine-id");
	}
	flp_kdf_begin(&k, NULL, "machine");
	flp_kdf_bytes(&k, line, n);
	flp_kdf_end(&k, digest.byte);
	flp_digest_text(&digest, text);
	return 0;
}

/* The second line of the log: whose it is, and what a copy does not have. */
static int
describe_owner(struct flp_meta *keys, const struct flp_journal *j, const struct flp_identity *id,
    struct flp_error *e)
{
	char machine[FLP_DIGEST_TEXT], key[2 * sizeof id->sign_public + 1], inode[FLP_NUMBER_TEXT];
	struct stat st;

	if (fstat(j->log.file.fd, &st) < 0)
		return flp_error_system(e, errno, "log");
	snprintf(inode, sizeof inode, "%llu", (unsigned long long)st.st_ino);
	sodium_bin2hex(key, sizeof key, id->sign_public, sizeof id->sign_public);
	if (find_machine(machine, e) < 0 || put(keys, "key", key, e) < 0 ||
	    put(keys, "inode", inode, e) < 0 || put(keys, "machine", machine, e) < 0)
		return -1;
	return 0;
}

static int
check_owner(const struct flp_journal *j, struct flp_error *e)
{
	static const struct { const char *key, *why; } checks[] = {
		{ "key", "expected the journal of this key, found that of another" },
		{ "inode", "expected the journal that keygen made, found a copy of it: what was sent after "
		    "the copy is not known, so make new keys" },
		{ "machine", "expected the journal of this machine, found that of another: make new keys" },
	};
	struct flp_meta want = { 0 };
	int status = describe_owner(&want, j, j->id, e);

	for (size_t i = 0; status == 0 && i < sizeof checks / sizeof *checks; i++) {
		size_t n, found_n;
		const char *value = flp_meta_get(&want, checks[i].key, &n);
		const char *found = flp_meta_get(&j->log.line[0], checks[i].key, &found_n);

		if (found == NULL || found_n != n || memcmp(found, value, n) != 0)
			status = flp_error_bad(e, "%s", checks[i].why);
	}
	flp_meta_free(&want);
	return status;
}

static void
free_entry(struct flp_journal_entry *entry)
{
	for (size_t i = 0; i < FIELDS; i++)
		free((void *)*text_of(entry, i));
}

static int
fill_entry(struct flp_journal_entry *entry, const struct flp_meta *line, struct flp_error *e)
{
	const char *value;
	size_t n;

	for (size_t i = 0; i < FIELDS; i++)
		if ((value = flp_meta_get(line, field[i].key, &n)) != NULL &&
		    (*text_of(entry, i) = flp_memory_text(value, n, e)) == NULL)
			return -1;
	value = flp_meta_get(line, "round", &n);
	if (value == NULL || flp_number_u64(value, n, &entry->round) < 0 || entry->verb == NULL ||
	    entry->session == NULL || entry->input == NULL)
		return flp_error_bad(e, "expected verb, session, round and input");
	return 0;
}

/* A line of a message, whose number is the last of the log. */
static int
take_entry(struct flp_journal *j, size_t number, struct flp_error *e)
{
	struct flp_journal_entry entry = { 0 };

	if (flp_memory_grow(&j->entry, &j->room, j->n + 1, sizeof *j->entry, e) < 0 ||
	    flp_memory_grow(&j->line, &j->line_room, j->n + 1, sizeof *j->line, e) < 0)
		return -1;
	if (fill_entry(&entry, &j->log.line[number], e) < 0) {
		free_entry(&entry);
		return -1;
	}
	j->entry[j->n] = entry;
	j->line[j->n++] = number;
	return 0;
}

/* A line that says that the secrets of an earlier one are not wanted any more. */
static int
take_forgets(struct flp_journal *j, const char *value, size_t n, struct flp_error *e)
{
	uint64_t number;

	if (flp_number_u64(value, n, &number) == 0)
		for (size_t i = 0; i < j->n; i++)
			if (j->line[i] == number) {
				j->entry[i].forgotten = 1;
				return 0;
			}
	return flp_error_bad(e, "%s: expected the number of an earlier line", forgets);
}

static int
is(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static int
same_turn(const struct flp_journal_entry *a, const struct flp_journal_entry *b)
{
	return is(a->verb, b->verb) && is(a->session, b->session) && is(a->purpose, b->purpose);
}

/* Rounds do not go back (mask/permit.h), so the next message of the same turn that is of another
 * round is of a later one. */
static void
mark_over(struct flp_journal *j)
{
	for (size_t i = 0; i < j->n; i++)
		for (size_t k = i + 1; k < j->n && !j->entry[i].over; k++)
			j->entry[i].over = same_turn(&j->entry[i], &j->entry[k]) &&
			    j->entry[k].round > j->entry[i].round;
}

static int
take_lines(struct flp_journal *j, struct flp_error *e)
{
	size_t n;

	if (j->log.lines == 0)
		return flp_error_bad(e, "log: expected a line that names its key, found none: keygen did "
		    "not finish");
	for (size_t i = 1; i < j->log.lines; i++) {
		const char *value = flp_meta_get(&j->log.line[i], forgets, &n);

		if ((value != NULL ? take_forgets(j, value, n, e) : take_entry(j, i, e)) < 0)
			return flp_error_at(e, "log: line %zu", i + 2);
	}
	mark_over(j);
	return 0;
}

/* Gives a file of an entry its name, or removes it, if the process ended before it had. */
static int
settle_file(const struct flp_journal *j, size_t i, enum part part, struct flp_error *e)
{
	char new[PATH_MAX], path[PATH_MAX];

	if (!flp_meta_get(&j->log.line[j->line[i]], part_name[part], &(size_t){ 0 }))
		return 0;
	path_of(path, j, j->line[i], part, "");
	path_of(new, j, j->line[i], part, ".new");
	if (part == SECRET ? j->entry[i].forgotten : j->entry[i].over) {
		if (j->id == NULL)
			return 0;
		return flp_file_remove(new, e) < 0 ? -1 : flp_file_remove(path, e);
	}
	if (j->entry[i].over)
		return 0;
	if (j->id != NULL && flp_file_rename(new, path, e) < 0)
		return -1;
	return flp_file_exists(path) || (j->id == NULL && flp_file_exists(new)) ? 0 :
	    flp_error_bad(e, "%zu.%s: expected what was sent or kept, found no file", j->line[i],
	    part_name[part]);
}

static int
settle(const struct flp_journal *j, size_t i, struct flp_error *e)
{
	for (enum part part = SENT; part < PARTS; part++)
		if (settle_file(j, i, part, e) < 0)
			return -1;
	return 0;
}

/* Whether a file is of a message that was sent and has no line. */
static int
is_beyond(const struct flp_journal *j, const char *name)
{
	const char *dot = strchr(name, '.');
	uint64_t number;

	return dot != NULL && strcmp(dot + 1, part_name[SENT]) == 0 &&
	    flp_number_u64(name, (size_t)(dot - name), &number) == 0 && number >= j->log.lines;
}

/* A message that was sent and has no line is of a log that was longer. It may be of any line that
 * is missing, since those before it were removed when their rounds were over. */
static int
check_end(const struct flp_journal *j, struct flp_error *e)
{
	DIR *folder = opendir(j->folder);
	const struct dirent *file;
	int status = 0;

	if (folder == NULL)
		return flp_error_system(e, errno, "open");
	for (errno = 0; status == 0 && (file = readdir(folder)) != NULL; errno = 0)
		if (is_beyond(j, file->d_name))
			status = flp_error_bad(e, "log: expected a line for %s, found none: the log was "
			    "shortened", file->d_name);
	if (status == 0 && errno != 0)
		status = flp_error_system(e, errno, "read");
	closedir(folder);
	return status;
}

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
	if (flp_log_open(&j->log, j->path, magic, j->id != NULL, e) < 0)
		return -1;
	if (take_lines(j, e) < 0 || (j->id != NULL && check_owner(j, e) < 0))
		return -1;
	for (size_t i = 0; i < j->n; i++)
		if (settle(j, i, e) < 0)
			return -1;
	return check_end(j, e);
}

/* Others must not have read or changed it. If there is no folder, open_log says so. */
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
	if (set_paths(j, folder, id, e) == 0 && check_folder(j, e) == 0 && open_log(j, e) == 0)
		return 0;
	flp_journal_close(j);
	return flp_error_at(e, "%s", folder);
}

void
flp_journal_close(struct flp_journal *j)
{
	for (size_t i = 0; i < j->n; i++)
		free_entry(&j->entry[i]);
	free(j->entry);
	free(j->line);
	flp_log_close(&j->log);
	free(j->folder);
	free(j->path);
	memset(j, 0, sizeof *j);
}

static int
make_log(struct flp_journal *j, const struct flp_identity *id, struct flp_error *e)
{
	struct flp_meta owner = { 0 };
	int status = -1;

	if (flp_log_open(&j->log, j->path, magic, 1, e) == 0 &&
	    describe_owner(&owner, j, id, e) == 0)
		status = flp_log_add(&j->log, &owner, e);
	flp_meta_free(&owner);
	return status;
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
		status = make_log(&j, id, e);
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

long
flp_journal_find(const struct flp_journal *j, const char *verb, const char *session,
    const char *purpose, uint64_t round)
{
	for (size_t i = j->n; i-- > 0;) {
		const struct flp_journal_entry *entry = &j->entry[i];

		if (entry->round == round && is(entry->verb, verb) && is(entry->session, session) &&
		    is(entry->purpose, purpose))
			return (long)i;
	}
	return -1;
}

long
flp_journal_of(const struct flp_journal *j, const struct flp_digest *message)
{
	char text[FLP_DIGEST_TEXT];

	flp_digest_text(message, text);
	for (size_t i = j->n; i-- > 0;)
		if (flp_meta_is(&j->log.line[j->line[i]], part_name[SENT], text))
			return (long)i;
	return -1;
}

/* Writes a record under its first name, on the disk, and adds its digest to the line. */
static int
write_part(const struct flp_journal *j, enum part part, const struct flp_record *record,
    struct flp_meta *line, struct flp_error *e)
{
	char path[PATH_MAX], text[FLP_DIGEST_TEXT];
	struct flp_digest digest;
	struct flp_writer *w = NULL;
	struct flp_out out;
	int status = -1;

	path_of(path, j, j->log.lines, part, ".new");
	/* Of a message that never was sent there may be more files than of this one. */
	if (record == NULL)
		return flp_file_remove(path, e);
	if (flp_record_digest(record, &digest, e) < 0 || flp_out_create(&out, path, e) < 0)
		return -1;
	flp_digest_text(&digest, text);
	if (put(line, part_name[part], text, e) == 0 && flp_out_private(&out, e) == 0 &&
	    (w = flp_writer_new(&out, e)) != NULL)
		status = flp_record_write(record, w, e);
	flp_writer_free(w);
	if (status == 0)
		return flp_out_commit(&out, 1, e);
	flp_out_discard(&out);
	return -1;
}

static int
describe(struct flp_meta *line, const struct flp_journal_entry *entry, struct flp_error *e)
{
	struct flp_journal_entry copy = *entry;

	for (size_t i = 0; i < FIELDS; i++)
		if (*text_of(&copy, i) != NULL && put(line, field[i].key, *text_of(&copy, i), e) < 0)
			return -1;
	return flp_meta_set_u64(line, "round", entry->round, e);
}

/* Removes what the last message has made old. */
static int
drop_old(struct flp_journal *j, struct flp_error *e)
{
	const struct flp_journal_entry *last = &j->entry[j->n - 1];

	for (size_t i = 0; i < j->n - 1; i++) {
		struct flp_journal_entry *old = &j->entry[i];

		if (old->over || !same_turn(old, last) || old->round >= last->round)
			continue;
		old->over = 1;
		if (settle(j, i, e) < 0)
			return -1;
	}
	return 0;
}

/* The files are on the disk before the line, and the line before they get their names. */
static int
store(struct flp_journal *j, struct flp_meta *line, const struct flp_record *const part[PARTS],
    struct flp_error *e)
{
	for (enum part i = SENT; i < PARTS; i++)
		if (write_part(j, i, part[i], line, e) < 0)
			return -1;
	if (flp_log_add(&j->log, line, e) < 0 || take_entry(j, j->log.lines - 1, e) < 0 ||
	    settle(j, j->n - 1, e) < 0 || drop_old(j, e) < 0)
		return -1;
	return flp_file_sync_folder(j->path, e);
}

int
flp_journal_send(struct flp_journal *j, const struct flp_journal_entry *entry,
    const struct flp_record *message, const struct flp_record *secret,
    const struct flp_record *inside, struct flp_error *e)
{
	const struct flp_record *part[PARTS] = { message, NULL, NULL };
	struct flp_meta line = { 0 };
	struct flp_record box = { 0 }, salted = { 0 };
	int status;

	if (j->id == NULL || j->log.lines == 0 || message == NULL || entry->verb == NULL ||
	    entry->session == NULL || entry->input == NULL)
		return flp_error_misuse(e, "a message without a journal, a verb, a session or an input");
	status = describe(&line, entry, e);
	if (status == 0 && secret != NULL) {
		status = flp_journal_seal(&box, secret, j->id, entry->input, e);
		part[SECRET] = &box;
	}
	if (status == 0 && inside != NULL) {
		status = flp_journal_salt(&salted, inside, e);
		part[INSIDE] = &salted;
	}
	if (status == 0)
		status = store(j, &line, part, e);
	flp_record_free(&box);
	flp_header_free(&salted.header);
	flp_meta_free(&line);
	return status < 0 ? flp_error_at(e, "%s", j->folder) : 0;
}

/* A record of an entry, with its digest checked. */
static int
load(const struct flp_journal *j, size_t i, enum part part, struct flp_record *record,
    struct flp_error *e)
{
	char path[PATH_MAX], text[FLP_DIGEST_TEXT];
	struct flp_digest digest;

	memset(record, 0, sizeof *record);
	if (i >= j->n)
		return flp_error_misuse(e, "entry %zu of %zu of a journal", i, j->n);
	if (flp_meta_get(&j->log.line[j->line[i]], part_name[part], &(size_t){ 0 }) == NULL)
		return flp_error_bad(e, "%s: %zu.%s: nothing was kept", j->folder, j->line[i],
		    part_name[part]);
	if (part == SECRET && j->entry[i].forgotten)
		return flp_error_bad(e, "%s: %zu.%s: the secrets of this round were erased", j->folder,
		    j->line[i], part_name[part]);
	path_of(path, j, j->line[i], part, "");
	if (part != SECRET && j->entry[i].over && !flp_file_exists(path))
		return flp_error_bad(e, "%s: its round is over, so it is no longer kept", path);
	if (flp_inputs_load(record, NULL, path, 0, e) < 0)
		return -1;
	if (flp_record_digest(record, &digest, e) == 0) {
		flp_digest_text(&digest, text);
		if (flp_meta_is(&j->log.line[j->line[i]], part_name[part], text))
			return 0;
		flp_error_bad(e, "expected the record that the log names, found another");
	}
	flp_record_free(record);
	return flp_error_at(e, "%s", path);
}

int
flp_journal_message(const struct flp_journal *j, size_t i, struct flp_record *message,
    struct flp_error *e)
{
	return load(j, i, SENT, message, e);
}

int
flp_journal_inside(const struct flp_journal *j, size_t i, struct flp_record *inside,
    struct flp_error *e)
{
	if (load(j, i, INSIDE, inside, e) < 0)
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
	if (load(j, i, SECRET, &box, e) < 0)
		return -1;
	status = flp_journal_unseal(secret, &box, j->id, j->entry[i].input, e);
	flp_record_free(&box);
	return status < 0 ? flp_error_at(e, "%s: %zu.secret", j->folder, j->line[i]) : 0;
}

void
flp_journal_wipe(struct flp_record *secret)
{
	flp_hidden_record_free(secret);
}

int
flp_journal_forget(struct flp_journal *j, size_t i, struct flp_error *e)
{
	struct flp_meta line = { 0 };
	char number[FLP_NUMBER_TEXT];
	int status;

	if (j->id == NULL || i >= j->n)
		return flp_error_misuse(e, "entry %zu of %zu of a journal", i, j->n);
	if (j->entry[i].forgotten ||
	    flp_meta_get(&j->log.line[j->line[i]], part_name[SECRET], &(size_t){ 0 }) == NULL)
		return 0;
	snprintf(number, sizeof number, "%zu", j->line[i]);
	if ((status = put(&line, forgets, number, e)) == 0)
		status = flp_log_add(&j->log, &line, e);
	flp_meta_free(&line);
	if (status == 0) {
		j->entry[i].forgotten = 1;
		status = settle(j, i, e);
	}
	if (status == 0)
		status = flp_file_sync_folder(j->path, e);
	return status < 0 ? flp_error_at(e, "%s", j->folder) : 0;
}
