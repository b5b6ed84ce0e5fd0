#include "base/append.h"
#include "base/memory.h"
#include "base/out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRIES 1000 /* attempts to open a file that others keep replacing */

static int
failed(const struct flp_append *a, const char *what, struct flp_error *e)
{
	flp_error_system(e, errno, "%s", what);
	return flp_error_in(e, a->path);
}

static int
make(const char *path, const char *first, struct flp_error *e)
{
	struct flp_out out;

	if (flp_out_create(&out, path, e) < 0)
		return -1;
	if (flp_out_write(&out, first, strlen(first), e) < 0) {
		flp_out_discard(&out);
		return -1;
	}
	return flp_out_commit_first(&out, e);
}

static int
open_locked(struct flp_append *a, int write, struct flp_error *e)
{
	struct stat st;

	a->fd = open(a->path, (write ? O_RDWR | O_APPEND : O_RDONLY) | O_CLOEXEC | O_NONBLOCK);
	if (a->fd < 0 || fstat(a->fd, &st) < 0)
		return failed(a, "open", e);
	if (!S_ISREG(st.st_mode)) {
		flp_error_bad(e, "expected a regular file");
		return flp_error_in(e, a->path);
	}
	while (flock(a->fd, write ? LOCK_EX : LOCK_SH) < 0)
		if (errno != EINTR)
			return failed(a, "lock", e);
	return 0;
}

static int
read_all(struct flp_append *a, struct flp_error *e)
{
	struct stat st;
	ssize_t k;

	if (fstat(a->fd, &st) < 0)
		return failed(a, "read", e);
	if ((a->text = flp_memory_new((size_t)st.st_size + 1, 1, e)) == NULL)
		return -1;
	while (a->n < (size_t)st.st_size) {
		k = pread(a->fd, a->text + a->n, (size_t)st.st_size - a->n, (off_t)a->n);
		if (k < 0 && errno != EINTR)
			return failed(a, "read", e);
		if (k == 0)
			break;
		a->n += k > 0 ? (size_t)k : 0;
	}
	return 0;
}

/* Returns 1 if the path no longer names the file that is open. It was then replaced while this
 * process waited for the lock, and a line added to the old file would be lost. */
static int
replaced(const struct flp_append *a)
{
	struct stat is, was;

	return fstat(a->fd, &was) == 0 && (stat(a->path, &is) < 0 || is.st_dev != was.st_dev ||
	    is.st_ino != was.st_ino);
}

int
flp_append_open(struct flp_append *a, const char *path, const char *first, int write,
    struct flp_error *e)
{
	*a = (struct flp_append){ .path = path, .fd = -1 };
	if (write && access(path, F_OK) < 0 && errno == ENOENT && make(path, first, e) < 0)
		return -1;
	for (int i = 0; i < TRIES; i++) {
		if (open_locked(a, write, e) < 0 || (!replaced(a) && read_all(a, e) < 0)) {
			flp_append_close(a);
			return -1;
		}
		if (a->text != NULL)
			return 0;
		close(a->fd);
		a->fd = -1;
	}
	flp_error_bad(e, "the file was replaced %d times while it was opened", TRIES);
	return flp_error_in(e, path);
}

void
flp_append_close(struct flp_append *a)
{
	if (a->fd >= 0)
		close(a->fd);
	a->fd = -1;
	free(a->text);
	a->text = NULL;
	a->n = 0;
}

static int
write_all(int fd, const char *from, size_t n)
{
	while (n > 0) {
		ssize_t k = write(fd, from, n);

		if (k < 0 && errno != EINTR)
			return -1;
		from += k > 0 ? k : 0;
		n -= k > 0 ? (size_t)k : 0;
	}
	return 0;
}

int
flp_append_line(struct flp_append *a, const char *line, size_t n, struct flp_error *e)
{
	off_t before = lseek(a->fd, 0, SEEK_END);

	if (before >= 0 && write_all(a->fd, line, n) == 0 && fsync(a->fd) == 0)
		return 0;
	failed(a, "write", e);
	if (before >= 0 && ftruncate(a->fd, before) < 0)
		flp_error_add(e, "its last line may be cut short");
	return -1;
}

int
flp_append_cut(struct flp_append *a, size_t n, struct flp_error *e)
{
	if (n > a->n)
		return flp_error_misuse(e, "%zu bytes of %zu to remove", n, a->n);
	if (ftruncate(a->fd, (off_t)(a->n - n)) < 0 || fsync(a->fd) < 0)
		return failed(a, "truncate", e);
	a->n -= n;
	return 0;
}
