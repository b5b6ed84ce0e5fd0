/* fault.so: a library for LD_PRELOAD that makes one call of a program fail.
 *
 *   FAULT_CALL  the function, one of the names below. malloc is all of its family,
 *               open is mkostemp and opendir too, read is pread too, chmod is fchmod too
 *   FAULT_AT    which of its calls, counted from 1; "3+" is the third and all after
 *               it. Without it none fails
 *   FAULT_HOW   the name of an errno; of read and write "short": half of what was asked is
 *               done; "kill": the program is killed instead of the call
 *   FAULT_LOG   a file that is added to: a line "failed CALL PATH" for what was made
 *               to fail, and at the end of the program a line "CALL N" for each
 *               function, which says how often it was called
 *
 * A close that fails has closed all the same, as on Linux. A program that hangs is
 * ended by SIGALRM after FAULT_SECONDS, ten without it. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum call {
	READ, WRITE, OPEN, CLOSE, FSYNC, RENAME, MALLOC, THREAD, SEEK, STAT, MKDIR, READDIR, UNLINK,
	LINK, CHMOD, FLOCK, CALLS
};

static const char *const names[CALLS] = { "read", "write", "open", "close", "fsync", "rename",
	"malloc", "pthread_create", "lseek", "fstat", "mkdir", "readdir", "unlink", "link", "chmod",
	"flock" };

enum { SHORT = 0, KILL = -1 };

static const struct {
	const char *name;
	int number;
} errors[] = { { "short", SHORT }, { "kill", KILL }, { "EIO", EIO }, { "ENOSPC", ENOSPC }, { "EINTR", EINTR },
	{ "EMFILE", EMFILE }, { "ENOMEM", ENOMEM }, { "EAGAIN", EAGAIN },
	{ "EACCES", EACCES } };

#define ERRORS (sizeof errors / sizeof errors[0])

static atomic_ulong called[CALLS];
static int active, chosen = CALLS, after, number, out = -1;
static unsigned long chosen_at;

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

/* The next library's function, found when it is first called. */
#define REAL(function) ({ \
	static __typeof__(&function) found; \
	if (found == NULL) \
		found = (__typeof__(&function))dlsym(RTLD_NEXT, #function); \
	found; \
})

static _Noreturn void
refuse(const char *what, const char *found)
{
	dprintf(STDERR_FILENO, "fault.so: %s: %s\n", what, found);
	_exit(125);
}

static void
choose(const char *call, const char *at, const char *how)
{
	char *end;
	size_t i = 0;

	for (chosen = 0; chosen < CALLS && strcmp(names[chosen], call) != 0;)
		chosen++;
	if (chosen == CALLS)
		refuse("FAULT_CALL", call);
	chosen_at = strtoul(at, &end, 10);
	after = strcmp(end, "+") == 0;
	if (chosen_at == 0 || (*end != '\0' && !after))
		refuse("FAULT_AT", at);
	while (i < ERRORS && strcmp(errors[i].name, how) != 0)
		i++;
	if (i == ERRORS)
		refuse("FAULT_HOW", how);
	number = errors[i].number;
}

__attribute__((constructor)) static void
begin(void)
{
	const char *call = getenv("FAULT_CALL"), *at = getenv("FAULT_AT");
	const char *how = getenv("FAULT_HOW"), *log = getenv("FAULT_LOG");
	const char *seconds = getenv("FAULT_SECONDS");

	if (call != NULL && at != NULL && how != NULL)
		choose(call, at, how);
	/* The program may look at the first descriptors: this one is none of them. */
	if (log != NULL) {
		int fd = REAL(open)(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);

		if (fd < 0 || (out = fcntl(fd, F_DUPFD_CLOEXEC, 200)) < 0)
			refuse("FAULT_LOG", log);
		REAL(close)(fd);
	}
	signal(SIGALRM, SIG_DFL); /* GNU parallel leaves it ignored */
	alarm(seconds == NULL ? 10 : (unsigned)atoi(seconds));
	active = 1;
}

__attribute__((destructor)) static void
end(void)
{
	active = 0;
	for (int i = 0; i < CALLS && out >= 0; i++)
		dprintf(out, "%s %lu\n", names[i], called[i]);
}

static void
tell(enum call call, const char *path, int fd)
{
	char link[64], target[PATH_MAX] = "", text[PATH_MAX + 64];
	int n;

	if (path == NULL && fd >= 0) {
		snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
		if (readlink(link, target, sizeof target - 1) > 0)
			path = target;
	}
	n = snprintf(text, sizeof text, "failed %s %s\n", names[call], path == NULL ? "" : path);
	if (out >= 0 && REAL(write)(out, text, (size_t)n) != n)
		refuse("FAULT_LOG", "can't be written");
}

/* 1 where this call is to fail, with errno set. */
static int
fails(enum call call, const char *path, int fd)
{
	unsigned long n;

	if (!active)
		return 0;
	n = atomic_fetch_add(&called[call], 1) + 1;
	if ((int)call != chosen || n < chosen_at || (n > chosen_at && !after))
		return 0;
	if (n == chosen_at)
		tell(call, path, fd);
	if (number == KILL)
		kill(getpid(), SIGKILL);
	errno = number;
	return 1;
}

ssize_t
read(int fd, void *to, size_t n)
{
	if (!fails(READ, NULL, fd))
		return REAL(read)(fd, to, n);
	return number == SHORT ? REAL(read)(fd, to, (n + 1) / 2) : -1;
}

ssize_t
pread(int fd, void *to, size_t n, off_t at)
{
	if (!fails(READ, NULL, fd))
		return REAL(pread)(fd, to, n, at);
	return number == SHORT ? REAL(pread)(fd, to, (n + 1) / 2, at) : -1;
}

ssize_t
write(int fd, const void *from, size_t n)
{
	if (!fails(WRITE, NULL, fd))
		return REAL(write)(fd, from, n);
	return number == SHORT ? REAL(write)(fd, from, (n + 1) / 2) : -1;
}

int
open(const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = va_arg(ap, mode_t);
	va_end(ap);
	return fails(OPEN, path, -1) ? -1 : REAL(open)(path, flags, mode);
}

int
mkostemp(char *path, int flags)
{
	return fails(OPEN, path, -1) ? -1 : REAL(mkostemp)(path, flags);
}

DIR *
opendir(const char *path)
{
	return fails(OPEN, path, -1) ? NULL : REAL(opendir)(path);
}

int
close(int fd)
{
	int failed = fails(CLOSE, NULL, fd), status = REAL(close)(fd);

	if (failed)
		errno = number;
	return failed ? -1 : status;
}

int
fsync(int fd)
{
	return fails(FSYNC, NULL, fd) ? -1 : REAL(fsync)(fd);
}

int
rename(const char *from, const char *to)
{
	return fails(RENAME, to, -1) ? -1 : REAL(rename)(from, to);
}

off_t
lseek(int fd, off_t offset, int whence)
{
	return fails(SEEK, NULL, fd) ? -1 : REAL(lseek)(fd, offset, whence);
}

int
fstat(int fd, struct stat *st)
{
	return fails(STAT, NULL, fd) ? -1 : REAL(fstat)(fd, st);
}

int
mkdir(const char *path, mode_t mode)
{
	return fails(MKDIR, path, -1) ? -1 : REAL(mkdir)(path, mode);
}

int
unlink(const char *path)
{
	return fails(UNLINK, path, -1) ? -1 : REAL(unlink)(path);
}

int
link(const char *from, const char *to)
{
	return fails(LINK, to, -1) ? -1 : REAL(link)(from, to);
}

int
chmod(const char *path, mode_t mode)
{
	return fails(CHMOD, path, -1) ? -1 : REAL(chmod)(path, mode);
}

int
fchmod(int fd, mode_t mode)
{
	return fails(CHMOD, NULL, fd) ? -1 : REAL(fchmod)(fd, mode);
}

int
flock(int fd, int how)
{
	return fails(FLOCK, NULL, fd) ? -1 : REAL(flock)(fd, how);
}

struct dirent *
readdir(DIR *dir)
{
	return fails(READDIR, NULL, dirfd(dir)) ? NULL : REAL(readdir)(dir);
}

int
pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*start)(void *), void *arg)
{
	return fails(THREAD, NULL, -1) ? number : REAL(pthread_create)(thread, attr, start, arg);
}

void *
malloc(size_t n)
{
	return fails(MALLOC, NULL, -1) ? NULL : __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
	return fails(MALLOC, NULL, -1) ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t n)
{
	return fails(MALLOC, NULL, -1) ? NULL : __libc_realloc(p, n);
}

void *
aligned_alloc(size_t alignment, size_t n)
{
	return fails(MALLOC, NULL, -1) ? NULL : __libc_memalign(alignment, n);
}

int
posix_memalign(void **p, size_t alignment, size_t n)
{
	if (fails(MALLOC, NULL, -1) || (*p = __libc_memalign(alignment, n)) == NULL)
		return ENOMEM;
	return 0;
}
