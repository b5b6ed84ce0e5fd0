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

/* Shows the page of a name by man(1), from the tree or from where it was installed. The prefix
 * may be left out, and a section may follow after a dot, as in fl.7. Returns 0 if there is no
 * such page, and otherwise its section if man(1) is not there. */
static int
show_page(const char *word)
{
	static const struct {
		const char *folder, *section;
	} places[] = {
		{ "../man", "1" }, { "../share/man/man1", "1" },
		{ "../man", "7" }, { "../share/man/man7", "7" },
		{ "../man", "5" }, { "../share/man/man5", "5" },
	};
	int n = (int)strcspn(word, ".");
	int whole = strncmp(word, FL_PREFIX, strlen(FL_PREFIX)) == 0 ||
	    (n == 2 && strncmp(word, "fl", 2) == 0);
	char *name, *page;

	for (size_t i = 0; i < sizeof places / sizeof *places && strchr(word, '/') == NULL; i++)
		if ((word[n] == '\0' || strcmp(word + n + 1, places[i].section) == 0) &&
		    asprintf(&name, "%s/%s%.*s.%s", places[i].folder, whole ? "" : FL_PREFIX, n, word,
		    places[i].section) > 0 &&
		    (page = fl_beside(name)) != NULL && access(page, R_OK) == 0) {
			execlp("man", "man", "-l", page, NULL);
			return atoi(places[i].section);
		}
	return 0;
}

/* Refuses words that a tool would take for operands before its --help. What a program that is not
 * one of ours takes is not known. */
static void
check_verb(char **words)
{
	const struct fl_tool *f = fl_tools;

	while (f->name != NULL && strcmp(f->name, words[0]) != 0)
		f++;
	for (int n = 1; f->name != NULL && words[n] != NULL; n++)
		if (n > f->verbs)
			cli_usage("help %s: expected no %s, found \"%s\"", words[0],
			    f->verbs ? "word after the verb" : "verb, since the tool has none", words[n]);
}

/* The page of a tool, or another page, if man(1) can show it; else what --help of the tool says,
 * and of a verb always. */
static _Noreturn void
help(char **words)
{
	size_t n = 0;
	int section = 0;
	struct flp_error e;
	char **call;

	if (words[0] == NULL)
		list();
	if (words[1] == NULL)
		section = show_page(words[0]);
	if (section > 1) {
		flp_error_system(&e, errno, "man");
		cli_fail(&e);
	}
	if (words[1] == NULL && strcmp(words[0], "fl") == 0)
		list();
	if (strncmp(words[0], FL_PREFIX, strlen(FL_PREFIX)) == 0)
		words[0] += strlen(FL_PREFIX);
	check_verb(words);
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
	if (asks_help)
		cli_offer(&out, typed, "privacy", "who learns what, and the policy that limits it");
	else
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
