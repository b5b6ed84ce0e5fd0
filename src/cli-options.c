/* Options: what stands in a tool's table, read by getopt_long. */
#include "cli-inside.h"
#include "base/choice.h"
#include "base/memory.h"
#include "base/number.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#define LONG 256 /* getopt_long's value of the first long option, above any letter */

const char cli_required[] = "required";

/* The table of the tool that has started, which of its options were given, and the argument
 * of --files-from. */
static const struct cli_option *table;
static char *given;
static int any_operands; /* the user gave operands, or a list of them */
static const char *files_from;

static int
count(const struct cli_option *options)
{
	int n = 0;

	while (options[n].name != NULL)
		n++;
	return n;
}

static void
take_choice(const struct cli_option *o, const char *text, unsigned *to)
{
	int index = flp_choice_find(o->choice, text, strlen(text));
	char words[FLP_CHOICE_TEXT];

	if (index < 0)
		cli_usage("option --%s: expected %s, found \"%s\"", o->name,
		    flp_choice_list(words, o->choice, 0, "|", "|"), text);
	*to = (unsigned)index;
}

static void
take_number(const struct cli_option *o, const char *text, void *to)
{
	uint64_t whole = 0;
	double real;
	int bad;

	if (o->type == CLI_TYPE_COUNT) {
		bad = flp_number_u64(text, strlen(text), &whole);
		real = (double)whole;
	} else {
		bad = flp_number_f64(text, strlen(text), &real);
	}
	if (bad || !(real >= o->least && real <= o->most)) {
		char least[FLP_NUMBER_TEXT], most[FLP_NUMBER_TEXT];

		flp_number_print(least, o->least);
		flp_number_print(most, o->most);
		cli_usage("option --%s: expected %s from %s to %s, found \"%s\"", o->name,
		    o->type == CLI_TYPE_COUNT ? "a whole number" : "a number", least, most, text);
	}
	if (o->type == CLI_TYPE_COUNT)
		*(uint64_t *)to = whole;
	else
		*(double *)to = real;
}

static void
take(const struct cli_option *o, const char *text, void *options)
{
	void *to = (char *)options + o->to;
	struct cli_list *list = to;
	struct flp_error e;

	switch (o->type) {
	case CLI_TYPE_FLAG:
		*(int *)to = 1;
		break;
	case CLI_TYPE_COUNT:
	case CLI_TYPE_REAL:
		take_number(o, text, to);
		break;
	case CLI_TYPE_TEXT:
	case CLI_TYPE_INPUT:
	case CLI_TYPE_PATH:
	case CLI_TYPE_OUTPUT:
		*(const char **)to = text;
		break;
	case CLI_TYPE_CHOICE:
		take_choice(o, text, to);
		break;
	case CLI_TYPE_LIST:
	case CLI_TYPE_INPUTS:
		if (flp_memory_grow(&list->text, &list->room, list->n + 1,
		    sizeof *list->text, &e) < 0)
			cli_fail(&e);
		list->text[list->n++] = text;
		break;
	case CLI_TYPE_FILES:
		files_from = text;
		break;
	}
}

/* Option i: of the n options of the tool's table, or of those that come after them, which every
 * tool has. */
static const struct cli_option *
option(int n, int i)
{
	return i < n ? &table[i] : &cli_always[i - n];
}

/* getopt_long's two tables. The colon first makes it tell an argument that is missing. */
static void
getopt_tables(int n, char *letters, struct option *longs)
{
	const struct cli_option *o;
	int at = 0;

	letters[at++] = ':';
	for (int i = 0; (o = option(n, i))->name != NULL; i++) {
		longs[i] = (struct option){ o->name, o->type != CLI_TYPE_FLAG, NULL, LONG + i };
		if (o->letter) {
			letters[at++] = o->letter;
			if (o->type != CLI_TYPE_FLAG)
				letters[at++] = ':';
		}
	}
}

/* Which option getopt_long took. */
static int
find(int n, int c)
{
	int i = 0;

	if (c >= LONG)
		return c - LONG;
	while (option(n, i)->letter != c)
		i++;
	return i;
}

/* What getopt_long did not take; its own message would show bytes as they are. */
static _Noreturn void
refuse(const struct cli_tool *tool, int c, char **argv)
{
	int is_long = optopt == 0 || optopt >= LONG;
	char letter[] = { '-', (char)optopt, '\0' };
	const char *text = is_long ? argv[optind - 1] : letter;

	if (c == ':')
		cli_usage("option %s: expected an argument", text);
	if (is_long && optopt != 0)
		cli_usage("option %s: expected no argument", text);
	cli_usage("unknown %soption %s (see %s --help)", is_long ? "or ambiguous " : "", text,
	    tool->name);
}

static void
check_operands(const struct cli_tool *tool, int n, char **operands)
{
	if (n < tool->least)
		cli_usage("expected %s, found %s", tool->operands, n ? "one alone" : "nothing");
	if (tool->most >= 0 && n > tool->most)
		cli_usage("expected %s, found \"%s\"%s", *tool->operands ? tool->operands :
		    "no operands", operands[tool->most], *tool->operands ? " too" : "");
}

/* 1 if someone who gives an option twice may mean both, as of two columns or files. Of numbers and
 * choices the last one holds, so that a script's own can be overridden. */
static int
means_both(const struct cli_option *o)
{
	return o->type == CLI_TYPE_TEXT || o->type == CLI_TYPE_PATH || o->type == CLI_TYPE_INPUT ||
	    o->type == CLI_TYPE_OUTPUT;
}

static void
take_options(int argc, char **argv, const struct cli_tool *tool, void *options)
{
	int n = count(table), all = n + count(cli_always), c, i;
	char *letters = cli_new(2 * (size_t)all + 2, 1);
	struct option *longs = cli_new((size_t)all + 1, sizeof *longs);

	given = cli_new((size_t)n, 1);
	getopt_tables(n, letters, longs);
	opterr = 0;
	while ((c = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		if (c == '?' || c == ':')
			refuse(tool, c, argv);
		i = find(n, c);
		if (i == n + CLI_HELP)
			cli_help(tool);
		if (i == n + CLI_VERSION)
			cli_version(tool->name);
		if (given[i] && means_both(&table[i]))
			cli_usage("option --%s: expected once, found twice", table[i].name);
		given[i] = 1;
		take(&table[i], optarg, options);
	}
	free(letters);
	free(longs);
}

/* The files that options name. */
static void
check_files(const void *options)
{
	for (const struct cli_option *o = table; o->name != NULL; o++) {
		const char *const *path = (const void *)((const char *)options + o->to);

		if (o->type == CLI_TYPE_OUTPUT && *path != NULL)
			cli_output(o->name, *path);
	}
	if (files_from != NULL)
		cli_input(files_from);
	for (const struct cli_option *o = table; o->name != NULL; o++) {
		const void *to = (const char *)options + o->to;
		const struct cli_list *list = to;

		if (o->type == CLI_TYPE_INPUT && *(const char *const *)to != NULL)
			cli_input(*(const char *const *)to);
		for (size_t i = 0; o->type == CLI_TYPE_INPUTS && i < list->n; i++)
			cli_input(list->text[i]);
	}
}

char **
cli_start_names(int argc, char **argv, const struct cli_tool *tool, void *options)
{
	static char *standard_input[] = { "-", NULL };

	cli_begin(tool->name);
	if (argc > 1 && strcmp(argv[1], CLI_COMPLETE) == 0)
		cli_complete(tool, argv + 2);
	table = tool->options;
	for (const struct cli_option *o = table; o->name != NULL; o++)
		if (o->preset != NULL && o->preset != cli_required)
			take(o, o->preset, options);
	take_options(argc, argv, tool, options);
	for (const struct cli_option *o = table; o->name != NULL; o++)
		if (o->preset == cli_required && !given[o - table])
			cli_usage("option --%s is required", o->name);
	argc -= optind;
	argv += optind;
	if (files_from != NULL && argc > 0)
		cli_usage("option --files-from: expected no operands with it, found \"%s\"", argv[0]);
	if (files_from != NULL)
		argv = cli_files(files_from, &argc);
	check_operands(tool, argc, argv);
	check_files(options);
	any_operands = argc > 0 || files_from != NULL;
	return argc == 0 && *tool->operands && files_from == NULL ? standard_input : argv;
}

char **
cli_start(int argc, char **argv, const struct cli_tool *tool, void *options)
{
	char **operands = cli_start_names(argc, argv, tool, options);

	cli_inputs(operands);
	return operands;
}

int
cli_operands(void)
{
	return any_operands;
}

int
cli_verbose(void)
{
	for (const struct cli_option *o = table; o != NULL && o->name != NULL; o++)
		if (strcmp(o->name, "verbose") == 0)
			return given != NULL && given[o - table];
	return 0;
}

int
cli_given(const char *option)
{
	for (const struct cli_option *o = table; o != NULL && o->name != NULL; o++)
		if (strcmp(o->name, option) == 0)
			return given[o - table];
	cli_warn("option --%s: expected an option of the tool's table", option);
	abort();
}
