#include "base/in.h"
#include "base/memory.h"
#include "base/out.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER ((size_t)128 << 10)
#define DIRECT ((size_t)16 << 10) /* a read of so much goes past the buffer */
#define SPARE 16 /* descriptors that flp_in_keep leaves to whatever else is opened */

/* read(2) until n bytes or the end; short reads of pipes and signals are
 * nobody else's business. */
static int
fill(int fd, void *to, size_t n, size_t *got, struct flp_error *e)
{
	for (*got = 0; *got < n;) {
		ssize_t k = read(fd, (char *)to + *got, n - *got);

		if (k == 0)
			break;
		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return flp_error_system(e, errno, "read");
		*got += (size_t)k;
	}
	return 0;
}

const char *
flp_in_name(const char *path)
{
	return strcmp(path, "-") == 0 ? "stdin" : path;
}

int
flp_in_open(struct flp_in *in, const char *path, struct flp_error *e)
{
	struct stat st;
	off_t at;

	memset(in, 0, sizeof *in);
	in->name = flp_in_name(path);
	in->fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
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
	return 0;
fail:
	flp_in_close(in);
	return flp_error_in(e, in->name);
}

void
flp_in_close(struct flp_in *in)
{
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	in->fd = -1;
	free(in->buffer);
	in->buffer = NULL;
}

int
flp_in_read(struct flp_in *in, void *to, size_t n, size_t *got, struct flp_error *e)
{
	size_t part = in->to - in->from;

	*got = 0;
	while (*got < n) {
		if (part == 0 && n - *got >= DIRECT) {
			size_t whole = n - *got, k;

			if (fill(in->fd, (char *)to + *got, whole, &k, e) < 0)
				return -1;
			*got += k;
			in->offset += k;
			return 0;
		}
		if (part == 0) {
			ssize_t k = read(in->fd, in->buffer, BUFFER);

			if (k < 0 && errno == EINTR)
				continue;
			if (k < 0)
				return flp_error_system(e, errno, "read");
			if (k == 0)
				return 0;
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
flp_in_buffered(struct flp_in *in, const unsigned char **data, size_t *n, struct flp_error *e)
{
	if (in->from == in->to) {
		size_t k;

		if (fill(in->fd, in->buffer, BUFFER, &k, e) < 0)
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
	uint64_t left = left_in(in);

	*got = 0;
	if (in->regular) {
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
flp_in_seek(struct flp_in *in, uint64_t offset, struct flp_error *e)
{
	uint64_t buffered = in->offset + (in->to - in->from);

	/* A short way forward stays in the buffer: no system call. */
	if (offset >= in->offset && offset <= buffered) {
		in->from += (size_t)(offset - in->offset);
		in->offset = offset;
		return 0;
	}
	if (lseek(in->fd, (off_t)(in->start + offset), SEEK_SET) < 0)
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
	kept->buffer = NULL;
	kept->fd = -1;
	if (in->regular)
		kept->fd = fcntl(in->fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (kept->fd >= raise_limit() - SPARE) {
		close(kept->fd);
		kept->fd = -1;
	}
}

int
flp_in_at(const struct flp_in *in, uint64_t offset, void *to, size_t n, struct flp_error *e)
{
	for (size_t got = 0; got < n;) {
		ssize_t k = pread(in->fd, (char *)to + got, n - got,
		    (off_t)(in->start + offset + got));

		if (k == 0)
			return flp_in_changed(e);
		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return flp_error_system(e, errno, "read");
		got += (size_t)k;
	}
	return 0;
}

int
flp_in_temporary(struct flp_in *in, struct flp_out *out, struct flp_error *e)
{
	memset(in, 0, sizeof *in);
	in->fd = -1;
	in->name = out->name;
	if ((in->buffer = flp_memory_new(BUFFER, 1, e)) == NULL || flp_out_flush(out, e) < 0)
		goto fail;
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
