#include "base/file.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *
flp_file_folder(const char *path, struct flp_error *e)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return flp_memory_text(".", 1, e);
	return flp_memory_text(path, slash == path ? 1 : (size_t)(slash - path), e);
}

int
flp_file_sync_folder(const char *path, struct flp_error *e)
{
	char *folder = flp_file_folder(path, e);
	int fd, status = 0;

	if (folder == NULL)
		return -1;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* A file system that can't sync folders says EINVAL. */
	if (fd < 0 || (fsync(fd) < 0 && errno != EINVAL))
		status = flp_error_system(e, errno, "fsync of the folder");
	if (fd >= 0)
		close(fd);
	free(folder);
	return status;
}

static int
failed(const char *path, const char *what, struct flp_error *e)
{
	flp_error_system(e, errno, "%s", what);
	return flp_error_in(e, path);
}

int
flp_file_rename(const char *from, const char *to, struct flp_error *e)
{
	if (rename(from, to) == 0)
		return 1;
	return errno == ENOENT ? 0 : failed(from, "rename", e);
}

int
flp_file_remove(const char *path, struct flp_error *e)
{
	return unlink(path) == 0 || errno == ENOENT ? 0 : failed(path, "remove", e);
}

int
flp_file_exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

int
flp_file_private(const struct stat *st, struct flp_error *e)
{
	int folder = S_ISDIR(st->st_mode);

	if ((st->st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return flp_error_bad(e, "mode: expected %s, a %s that its owner alone may read, found %03o",
		    folder ? "700" : "600", folder ? "folder" : "file", (unsigned)st->st_mode & 0777);
	return st->st_uid == geteuid() || st->st_uid == 0 ? 0 : flp_error_bad(e, "owner: expected the "
	    "user of this process, %u, found %u", (unsigned)geteuid(), (unsigned)st->st_uid);
}
