#include "data/folder.h"
#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int
is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	    c == '.' || c == '_' || c == '-';
}

char *
flp_folder_index(size_t k, size_t n, struct flp_error *e)
{
	char text[32];
	int width = snprintf(text, sizeof text, "%zu", n - 1);

	width = snprintf(text, sizeof text, "%0*zu", width < 3 ? 3 : width, k);
	return flp_memory_text(text, (size_t)width, e);
}

char *
flp_folder_name(const char *prefix, const char *client, struct flp_error *e)
{
	size_t used = strlen(prefix), room;
	char *name;

	client = client != NULL ? client : "";
	room = used + 3 * strlen(client) + sizeof ".flp";
	if ((name = flp_memory_new(room, 1, e)) == NULL)
		return NULL;
	memcpy(name, prefix, used);
	for (const char *c = client; *c != '\0'; c++)
		if (is_plain(*c) && !(c == client && *c == '.'))
			name[used++] = *c;
		else
			used += (size_t)sprintf(name + used, "%%%02X", (unsigned char)*c);
	memcpy(name + used, ".flp", sizeof ".flp");
	used += strlen(".flp");
	if (used <= NAME_MAX)
		return name;
	free(name);
	flp_error_bad(e, "client %.32s...: expected a file name of at most %d bytes, found %zu",
	    client, NAME_MAX, used);
	flp_error_hide(e, "a client", "client %.32s...", client);
	return NULL;
}

static int
is_ours(const char *name)
{
	size_t n = strlen(name);

	if (n < 4 || strcmp(name + n - 4, ".flp") != 0)
		return 0;
	return strncmp(name, "client-", 7) == 0 || strncmp(name, "test-", 5) == 0 ||
	    strcmp(name, "test.flp") == 0;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int
refuse_others(DIR *dir, const char **name, size_t n, struct flp_error *e)
{
	const struct dirent *entry;

	while (errno = 0, (entry = readdir(dir)) != NULL) {
		const char *found = entry->d_name;

		if (is_ours(found) && bsearch(&found, name, n, sizeof *name, by_name) == NULL)
			return flp_error_usage(e, "expected no other split's files, found %s: remove "
			    "them or choose another folder", found);
	}
	return errno == 0 ? 0 : flp_error_system(e, errno, "read");
}

int
flp_folder_open(struct flp_folder *folder, const char *path, struct flp_file *file, size_t n,
    struct flp_error *e)
{
	const char **name;
	DIR *dir;
	int status;

	*folder = (struct flp_folder){ .path = path, .file = file, .n = n };
	if (flp_unfinished_folder(&folder->made, path, e) < 0)
		return -1;
	if ((dir = opendir(path)) == NULL)
		return flp_error_system(e, errno, "open");
	if ((name = flp_memory_new(n, sizeof *name, e)) == NULL) {
		closedir(dir);
		return -1;
	}
	for (size_t i = 0; i < n; i++)
		name[i] = file[i].name;
	qsort(name, n, sizeof *name, by_name);
	status = refuse_others(dir, name, n, e);
	free(name);
	closedir(dir);
	return status;
}

int
flp_folder_write(struct flp_folder *folder, const struct flp_dataset *set, struct flp_error *e)
{
	struct flp_file *file = &folder->file[folder->written];
	struct flp_record record = { 0 };
	char *whole;
	int status = -1;

	if (folder->written >= folder->n)
		return flp_error_misuse(e, "a file beyond the last of %zu", folder->n);
	if (asprintf(&whole, "%s/%s", folder->path, file->name) < 0)
		return flp_error_system(e, errno, "%s", file->name);
	if (flp_dataset_gather(&record, set, file->row, file->n, e) == 0 &&
	    (file->client == NULL ||
	    flp_meta_set_text(&record.header.meta, "client", file->client, e) == 0) &&
	    flp_record_create(&record, &file->out, whole, 0, e) == 0)
		status = flp_out_close(&file->out, 0, e);
	flp_record_free(&record);
	free(whole);
	if (status < 0)
		return flp_error_at(e, "%s", file->name);
	folder->written++;
	return 0;
}

int
flp_folder_commit(struct flp_folder *folder, struct flp_error *e)
{
	sigset_t before;
	int status = 0;

	flp_unfinished_hold(&before);
	for (size_t i = 0; status == 0 && i < folder->written; i++)
		status = flp_out_commit(&folder->file[i].out, 0, e);
	if (status == 0)
		flp_unfinished_keep(folder->made);
	flp_unfinished_release(&before);
	return status;
}
