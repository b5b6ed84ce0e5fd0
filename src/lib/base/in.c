#include "base/in.h"
#include "base/memory.h"
#include "base/out.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER ((size_t)128 << 10)
#define WAIT 1000 /* milliseconds before a user is told that a terminal is read */
#define SPARE 16 /* descriptors that flp_in_keep leaves to whatever else is opened */

/* A process has one standard input, which any module may open by the name "-", and the user is
 * told once: so this is not part of a struct flp_in. */
static void (*tell_waiting)(void);

void
flp_in_tell_waiting(void (*tell)(void))
{
	tell_waiting = tell;
}

/* Before the first byte from a terminal. */
static void
await_terminal(void)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	void (*tell)(void) = tell_waiting;

	tell_waiting = NULL;
	if (isatty(STDIN_FILENO) && poll(&input, 1, WAIT) == 0)
		tell();
}

const char *
flp_in_name(const char *path)
{
	return strcmp(path, "-") == 0 ? "standard input" : path;
}

int
flp_in_nothing(const char *path, const char *what, struct flp_error *e)
{
	if (strcmp(path, "-") == 0) {
		flp_error_bad(e, "empty (did the command before it fail?)");
		return flp_error_in(e, flp_in_name(path));
	}
	return flp_error_bad(e, "expected %s, found nothing", what);
}

/* After a read that gave no byte: an error the first time, if standard input is empty. */
static int
check_some(struct flp_in *in, struct flp_error *e)
{
	if (in->fd != STDIN_FILENO || in->offset > 0 || in->may_be_empty)
		return 0;
	in->may_be_empty = 1;
	return flp_in_nothing("-", "", e);
}

/* Reads at most n bytes, from `done` bytes after the last byte given out. The buffer must be
 * empty. A read that a signal interrupts is repeated. Returns -1 with errno set on error. */
static ssize_t
read_some(struct flp_in *in, size_t done, void *to, size_t n)
{
	ssize_t k;

	if (in->ended)
		return 0;
	if (in->fd == STDIN_FILENO && tell_waiting != NULL)
		await_terminal();
	do
		k = in->shared ? pread(in->fd, to, n, (off_t)(in->start + in->offset + done)) :
		    read(in->fd, to, n);
	while (k < 0 && errno == EINTR);
	in->ended = k == 0 && n > 0 && !in->regular;
	return k;
}

/* Reads until it has n bytes or the input ends, so that the caller does not see the short
 * reads of a pipe. The buffer must be empty. */
static int
fill(struct flp_in *in, void *to, size_t n, size_t *got, struct flp_error *e)
{
	for (*got = 0; *got < n;) {
		ssize_t k = read_some(in, *got, (char *)to + *got, n - *got);

		if (k == 0)
			break;
		if (k < 0)
			return flp_error_system(e, errno, "read");
		*got += (size_t)k;
	}
	return 0;
}

/* Takes over in->fd, which was just opened, or is negative with errno set. */
static int
begin(struct flp_in *in, struct flp_error *e)
{
	struct stat st;
	off_t at;

	if (in->fd < 0 || fstat(in->fd, &st) < 0) {
		flp_error_system(e, errno, "open");
		goto fail;
	}
	if (S_ISDIR(st.st_mode)) {
		flp_error_system(e, EISDIR, "open");
		goto fail;
	}
	/* Standard input may stand in the middle of a file: that is its start. */
	if (S_ISREG(st.st_mode) && (at = lseek(in->fd, 0, SEEK_CUR)) >= 0) {
		in->regular = 1;
		in->start = (uint64_t)at;
	}
	if ((in->buffer = flp_memory_new(BUFFER, 1, e)) == NULL)
		goto fail;
	in->room = BUFFER;
	return 0;
fail:
	flp_in_close(in);
	return flp_error_in(e, in->name);
}

int
flp_in_open(struct flp_in *in, const char *path, struct flp_error *e)
{
	memset(in, 0, sizeof *in);
	in->name = flp_in_name(path);
	in->fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	return begin(in, e);
}

/* Whether ENOENT means that there is no file: not where a link in its path leads nowhere. */
static int
is_missing(const char *path)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX];
	struct stat st;

	snprintf(folder, sizeof folder, "%.*s", slash != NULL ? (int)(slash - path) : 1,
	    slash != NULL ? path : ".");
	return stat(folder, &st) == 0 || lstat(folder, &st) < 0;
}

int
flp_in_open_regular(struct flp_in *in, const char *path, struct flp_error *e)
{
	struct stat st;

	memset(in, 0, sizeof *in);
	in->name = path;
	in->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (in->fd < 0 && errno == ENOENT && is_missing(path))
		return 0;
	if (in->fd < 0 && errno == ELOOP) {
		flp_error_bad(e, "expected a regular file, found a symbolic link");
		return flp_error_in(e, path);
	}
	if (begin(in, e) < 0)
		return -1;
	if (fstat(in->fd, &st) < 0)
		flp_error_system(e, errno, "open");
	else if (S_ISREG(st.st_mode))
		return 1;
	else
		flp_error_bad(e, "expected a regular file, found another kind of file");
	flp_in_close(in);
	return flp_error_in(e, path);
}

void
flp_in_close(struct flp_in *in)
{
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	in->fd = -1;
	if (in->secret && in->buffer != NULL)
		explicit_bzero(in->buffer, in->room);
	free(in->buffer);
	in->buffer = NULL;
}

int
flp_in_read(struct flp_in *in, void *to, size_t n, size_t *got, struct flp_error *e)
{
	size_t part = in->to - in->from;

	*got = 0;
	while (*got < n) {
		/* A large read bypasses the buffer. */
		if (part == 0 && n - *got >= in->room / 8) {
			size_t whole = n - *got, k;

			if (fill(in, (char *)to + *got, whole, &k, e) < 0)
				return -1;
			if (k == 0)
				return check_some(in, e);
			*got += k;
			in->offset += k;
			return 0;
		}
		if (part == 0) {
			ssize_t k = read_some(in, 0, in->buffer, in->room);

			if (k < 0)
				return flp_error_system(e, errno, "read");
			if (k == 0)
				return check_some(in, e);
			in->from = 0;
			in->to = part = (size_t)k;
		}
		if (part > n - *got)
			part = n - *got;
		memcpy((char *)to + *got, in->buffer + in->from, part);
		in->from += part;
		in->offset += part;
		*got += part;
		part = in->to - in->from;
	}
	return 0;
}

int
flp_in_ended(struct flp_in *in, struct flp_error *e)
{
	ssize_t k;

	if (in->from < in->to)
		return 0;
	if ((k = read_some(in, 0, in->buffer, in->room)) < 0)
		return flp_error_system(e, errno, "read");
	in->from = 0;
	in->to = (size_t)k;
	return k > 0 ? 0 : check_some(in, e) < 0 ? -1 : 1;
}

int
flp_in_buffered(struct flp_in *in, const unsigned char **data, size_t *n, struct flp_error *e)
{
	if (in->from == in->to) {
		size_t k;

		if (fill(in, in->buffer, in->room, &k, e) < 0)
			return -1;
		if (k == 0 && check_some(in, e) < 0)
			return -1;
		in->from = 0;
		in->to = k;
	}
	*data = in->buffer + in->from;
	*n = in->to - in->from;
	in->from = in->to;
	in->offset += *n;
	return 0;
}

/* Bytes left in a regular input, UINT64_MAX in any other. */
static uint64_t
left_in(const struct flp_in *in)
{
	struct stat st;
	uint64_t here = in->start + in->offset;

	if (!in->regular || fstat(in->fd, &st) < 0)
		return UINT64_MAX;
	return (uint64_t)st.st_size > here ? (uint64_t)st.st_size - here : 0;
}

int
flp_in_skip(struct flp_in *in, uint64_t n, uint64_t *got, struct flp_error *e)
{
	uint64_t left = in->to - in->from;

	*got = 0;
	if (in->regular) {
		if (left < n) /* more than the buffer holds */
			left = left_in(in);
		*got = n < left ? n : left;
		return flp_in_seek(in, in->offset + *got, e);
	}
	while (*got < n) {
		char away[4096];
		size_t k, want = n - *got < sizeof away ? (size_t)(n - *got) : sizeof away;

		if (flp_in_read(in, away, want, &k, e) < 0)
			return -1;
		*got += k;
		if (k < want)
			break;
	}
	return 0;
}

int
flp_in_size(const struct flp_in *in, uint64_t *size)
{
	struct stat st;

	if (!in->regular || fstat(in->fd, &st) < 0)
		return 0;
	*size = (uint64_t)st.st_size > in->start ? (uint64_t)st.st_size - in->start : 0;
	return 1;
}

int
flp_in_seek(struct flp_in *in, uint64_t offset, struct flp_error *e)
{
	uint64_t buffered = in->offset + (in->to - in->from);

	/* A short way forward stays in the buffer: no system call. */
	if (offset >= in->offset && offset <= buffered) {
		in->from += (size_t)(offset - in->offset);
		in->offset = offset;
		return 0;
	}
	if (!in->shared && lseek(in->fd, (off_t)(in->start + offset), SEEK_SET) < 0)
		return flp_error_system(e, errno, "seek to byte %llu", (unsigned long long)offset);
	in->offset = offset;
	in->from = in->to = 0;
	return 0;
}

/* Raises the soft limit of descriptors to the hard one and returns what it is now. */
static int
raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return 0;
	if (limit.rlim_cur < limit.rlim_max) {
		rlim_t soft = limit.rlim_cur;

		limit.rlim_cur = limit.rlim_max;
		if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
			limit.rlim_cur = soft;
	}
	return limit.rlim_cur < INT_MAX ? (int)limit.rlim_cur : INT_MAX;
}

void
flp_in_keep(struct flp_in *kept, const struct flp_in *in)
{
	*kept = *in;
	kept->shared = 1;
	kept->buffer = NULL;
	kept->from = kept->to = 0;
	if (in->fd == STDIN_FILENO)
		return; /* it stays open, and has no name */
	kept->fd = fcntl(in->fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (kept->fd >= raise_limit() - SPARE) {
		close(kept->fd);
		kept->fd = -1;
	}
}

int
flp_in_resume(struct flp_in *in, unsigned char *buffer, size_t room, struct flp_error *e)
{
	struct stat st;

	in->buffer = buffer;
	in->room = room;
	in->from = in->to = 0;
	if (in->fd >= 0)
		return 0;
	/* A pipe that took the file's place must not be waited for. */
	if ((in->fd = open(in->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) < 0 ||
	    fstat(in->fd, &st) < 0) {
		flp_error_system(e, errno, "open");
		return flp_error_in(e, in->name);
	}
	return S_ISREG(st.st_mode) ? 0 : flp_in_changed(e);
}

void
flp_in_pause(struct flp_in *in, const struct flp_in *kept)
{
	in->buffer = NULL;
	if (in->fd != kept->fd)
		close(in->fd);
	in->fd = kept->fd;
}

int
flp_in_temporary(struct flp_in *in, struct flp_out *out, struct flp_error *e)
{
	memset(in, 0, sizeof *in);
	in->fd = -1;
	in->name = out->name;
	if ((in->buffer = flp_memory_new(BUFFER, 1, e)) == NULL || flp_out_flush(out, e) < 0)
		goto fail;
	in->room = BUFFER;
	in->fd = out->fd;
	in->regular = 1;
	out->fd = -1;
	flp_out_discard(out);
	if (lseek(in->fd, 0, SEEK_SET) < 0) {
		flp_error_system(e, errno, "seek");
		flp_error_in(e, in->name);
		goto fail;
	}
	return 0;
fail:
	flp_out_discard(out);
	flp_in_close(in);
	return -1;
}

int
flp_in_changed(struct flp_error *e)
{
	return flp_error_system(e, 0, "changed while it was read");
}

int
flp_in_same(const char *input, const char *path)
{
	struct stat one, other;
	int status = strcmp(input, "-") == 0 ? fstat(STDIN_FILENO, &one) : stat(input, &one);

	return status == 0 && stat(path, &other) == 0 && one.st_dev == other.st_dev &&
	    one.st_ino == other.st_ino;
}

int
flp_in_spool(struct flp_in *in, struct flp_error *e)
{
	const unsigned char *data;
	const char *name = in->name;
	struct flp_out copy;
	size_t n;
	int status;

	if (in->regular)
		return 0;
	if (flp_out_temporary(&copy, e) < 0)
		return -1;
	for (;;) {
		if (flp_in_buffered(in, &data, &n, e) < 0)
			goto fail;
		if (n == 0)
			break;
		if (flp_out_write(&copy, data, n, e) < 0)
			goto fail;
	}
	flp_in_close(in);
	status = flp_in_temporary(in, &copy, e);
	in->name = name;
	return status;
fail:
	flp_out_discard(&copy);
	return -1;
}
