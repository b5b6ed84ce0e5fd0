/* fl: run a tool by its short name, or list the tools.
 *
 * `fl train ...` becomes fl-train, found beside this program or else on PATH.
 * The list is what stands beside it; what each is for, its own --help says. */
#include "cli.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
	cli_print(out, "usage: fl TOOL [ARG]...\nWhat a tool is for: fl TOOL --help, or man 7 fl.\n\n");
	for (int i = 0; i < n; i++)
		cli_print(out, "  %s\n", entry[i]->d_name + strlen(PREFIX));
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
