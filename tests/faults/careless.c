/* careless: a stand-in for fl-put and for fl-export that copies its input. It is correct
 * except for one defect, which the variable SIN names. slow/faults.bats runs it to show
 * that the fault injection finds each defect. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *self;

static int
sins(const char *how)
{
	const char *sin = getenv("SIN");

	return sin != NULL && strcmp(sin, how) == 0;
}

static int
fail(const char *place, const char *what)
{
	int number = errno;

	if (sins("says nothing"))
		return 4;
	if (sins("keeps its name back"))
		fprintf(stderr, "%s: %s: %s\n", place, what, strerror(number));
	else if (sins("keeps the place back"))
		fprintf(stderr, "%s: %s: %s\n", self, what, strerror(number));
	else if (sins("keeps the reason back"))
		fprintf(stderr, "%s: %s: %s\n", self, place, what);
	else
		fprintf(stderr, "%s: %s: %s: %s\n", self, place, what, strerror(number));
	return sins("blames the input") ? 3 : 4;
}

/* Everything that can be read; NULL on failure. */
static char *
slurp(int fd, size_t *n)
{
	const size_t room = 1 << 20;
	char *p = malloc(room);
	ssize_t k;

	if (p == NULL && !sins("uses memory that it has not got"))
		return NULL;
	memset(p, 0, room);
	for (*n = 0; (k = read(fd, p + *n, room - *n)) != 0;)
		if (k > 0)
			*n += (size_t)k;
		else if (errno == EINTR && sins("hangs"))
			pause();
		else if (errno != EINTR || sins("is interrupted"))
			return sins("takes a failure for the end") ? p : NULL;
	return p;
}

static int
put(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t k = write(fd, p, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return sins("ignores a failed write") ? 0 : -1;
		if (sins("takes a short write for a whole one"))
			return 0;
		p += k;
		n -= (size_t)k;
	}
	return 0;
}

/* Writes to fd, which is then durable and closed. */
static int
finish(int fd, int durable, const char *p, size_t n)
{
	if (put(fd, p, n) < 0)
		return -1;
	if (durable && fsync(fd) < 0 && !sins("ignores a failed fsync"))
		return -1;
	return close(fd) < 0 && !sins("ignores a failed close") ? -1 : 0;
}

static int
store(const char *path, const char *p, size_t n)
{
	const char *slash = strrchr(path, '/');
	char temporary[4096];
	int fd;

	snprintf(temporary, sizeof temporary, "%.*s.fl-XXXXXX",
	    slash == NULL ? 0 : (int)(slash + 1 - path), path);
	fd = sins("writes in place") ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666) :
	    mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (finish(fd, 1, p, n) < 0 || (!sins("writes in place") && rename(temporary, path) < 0 &&
	    !sins("ignores a failed rename"))) {
		int number = errno;

		if (!sins("leaves a temporary file"))
			unlink(temporary);
		errno = number;
		return -1;
	}
	return 0;
}

int
main(int argc, char **argv)
{
	static const struct option longs[] = { { "zlib", no_argument, NULL, 'z' }, { 0 } };
	const char *operand, *input = "standard input";
	int storing, fd = STDIN_FILENO;
	size_t n;
	char *p;

	self = strrchr(argv[0], '/') == NULL ? argv[0] : strrchr(argv[0], '/') + 1;
	storing = strcmp(self, "fl-put") == 0;
	while (getopt_long(argc, argv, "f:n:q", longs, NULL) != -1)
		;
	operand = argv[optind];
	if (!storing && operand != NULL && (fd = open(input = operand, O_RDONLY)) < 0) {
		if (sins("aborts"))
			abort();
		return fail(input, "open");
	}
	if ((p = slurp(fd, &n)) == NULL)
		return fail(input, "read");
	if (storing && store(operand, p, n) < 0)
		return fail(operand, "store");
	if (!storing && finish(STDOUT_FILENO, 0, p, n) < 0)
		return fail("standard output", "write");
	return 0;
}
