/* fl: run a tool by its short name, list the tools, or show the page of one.
 *
 * `fl train ...` becomes fl-train, found beside this program or else on PATH. */
#include "cli.h"
#include "fl/tools.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct cli_option options[] = {
	{ 0 },
};

static const struct cli_tool tool = { "fl",
	"Federated learning as Unix pipelines: run a tool, or list them.",
	"[TOOL [ARG]...]", 0, -1, options };

static _Noreturn void
run(char **words)
{
	char *name = NULL, *path;
	struct flp_error e;

	if (strchr(words[0], '/') != NULL || asprintf(&name, FL_PREFIX "%s", words[0]) < 0)
		cli_usage("%s: expected the name of a tool", words[0]);
	path = fl_beside(name);
	words[0] = name;
	if (path != NULL)
		execv(path, words);
	if (path == NULL || errno == ENOENT)
		execvp(name, words);
	if (errno == ENOENT)
		cli_usage("%s: no tool of that name (see fl)", name + strlen(FL_PREFIX));
	flp_error_system(&e, errno, "%s", name);
	cli_fail(&e);
}

static _Noreturn void
list(void)
{
	struct flp_out out;
	size_t longest = 0;

	cli_begin(tool.name);
	cli_stdout(&out);
	cli_print(&out, "usage: fl TOOL [ARG]...\n\n");
	for (const struct fl_tool *f = fl_tools; f->name != NULL; f++)
		if (strlen(f->name) > longest)
			longest = strlen(f->name);
	for (const struct fl_tool *f = fl_tools; f->name != NULL; f++)
		cli_entry(&out, longest + 4, f->name, f->purpose);
	cli_print(&out, "\nThe options of a tool: fl TOOL --help. Its page: fl help TOOL.\n");
	cli_finish(&out, FLP_ERROR_NONE);
}

/* The page of a tool if it is there, in the tree or where it was installed, and if man(1) is
 * there too; else what --help says, and of a verb always. */
static _Noreturn void
help(char **words)
{
	static const char *const folders[] = { "../man", "../share/man/man1" };
	char *name, *page, **call;
	size_t n = 0;

	if (words[0] == NULL)
		list();
	for (size_t i = 0; i < sizeof folders / sizeof *folders && words[1] == NULL; i++)
		if (asprintf(&name, "%s/" FL_PREFIX "%s.1", folders[i], words[0]) > 0 &&
		    strchr(words[0], '/') == NULL && (page = fl_beside(name)) != NULL &&
		    access(page, R_OK) == 0)
			execlp("man", "man", "-l", page, NULL);
	while (words[n] != NULL)
		n++;
	call = cli_new(n + 2, sizeof *call);
	memcpy(call, words, n * sizeof *call);
	call[n] = "--help";
	run(call);
}

/* What a shell may complete the words after "fl --complete" to: the name of a tool, or what the
 * tool itself says. */
static _Noreturn void
complete(char **words)
{
	static char request[] = CLI_COMPLETE;
	int asks_help = words[0] != NULL && words[1] != NULL && strcmp(words[0], "help") == 0;
	const char *typed;
	struct flp_out out;

	words += asks_help;
	if (words[0] != NULL && words[1] != NULL) {
		words[-1] = words[0];
		words[0] = request;
		run(words - 1);
	}
	typed = words[0] != NULL ? words[0] : "";
	if (*typed == '-')
		cli_complete(&tool, words);
	cli_begin(tool.name);
	cli_stdout(&out);
	for (const struct fl_tool *f = fl_tools; f->name != NULL; f++)
		cli_offer(&out, typed, f->name, f->purpose);
	if (!asks_help)
		cli_offer(&out, typed, "help", "show the page of a tool");
	cli_finish(&out, FLP_ERROR_NONE);
}

int
main(int argc, char **argv)
{
	char **words = argv + 1;

	if (argc > 1 && strcmp(argv[1], CLI_COMPLETE) == 0)
		complete(argv + 2);
	if (argc > 1 && strcmp(argv[1], "help") == 0)
		help(argv + 2);
	/* A tool's options are its own. */
	if (argc > 1 && argv[1][0] != '-')
		run(words);
	words = cli_start(argc, argv, &tool, NULL);
	if (strcmp(words[0], "-") != 0)
		run(words);
	list();
}
