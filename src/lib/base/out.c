#include "base/out.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/shown.h"
#include "base/unfinished.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER ((size_t)128 << 10)

static int
failed(const struct flp_out *out, const char *what, struct flp_error *e)
{
	flp_error_system(e, errno, "%s%s%s", what, out->folder != NULL ? " in " : "",
	    out->folder != NULL ? out->folder : "");
	return flp_error_in(e, out->name);
}

static void
free_buffer(struct flp_out *out)
{
	if (out->secret && out->buffer != NULL)
		explicit_bzero(out->buffer, BUFFER);
	free(out->buffer);
	out->buffer = NULL;
}

static int
drain(struct flp_out *out, const void *from, size_t n, struct flp_error *e)
{
	const char *p = from;

	while (n > 0) {
		ssize_t k = write(out->fd, p, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return failed(out, "write", e);
		p += k;
		n -= (size_t)k;
	}
	return 0;
}

int
flp_out_stdout(struct flp_out *out, struct flp_error *e)
{
	memset(out, 0, sizeof *out);
	out->fd = STDOUT_FILENO;
	out->name = "standard output";
	out->terminal = isatty(STDOUT_FILENO);
	out->buffer = flp_memory_new(BUFFER, 1, e);
	return out->buffer == NULL ? -1 : 0;
}

/* A device, a FIFO or a folder, even one that a link leads to, must not be replaced
 * by a file: /dev/null would be gone. */
static int
check_target(const struct flp_out *out, struct flp_error *e)
{
	struct stat found, link, standard;

	if (stat(out->path, &found) < 0)
		return 0;
	/* /dev/stderr is a link, and what it leads to may be a file. */
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (lstat(out->path, &link) == 0 && S_ISLNK(link.st_mode) && fstat(fd, &standard) == 0 &&
		    standard.st_dev == found.st_dev && standard.st_ino == found.st_ino) {
			flp_error_usage(e, "expected a regular file or a new name, found a link to standard "
			    "%s", fd == 0 ? "input" : fd == 1 ? "output" : "error");
			return flp_error_in(e, out->name);
		}
	if (S_ISREG(found.st_mode))
		return 0;
	flp_error_usage(e, "expected a regular file or a new name, found a %s",
	    S_ISDIR(found.st_mode) ? "folder" : S_ISFIFO(found.st_mode) ? "FIFO" :
	    S_ISSOCK(found.st_mode) ? "socket" : "device");
	return flp_error_in(e, out->name);
}

int
flp_out_create(struct flp_out *out, const char *path, struct flp_error *e)
{
	char *dir = flp_file_folder(path, e);
	mode_t mask = umask(0);

	umask(mask);
	memset(out, 0, sizeof *out);
	out->fd = -1;
	if (dir == NULL)
		return -1;
	if ((out->name = out->path = flp_memory_text(path, strlen(path), e)) == NULL ||
	    (out->buffer = flp_memory_new(BUFFER, 1, e)) == NULL || check_target(out, e) < 0)
		goto fail;
	if ((out->temporary = flp_unfinished_file(dir, &out->fd, e)) == NULL) {
		flp_error_in(e, out->name);
		goto fail;
	}
	if (fchmod(out->fd, 0666 & ~mask) < 0) {
		failed(out, "create", e);
		goto fail;
	}
	free(dir);
	return 0;
fail:
	free(dir);
	flp_out_discard(out);
	return -1;
}

int
flp_out_private(struct flp_out *out, struct flp_error *e)
{
	out->secret = 1;
	return fchmod(out->fd, 0600) < 0 ? failed(out, "create", e) : 0;
}

int
flp_out_temporary(struct flp_out *out, struct flp_error *e)
{
	const char *dir = getenv("TMPDIR");

	if (dir == NULL || dir[0] == '\0')
		dir = "/var/tmp";
	memset(out, 0, sizeof *out);
	out->name = "temporary file";
	out->folder = dir;
	out->fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (out->fd < 0) {
		/* Not every file system has nameless files. */
		struct flp_unfinished *named = flp_unfinished_file(dir, &out->fd, e);

		if (named == NULL)
			return failed(out, "create", e);
		flp_unfinished_remove(named);
	}
	if ((out->buffer = flp_memory_new(BUFFER, 1, e)) == NULL) {
		flp_out_discard(out);
		return -1;
	}
	return 0;
}

int
flp_out_vprint(struct flp_out *out, struct flp_error *e, const char *fmt, va_list ap)
{
	char small[512], *text = small;
	va_list again;
	int n, status;

	va_copy(again, ap);
	n = vsnprintf(small, sizeof small, fmt, ap);
	if (n >= (int)sizeof small)
		n = vasprintf(&text, fmt, again);
	va_end(again);
	if (n < 0)
		return flp_error_system(e, errno, "text");
	status = flp_out_write(out, text, (size_t)n, e);
	if (text != small)
		free(text);
	return status;
}

int
flp_out_flush(struct flp_out *out, struct flp_error *e)
{
	size_t n = out->used;

	out->used = 0;
	return drain(out, out->buffer, n, e);
}

static int
put(struct flp_out *out, const void *from, size_t n, struct flp_error *e)
{
	if (n > BUFFER - out->used && flp_out_flush(out, e) < 0)
		return -1;
	out->offset += n;
	if (n >= BUFFER)
		return drain(out, from, n, e);
	if (n > 0)
		memcpy(out->buffer + out->used, from, n);
	out->used += n;
	return 0;
}

int
flp_out_shown(struct flp_out *out, const char *text, size_t n, struct flp_error *e)
{
	char mark[32];

	for (size_t step, plain; n > 0; text += plain + step, n -= plain + step) {
		plain = flp_shown_plain(text, n, &step);
		if (put(out, text, plain, e) < 0 || put(out, mark,
		    flp_shown_text(mark, sizeof mark, text + plain, step), e) < 0)
			return -1;
	}
	return 0;
}

int
flp_out_write(struct flp_out *out, const void *from, size_t n, struct flp_error *e)
{
	return out->terminal ? flp_out_shown(out, from, n, e) : put(out, from, n, e);
}

int
flp_out_forget(struct flp_out *out, uint64_t offset)
{
	if (offset > out->offset || out->offset - offset > out->used)
		return 0;
	out->used -= (size_t)(out->offset - offset);
	out->offset = offset;
	return 1;
}

int
flp_out_cut(struct flp_out *out, uint64_t offset, struct flp_error *e)
{
	uint64_t drained = out->offset - out->used;

	if (offset > out->offset)
		return flp_error_misuse(e, "a cut at byte %llu of %llu", (unsigned long long)offset,
		    (unsigned long long)out->offset);
	out->offset = offset;
	if (offset >= drained) {
		out->used = (size_t)(offset - drained);
		return 0;
	}
	out->used = 0;
	if (ftruncate(out->fd, (off_t)offset) < 0 || lseek(out->fd, (off_t)offset, SEEK_SET) < 0)
		return failed(out, "truncate", e);
	return 0;
}

int
flp_out_close(struct flp_out *out, int durable, struct flp_error *e)
{
	int fd = out->fd;

	if (flp_out_flush(out, e) < 0)
		goto fail;
	if (out->path != NULL && durable && fsync(fd) < 0) {
		failed(out, "fsync", e);
		goto fail;
	}
	/* NFS reports a full disk only here; the descriptor is gone even so. */
	out->fd = -1;
	if (close(fd) < 0) {
		failed(out, "close", e);
		goto fail;
	}
	free_buffer(out);
	return 0;
fail:
	flp_out_discard(out);
	return -1;
}

int
flp_out_commit(struct flp_out *out, int durable, struct flp_error *e)
{
	int status = 0;

	if (out->buffer != NULL && flp_out_close(out, durable, e) < 0)
		return -1;
	if (out->path != NULL) {
		if (flp_unfinished_rename(out->temporary, out->path, e) < 0) {
			status = flp_error_in(e, out->name);
		} else {
			out->temporary = NULL;
			if (durable && flp_file_sync_folder(out->path, e) < 0)
				status = flp_error_in(e, out->name);
		}
	}
	flp_out_discard(out);
	return status;
}

int
flp_out_commit_first(struct flp_out *out, struct flp_error *e)
{
	int status;

	if (flp_out_close(out, 1, e) < 0)
		return -1;
	status = flp_unfinished_link(out->temporary, out->path, e);
	if (status > 0 && flp_file_sync_folder(out->path, e) < 0)
		status = -1;
	if (status < 0)
		flp_error_in(e, out->name);
	flp_out_discard(out);
	return status;
}

void
flp_out_discard(struct flp_out *out)
{
	if (out->fd > STDERR_FILENO)
		close(out->fd);
	out->fd = -1;
	flp_unfinished_remove(out->temporary);
	free(out->path);
	free_buffer(out);
	out->temporary = NULL;
	out->path = NULL;
}
