/* The folder of the inboxes of a round, a file for each client that has sent its
 * shares. */
#include "fl-mask/inboxes.h"
#include "base/file.h"
#include "data/folder.h"
#include "loop/inputs.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Refuses to replace an inbox by a different one: the client may have the old one already, and adds
 * masks for all clients whose boxes are in it. */
static int
check_old(const char *path, const struct flp_record *inbox, struct flp_error *e)
{
	struct flp_digest was, is;
	struct flp_record old;
	int status;

	if (!flp_file_exists(path))
		return 0;
	if (flp_inputs_load(&old, NULL, path, FLP_KIND_SHARE, e) < 0)
		return -1;
	status = flp_record_digest(&old, &was, e) < 0 ? -1 : flp_record_digest(inbox, &is, e);
	flp_record_free(&old);
	return status < 0 || memcmp(&was, &is, sizeof was) == 0 ? status : flp_error_bad(e, "%s: "
	    "expected no other inbox under this name, found one: boxes are delivered once in a round, "
	    "and each round has a folder of its own", path);
}

/* Writes an inbox to a file that does not have its name yet. */
static int
write_inbox(const struct flp_dealing *d, size_t i, const char *path, struct flp_out *out,
    struct flp_error *e)
{
	struct flp_record inbox = { 0 };
	int status = -1;

	if (flp_dealing_inbox(d, i, &inbox, e) == 0 && check_old(path, &inbox, e) == 0 &&
	    flp_record_create(&inbox, out, path, 0, e) == 0)
		status = flp_out_close(out, 0, e);
	flp_record_free(&inbox);
	return status;
}

/* The path of each client's file, to be freed; NULL for a client that has not sent its shares. */
static char **
name_all(const struct flp_dealing *d, const char *folder)
{
	char **path = cli_new(d->g->n, sizeof *path);
	struct flp_error e;

	for (size_t i = 0; i < d->g->n; i++) {
		char *name = flp_folder_name("", flp_gathering_name(d->g, i), &e);

		cli_check(name == NULL ? -1 : 0, &e, NULL);
		if (flp_dealing_shared(d, i) && asprintf(&path[i], "%s/%s", folder, name) < 0)
			cli_check(flp_error_system(&e, errno, "text"), &e, NULL);
		free(name);
	}
	return path;
}

static int
by_path(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

/* Returns 1 if a file of the folder is an inbox that is not among the n paths, which are sorted,
 * and 0 if not. */
static int
is_other(const char *folder, const char *name, char *const *path, size_t n, struct flp_error *e)
{
	static const char end[] = ".flp";
	size_t name_n = strlen(name);
	int other;
	char *whole;

	if (name_n < strlen(end) || strcmp(name + name_n - strlen(end), end) != 0)
		return 0;
	if (asprintf(&whole, "%s/%s", folder, name) < 0)
		return flp_error_system(e, errno, "text");
	other = bsearch(&whole, path, n, sizeof *path, by_path) == NULL;
	free(whole);
	return other;
}

/* Refuses a folder with the inboxes of another round, or of clients that have not shared. */
static int
check_others(const char *folder, char *const *path, size_t n, struct flp_error *e)
{
	DIR *dir = opendir(folder);
	const struct dirent *file;
	int status = 0;

	if (dir == NULL)
		return flp_error_system(e, errno, "%s: open", folder);
	while (status == 0 && (errno = 0, file = readdir(dir)) != NULL)
		if ((status = is_other(folder, file->d_name, path, n, e)) > 0)
			status = flp_error_bad(e, "%s: expected a folder for the inboxes of this round alone, "
			    "found %s: each round has a folder of its own, and is delivered once", folder,
			    file->d_name);
	if (status == 0 && errno != 0)
		status = flp_error_system(e, errno, "%s: read", folder);
	closedir(dir);
	return status;
}

/* The same for the paths of all clients, which are NULL for those that have not sent shares. */
static int
check_folder(const char *folder, char *const *path, size_t n, struct flp_error *e)
{
	char **sorted = cli_new(n, sizeof *sorted);
	size_t some = 0;
	int status;

	for (size_t i = 0; i < n; i++)
		if (path[i] != NULL)
			sorted[some++] = path[i];
	qsort(sorted, some, sizeof *sorted, by_path);
	status = check_others(folder, sorted, some, e);
	free(sorted);
	return status;
}

/* The inboxes get their names after everything else has succeeded. */
void
mask_inboxes_write(const struct flp_dealing *d, const char *folder, struct flp_out *out)
{
	struct flp_out *file = cli_new(d->g->n, sizeof *file);
	char **path = name_all(d, folder);
	struct flp_unfinished *made;
	struct flp_record message;
	struct flp_error e;
	sigset_t before;
	int status = 0;

	cli_check(flp_unfinished_folder(&made, folder, &e), &e, NULL);
	cli_check(check_folder(folder, path, d->g->n, &e), &e, NULL);
	for (size_t i = 0; i < d->g->n; i++) {
		if (!flp_dealing_shared(d, i))
			continue;
		cli_check(write_inbox(d, i, path[i], &file[i], &e), &e, NULL);
		cli_check(flp_dealing_message(d, i, &message, &e), &e, NULL);
		cli_write(out, &message);
		flp_record_free(&message);
	}
	cli_check(flp_out_flush(out, &e), &e, NULL);
	flp_unfinished_hold(&before);
	for (size_t i = 0; status == 0 && i < d->g->n; i++)
		if (flp_dealing_shared(d, i))
			status = flp_out_commit(&file[i], 0, &e);
	flp_unfinished_keep(made);
	flp_unfinished_release(&before);
	cli_check(status, &e, NULL);
	for (size_t i = 0; i < d->g->n; i++)
		free(path[i]);
	free(path);
	free(file);
}
