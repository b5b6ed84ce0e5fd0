#include "fl/tools.h"
#include "base/in.h"
#include "cli.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE 2 /* seconds that a tool has for its --help */

/* A tool that was started, and the end of the pipe that its --help goes to. */
struct asked {
	char *path;
	pid_t pid;
	int fd;
};

char *
fl_beside(const char *name)
{
	char self[4096], *path = NULL;
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	if (n > 0) {
		self[n] = '\0';
		*strrchr(self, '/') = '\0';
		if (asprintf(&path, "%s/%s", self, name) < 0)
			path = NULL;
	}
	return path;
}

static int
is_tool(const struct dirent *entry)
{
	char *path = fl_beside(entry->d_name);
	struct stat st;
	int yes = strncmp(entry->d_name, FL_PREFIX, strlen(FL_PREFIX)) == 0 && path != NULL &&
	    access(path, X_OK) == 0 && stat(path, &st) == 0 && S_ISREG(st.st_mode);

	free(path);
	return yes;
}

/* Starts `TOOL --help`, with nothing on its standard input, for a time after which the alarm
 * ends it. All tools run at once, so that the list is there at once. */
static void
ask(struct asked *a)
{
	int pipes[2], null;

	a->pid = a->fd = -1;
	if (pipe2(pipes, O_CLOEXEC) < 0)
		return;
	if ((a->pid = fork()) == 0) {
		null = open("/dev/null", O_RDWR | O_CLOEXEC);
		if (dup2(null, STDIN_FILENO) < 0 || dup2(pipes[1], STDOUT_FILENO) < 0 ||
		    dup2(null, STDERR_FILENO) < 0)
			_exit(FLP_ERROR_SYSTEM);
		alarm(PATIENCE);
		execl(a->path, a->path, "--help", NULL);
		_exit(FLP_ERROR_SYSTEM);
	}
	close(pipes[1]);
	a->fd = pipes[0];
}

/* Takes the purpose from what --help printed: the line after that of the usage, which may go on
 * in lines that begin with a blank. It stays empty if the tool failed or printed anything else. */
static void
hear(const struct asked *a, struct fl_found *f)
{
	char text[4096], *line = text;
	struct flp_error e;
	struct flp_in in;
	uint64_t rest;
	size_t n = 0;
	int status;

	if (a->fd < 0)
		return;
	if (flp_in_take(&in, a->fd, f->name, &e) < 0 ||
	    flp_in_read(&in, text, sizeof text - 1, &n, &e) < 0 ||
	    flp_in_skip(&in, UINT64_MAX, &rest, &e) < 0)
		n = 0;
	flp_in_close(&in);
	text[n] = '\0';
	if (a->pid < 0 || waitpid(a->pid, &status, 0) < 0 || status != 0 ||
	    strncmp(text, "usage: ", 7) != 0)
		return;
	while ((line = strchr(line, '\n')) != NULL && line[1] == ' ')
		line++;
	if (line != NULL)
		snprintf(f->purpose, sizeof f->purpose, "%.*s", (int)strcspn(line + 1, "\n"), line + 1);
}

const struct fl_found *
fl_tools(void)
{
	struct dirent **entry;
	struct flp_error e;
	struct fl_found *f;
	struct asked *a;
	char *folder = fl_beside("");
	int n = folder == NULL ? -1 : scandir(folder, &entry, is_tool, alphasort);

	if (n < 0) {
		flp_error_system(&e, errno, "%s", folder == NULL ? "/proc/self/exe" : folder);
		cli_fail(&e);
	}
	f = cli_new((size_t)n + 1, sizeof *f);
	a = cli_new((size_t)n + 1, sizeof *a);
	for (int i = 0; i < n; i++) {
		a[i].path = fl_beside(entry[i]->d_name);
		f[i].name = entry[i]->d_name + strlen(FL_PREFIX);
		ask(&a[i]);
	}
	for (int i = 0; i < n; i++)
		hear(&a[i], &f[i]);
	free(a);
	return f;
}

