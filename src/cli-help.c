/* What --help and --version print, and the verbs of a tool that has some. */
#include "cli.h"
#include "base/choice.h"

#include <stdio.h>
#include <string.h>

#define COLUMN 31 /* where the text about an option begins */

/* Goes to the column of the text, on a new line where too much of this one, which
 * began at byte `from`, is taken. */
static void
to_column(struct flp_out *out, uint64_t from)
{
	uint64_t width = out->offset - from;

	if (width < COLUMN)
		cli_print(out, "%*s", (int)(COLUMN - width), "");
	else
		cli_print(out, "\n%*s", COLUMN, "");
}

static void
print_option(struct flp_out *out, const struct cli_option *o)
{
	uint64_t from = out->offset;
	char words[FLP_CHOICE_TEXT];

	if (o->letter)
		cli_print(out, "  -%c, --%s", o->letter, o->name);
	else
		cli_print(out, "      --%s", o->name);
	if (o->choice != NULL)
		cli_print(out, " %s", flp_choice_list(words, o->choice, 0, "|", "|"));
	else if (o->unit != NULL)
		cli_print(out, " %s", o->unit);
	to_column(out, from);
	cli_print(out, "%s", o->help);
	if (o->preset == cli_required)
		cli_print(out, " (required)");
	else if (o->preset != NULL)
		cli_print(out, " [%s]", o->preset);
	cli_print(out, "\n");
}

static _Noreturn void
end_help(struct flp_out *out)
{
	static const struct cli_option help = { .name = "help", .help = "show this" },
	    version = { .name = "version", .help = "show the version" };

	print_option(out, &help);
	print_option(out, &version);
	cli_finish(out, FLP_ERROR_NONE);
}

_Noreturn void
cli_help(const struct cli_tool *tool)
{
	struct flp_out out;

	cli_stdout(&out);
	cli_print(&out, "usage: %s [OPTION]...%s%s\n%s\n\n", tool->name, *tool->operands ? " " : "",
	    tool->operands, tool->purpose);
	for (const struct cli_option *o = tool->options; o->name != NULL; o++)
		print_option(&out, o);
	end_help(&out);
}

_Noreturn void
cli_version(const char *name)
{
	struct flp_out out;

	cli_stdout(&out);
	cli_print(&out, "%.*s %s\n", (int)strcspn(name, " "), name, FL_VERSION);
	cli_finish(&out, FLP_ERROR_NONE);
}

/* "keygen" of "fl-mask keygen" */
static const char *
verb_name(const struct cli_verb *verb)
{
	const char *blank = strrchr(verb->tool->name, ' ');

	return blank != NULL ? blank + 1 : verb->tool->name;
}

static _Noreturn void
help_verbs(const char *name, const char *purpose, const struct cli_verb *verbs)
{
	struct flp_out out;

	cli_stdout(&out);
	cli_print(&out, "usage: %s VERB [OPTION]... [ARG]...\n%s\n\n", name, purpose);
	for (const struct cli_verb *v = verbs; v->tool != NULL; v++) {
		uint64_t from = out.offset;

		cli_print(&out, "  %s", verb_name(v));
		to_column(&out, from);
		cli_print(&out, "%s\n", v->tool->purpose);
	}
	end_help(&out);
}

static _Noreturn void
refuse_verb(const char *word, const struct cli_verb *verbs)
{
	char words[FLP_CHOICE_TEXT] = "";

	for (const struct cli_verb *v = verbs; v->tool != NULL; v++) {
		size_t n = strlen(words);

		snprintf(words + n, sizeof words - n, "%s%s", n > 0 ? "|" : "", verb_name(v));
	}
	if (word == NULL)
		cli_usage("expected %s, found nothing", words);
	cli_usage("expected %s, found \"%s\"", words, word);
}

int
cli_verbs(int argc, char **argv, const char *name, const char *purpose,
    const struct cli_verb *verbs)
{
	const char *word = argc > 1 ? argv[1] : "";

	cli_begin(name);
	if (strcmp(word, "--help") == 0)
		help_verbs(name, purpose, verbs);
	if (strcmp(word, "--version") == 0)
		cli_version(name);
	for (const struct cli_verb *v = verbs; v->tool != NULL; v++)
		if (strcmp(word, verb_name(v)) == 0)
			return v->run(argc - 1, argv + 1);
	refuse_verb(argc > 1 ? word : NULL, verbs);
}
