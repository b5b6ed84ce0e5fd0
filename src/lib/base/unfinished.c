#include "base/unfinished.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct flp_unfinished {
	struct flp_unfinished *next, **at; /* at: what points here */
	char path[];
};

/* A handler of signals is given nothing but the signal, so it finds the list here. */
static struct flp_unfinished *newest;

void
flp_unfinished_hold(sigset_t *before)
{
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, before);
}

void
flp_unfinished_release(const sigset_t *before)
{
	pthread_sigmask(SIG_SETMASK, before, NULL);
}

static struct flp_unfinished *
new(const char *folder, const char *name, struct flp_error *e)
{
	size_t n = strlen(folder) + strlen(name) + 1;
	struct flp_unfinished *u = flp_memory_new(sizeof *u + n, 1, e);

	if (u != NULL)
		snprintf(u->path, n, "%s%s", folder, name);
	return u;
}

static void
enlist(struct flp_unfinished *u)
{
	u->next = newest;
	u->at = &newest;
	if (newest != NULL)
		newest->at = &u->next;
	newest = u;
}

static void
strike(struct flp_unfinished *u)
{
	*u->at = u->next;
	if (u->next != NULL)
		u->next->at = u->at;
}

struct flp_unfinished *
flp_unfinished_file(const char *folder, int *fd, struct flp_error *e)
{
	struct flp_unfinished *u = new(folder, "/" FLP_UNFINISHED "XXXXXX", e);
	sigset_t before;
	int number;

	*fd = -1;
	if (u == NULL)
		return NULL;
	flp_unfinished_hold(&before);
	*fd = mkostemp(u->path, O_CLOEXEC);
	number = errno;
	if (*fd >= 0)
		enlist(u);
	flp_unfinished_release(&before);
	if (*fd >= 0)
		return u;
	free(u);
	flp_error_system(e, number, "create");
	errno = number;
	return NULL;
}

int
flp_unfinished_folder(struct flp_unfinished **made, const char *path, struct flp_error *e)
{
	struct flp_unfinished *u = new(path, "", e);
	sigset_t before;
	int number;

	*made = NULL;
	if (u == NULL)
		return -1;
	flp_unfinished_hold(&before);
	number = mkdir(path, 0777) < 0 ? errno : 0;
	if (number == 0)
		enlist(u);
	flp_unfinished_release(&before);
	if (number == 0) {
		*made = u;
		return 0;
	}
	free(u);
	return number == EEXIST ? 0 : flp_error_system(e, number, "make folder");
}

int
flp_unfinished_rename(struct flp_unfinished *file, const char *path, struct flp_error *e)
{
	sigset_t before;
	int number;

	flp_unfinished_hold(&before);
	number = rename(file->path, path) < 0 ? errno : 0;
	if (number == 0)
		strike(file);
	flp_unfinished_release(&before);
	if (number != 0)
		return flp_error_system(e, number, "rename");
	free(file);
	return 0;
}

int
flp_unfinished_link(const struct flp_unfinished *file, const char *path, struct flp_error *e)
{
	if (link(file->path, path) == 0)
		return 1;
	return errno == EEXIST ? 0 : flp_error_system(e, errno, "link");
}

void
flp_unfinished_keep(struct flp_unfinished *unfinished)
{
	sigset_t before;

	if (unfinished == NULL)
		return;
	flp_unfinished_hold(&before);
	strike(unfinished);
	flp_unfinished_release(&before);
	free(unfinished);
}

static void
remove_path(const struct flp_unfinished *u)
{
	if (unlink(u->path) < 0)
		rmdir(u->path);
}

void
flp_unfinished_remove(struct flp_unfinished *unfinished)
{
	if (unfinished == NULL)
		return;
	remove_path(unfinished);
	flp_unfinished_keep(unfinished);
}

void
flp_unfinished_remove_all(void)
{
	for (const struct flp_unfinished *u = newest; u != NULL; u = u->next)
		remove_path(u);
}
