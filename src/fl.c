/* fl: run a tool by its short name, or list the tools.
 *
 * `fl train ...` becomes fl-train, found beside this program or else on PATH.
 * The list is what stands beside it; what each is for, its own --help says. */
#include "base/in.h"
#include "cli.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PREFIX "fl-"

static const struct cli_option options[] = {
	{ 0 },
};

static const struct cli_tool tool = { "fl",
	"Federated learning as Unix pipelines: run a tool, or list them.",
	"[TOOL [ARG]...]", 0, -1, options };

/* "DIR/fl-NAME", where DIR is this program's own folder. */
static char *
beside(const char *name)
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

static _Noreturn void
run(char **words)
{
	char *name = NULL, *path;
	struct flp_error e;

	if (strchr(words[0], '/') != NULL || asprintf(&name, PREFIX "%s", words[0]) < 0)
		cli_usage("%s: expected the name of a tool", words[0]);
	path = beside(name);
	words[0] = name;
	if (path != NULL)
		execv(path, words);
	if (path == NULL || errno == ENOENT)
		execvp(name, words);
	if (errno == ENOENT)
		cli_usage("%s: no such tool: fl alone lists them", name + strlen(PREFIX));
	flp_error_system(&e, errno, "%s", name);
	cli_fail(&e);
}

/* Begins a tool's --help as what standard input reads; gives its process. */
static pid_t
ask(const char *path, struct flp_error *e)
{
	int end[2];
	pid_t child;

	if (pipe(end) < 0 || (child = fork()) < 0)
		return flp_error_system(e, errno, "%s", path);
	if (child == 0) {
		if (dup2(end[1], STDOUT_FILENO) == STDOUT_FILENO)
			execl(path, path, "--help", (char *)NULL);
		_exit(FLP_SYSTEM);
	}
	close(end[1]);
	if (dup2(end[0], STDIN_FILENO) < 0)
		return flp_error_system(e, errno, "%s", path);
	close(end[0]);
	return child;
}

/* The second line of a tool's help is its purpose. */
static int
print_tool(struct flp_out *out, const char *name, struct flp_error *e)
{
	char text[4096], *path = beside(name), *line, *rest = text;
	struct flp_in in;
	pid_t child;
	size_t n;

	if (path == NULL || (child = ask(path, e)) < 0 || flp_in_open(&in, "-", e) < 0 ||
	    flp_in_read(&in, text, sizeof text - 1, &n, e) < 0)
		return -1;
	text[n] = '\0';
	strsep(&rest, "\n");
	line = strsep(&rest, "\n");
	cli_print(out, "  %-12s  %s\n", name + strlen(PREFIX), line ? line : "");
	flp_in_close(&in);
	waitpid(child, NULL, 0);
	free(path);
	return 0;
}

static int
is_tool(const struct dirent *entry)
{
	char *path = beside(entry->d_name);
	int yes = strncmp(entry->d_name, PREFIX, strlen(PREFIX)) == 0 && path != NULL &&
	    access(path, X_OK) == 0;

	free(path);
	return yes;
}

static void
list(struct flp_out *out)
{
	struct dirent **entry;
	struct flp_error e;
	char *folder = beside("");
	int n = folder == NULL ? -1 : scandir(folder, &entry, is_tool, alphasort);

	if (n < 0) {
		flp_error_system(&e, errno, "%s", folder == NULL ? "/proc/self/exe" : folder);
		cli_fail(&e);
	}
	cli_print(out, "usage: fl TOOL [ARG]...\n\n");
	for (int i = 0; i < n; i++)
		if (print_tool(out, entry[i]->d_name, &e) < 0)
			cli_fail(&e);
}

int
main(int argc, char **argv)
{
	char **words = argv + 1;
	struct flp_out out;

	/* A tool's options are its own. */
	if (argc > 1 && argv[1][0] != '-')
		run(words);
	words = cli_start(argc, argv, &tool, NULL);
	if (strcmp(words[0], "-") != 0)
		run(words);
	cli_stdout(&out);
	list(&out);
	cli_finish(&out, 0);
}
