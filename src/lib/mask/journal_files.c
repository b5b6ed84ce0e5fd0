#include "mask/journal_files.h"
#include "base/file.h"
#include "base/number.h"
#include "base/unfinished.h"
#include "loop/inputs.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define NEW ".new" /* ends the first name of a file */

/* Each name is also the key of the file's digest in the line. */
static const char *const part_name[FLP_JOURNAL_PARTS] = { "sent", "secret", "inside" };

static const char *
path_of(char path[PATH_MAX], const struct flp_journal *j, size_t number,
    enum flp_journal_part part, const char *end)
{
	snprintf(path, PATH_MAX, "%s/%zu.%s%s", j->folder, number, part_name[part], end);
	return path;
}

const char *
flp_journal_files_digest(const struct flp_journal *j, size_t i, enum flp_journal_part part)
{
	size_t n;

	return flp_meta_get(&j->log.line[j->entry[i].line], part_name[part], &n);
}

/* Writes a record under its first name, to the disk, and adds its digest to the line. */
static int
write_part(const struct flp_journal *j, enum flp_journal_part part,
    const struct flp_record *record, struct flp_meta *keys, struct flp_error *e)
{
	char path[PATH_MAX], text[FLP_DIGEST_TEXT];
	struct flp_digest digest;
	struct flp_out out;

	if (flp_record_digest(record, &digest, e) < 0)
		return -1;
	flp_digest_text(&digest, text);
	path_of(path, j, j->log.lines, part, NEW);
	if (flp_meta_set(keys, part_name[part], text, strlen(text), e) < 0 ||
	    flp_record_create(record, &out, path, 1, e) < 0)
		return -1;
	return flp_out_commit(&out, 1, e);
}

int
flp_journal_files_write(const struct flp_journal *j,
    const struct flp_record *const part[FLP_JOURNAL_PARTS], struct flp_meta *keys,
    struct flp_error *e)
{
	for (enum flp_journal_part i = 0; i < FLP_JOURNAL_PARTS; i++)
		if (part[i] != NULL && write_part(j, i, part[i], keys, e) < 0)
			return -1;
	return 0;
}

/* Gives a file of an entry its name or removes it, if an earlier process was killed before it had
 * done so. */
static int
settle_file(const struct flp_journal *j, size_t i, enum flp_journal_part part,
    struct flp_error *e)
{
	const struct flp_journal_entry *entry = &j->entry[i];
	char new[PATH_MAX], path[PATH_MAX];

	if (flp_journal_files_digest(j, i, part) == NULL)
		return 0;
	path_of(path, j, entry->line, part, "");
	path_of(new, j, entry->line, part, NEW);
	if (part == FLP_JOURNAL_SECRET ? entry->forgotten : entry->over) {
		if (j->id == NULL)
			return 0;
		return flp_file_remove(new, e) < 0 ? -1 : flp_file_remove(path, e);
	}
	if (j->id != NULL && flp_file_rename(new, path, e) < 0)
		return -1;
	return flp_file_exists(path) || (j->id == NULL && flp_file_exists(new)) ? 0 :
	    flp_error_bad(e, "%zu.%s: expected a file of this message, found none", entry->line,
	    part_name[part]);
}

int
flp_journal_files_settle(const struct flp_journal *j, size_t i, struct flp_error *e)
{
	for (enum flp_journal_part part = 0; part < FLP_JOURNAL_PARTS; part++)
		if (settle_file(j, i, part, e) < 0)
			return -1;
	return 0;
}

/* Calls `look` for each file of the folder. */
static int
each_file(const struct flp_journal *j,
    int (*look)(const struct flp_journal *j, const char *name, struct flp_error *e),
    struct flp_error *e)
{
	DIR *folder = opendir(j->folder);
	const struct dirent *file;
	int status = 0;

	if (folder == NULL)
		return flp_error_system(e, errno, "open");
	for (errno = 0; status == 0 && (file = readdir(folder)) != NULL; errno = 0)
		status = look(j, file->d_name, e);
	if (status == 0 && errno != 0)
		status = flp_error_system(e, errno, "read");
	closedir(folder);
	return status;
}

static int
look_beyond(const struct flp_journal *j, const char *name, struct flp_error *e)
{
	const char *dot = strchr(name, '.');
	uint64_t number;

	if (dot == NULL || strcmp(dot + 1, part_name[FLP_JOURNAL_SENT]) != 0 ||
	    flp_number_u64(name, (size_t)(dot - name), &number) < 0 || number < j->log.lines)
		return 0;
	return flp_error_bad(e, "log: expected a line for %s, found none: the log was shortened", name);
}

/* If a message was sent and has no line, the log was longer once. The message may belong to any
 * missing line, since the files of those before it were removed when their rounds were over. */
int
flp_journal_files_check(const struct flp_journal *j, struct flp_error *e)
{
	return each_file(j, look_beyond, e);
}

static int
remove_new(const struct flp_journal *j, const char *name, struct flp_error *e)
{
	size_t n = strlen(name), end = strlen(NEW);
	char path[PATH_MAX];

	if (strncmp(name, FLP_UNFINISHED, strlen(FLP_UNFINISHED)) != 0 &&
	    (n < end || strcmp(name + n - end, NEW) != 0))
		return 0;
	if ((size_t)snprintf(path, sizeof path, "%s/%s", j->folder, name) >= sizeof path)
		return flp_error_system(e, ENAMETOOLONG, "remove %s", name);
	return flp_file_remove(path, e);
}

int
flp_journal_files_tidy(const struct flp_journal *j, struct flp_error *e)
{
	return each_file(j, remove_new, e);
}

/* Checks that a part of entry i is still kept, and sets `path` to its file. */
static int
find_kept(const struct flp_journal *j, size_t i, enum flp_journal_part part,
    char path[PATH_MAX], struct flp_error *e)
{
	const struct flp_journal_entry *entry = &j->entry[i];

	if (flp_journal_files_digest(j, i, part) == NULL)
		return flp_error_bad(e, "%s: %zu.%s: nothing was kept", j->folder, entry->line,
		    part_name[part]);
	if (part == FLP_JOURNAL_SECRET && entry->forgotten)
		return flp_error_bad(e, "%s: %zu.%s: the secrets of this round were erased", j->folder,
		    entry->line, part_name[part]);
	/* If the journal is only read, its last files may still have their first names. */
	if (j->id == NULL && flp_file_exists(path_of(path, j, entry->line, part, NEW)))
		return 0;
	path_of(path, j, entry->line, part, "");
	if (part != FLP_JOURNAL_SECRET && entry->over && !flp_file_exists(path))
		return flp_error_bad(e, "%s: its round is over, so it is no longer kept", path);
	return 0;
}

int
flp_journal_files_load(const struct flp_journal *j, size_t i, enum flp_journal_part part,
    struct flp_record *record, struct flp_error *e)
{
	char path[PATH_MAX], text[FLP_DIGEST_TEXT];
	struct flp_digest digest;

	memset(record, 0, sizeof *record);
	if (i >= j->n)
		return flp_error_misuse(e, "entry %zu of %zu of a journal", i, j->n);
	if (find_kept(j, i, part, path, e) < 0 || flp_inputs_load(record, NULL, path, 0, e) < 0)
		return -1;
	if (flp_record_digest(record, &digest, e) == 0) {
		flp_digest_text(&digest, text);
		if (flp_meta_is(&j->log.line[j->entry[i].line], part_name[part], text))
			return 0;
		flp_error_bad(e, "expected the record that the log names, found another");
	}
	flp_record_free(record);
	return flp_error_at(e, "%s", path);
}
