/* What --help and --version print, and the verbs of a tool that has some. */
#include "cli-inside.h"
#include "base/choice.h"

#include <stdio.h>
#include <string.h>

#define WIDTH 80  /* of a terminal, which no line is wider than */
#define COLUMN 28 /* where the text about an option begins */
#define VERB 15   /* where the text about a verb begins */

const struct cli_option cli_always[] = {
	[CLI_HELP] = { .letter = 'h', .name = "help", .help = "show this help" },
	[CLI_VERSION] = { .name = "version", .help = "show the version" },
	{ 0 },
};

/* Prints a text from column `at` on, and goes on at column `indent` of further lines. A line
 * may end at a blank, which is then left out, or after a |. Returns the column at the end. */
static size_t
wrap(struct flp_out *out, size_t at, size_t indent, const char *text)
{
	size_t blanks = 0;

	while (*text != '\0') {
		size_t n = strcspn(text, " |");

		n += text[n] == '|';
		if (at > indent && at + blanks + n > WIDTH) {
			cli_print(out, "\n%*s", (int)indent, "");
			at = indent;
			blanks = 0;
		}
		cli_print(out, "%*s%.*s", (int)blanks, "", (int)n, text);
		at += blanks + n;
		text += n;
		text += blanks = strspn(text, " ");
	}
	return at;
}

/* Goes from column `at` to the column of a text, on a new line where there is no room for two
 * blanks between them. */
static void
to_column(struct flp_out *out, size_t at, size_t column)
{
	if (at + 2 <= column)
		cli_print(out, "%*s", (int)(column - at), "");
	else
		cli_print(out, "\n%*s", (int)column, "");
}

void
cli_entry(struct flp_out *out, size_t column, const char *entry, const char *text)
{
	cli_print(out, "  %s", entry);
	if (*text != '\0') {
		to_column(out, 2 + strlen(entry), column);
		wrap(out, column, column, text);
	}
	cli_print(out, "\n");
}

static void
print_option(struct flp_out *out, const struct cli_option *o)
{
	char words[FLP_CHOICE_TEXT], letter[] = "  -x, ", text[1024];
	const char *preset = o->preset != NULL && o->preset != cli_required ? o->preset : NULL;
	const char *argument = o->unit != NULL || o->choice == NULL ? o->unit :
	    flp_choice_list(words, o->choice, 0, "|", "|");
	size_t at;

	letter[3] = o->letter;
	cli_print(out, "%s--%s", o->letter ? letter : "      ", o->name);
	at = strlen("      --") + strlen(o->name);
	if (argument != NULL) {
		cli_print(out, " ");
		at = wrap(out, at + 1, at + 1, argument);
	}
	to_column(out, at, COLUMN);
	snprintf(text, sizeof text, "%s%s%s%s%s", o->help, o->preset == cli_required ? " (required)" :
	    "", preset ? " [" : "", preset ? preset : "", preset ? "]" : "");
	wrap(out, COLUMN, COLUMN, text);
	cli_print(out, "\n");
}

static _Noreturn void
end_help(struct flp_out *out)
{
	for (const struct cli_option *o = cli_always; o->name != NULL; o++)
		print_option(out, o);
	cli_finish(out, FLP_ERROR_NONE);
}

static void
print_usage(struct flp_out *out, const char *name, const char *words, const char *operands,
    const char *purpose)
{
	size_t indent = strlen("usage: ") + strlen(name) + 1;
	char text[256];

	snprintf(text, sizeof text, "%s%s%s", words, *operands ? " " : "", operands);
	cli_print(out, "usage: %s ", name);
	wrap(out, indent, indent, text);
	cli_print(out, "\n");
	wrap(out, 0, 0, purpose);
	cli_print(out, "\n\n");
}

_Noreturn void
cli_help(const struct cli_tool *tool)
{
	struct flp_out out;

	cli_stdout(&out);
	print_usage(&out, tool->name, "[OPTION]...", tool->operands, tool->purpose);
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
	print_usage(&out, name, "VERB [OPTION]... [ARG]...", "", purpose);
	for (const struct cli_verb *v = verbs; v->tool != NULL; v++)
		cli_entry(&out, VERB, verb_name(v), v->tool->purpose);
	cli_print(&out, "\n");
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

/* The first word after --complete is the verb, or the verb is what is completed. */
static int
complete_verb(int argc, char **argv, const struct cli_verb *verbs)
{
	static char complete[] = CLI_COMPLETE;
	const char *word = argc > 2 ? argv[2] : "";
	struct flp_out out;

	for (const struct cli_verb *v = verbs; v->tool != NULL && argc > 3; v++)
		if (strcmp(word, verb_name(v)) == 0) {
			argv[2] = complete;
			return v->run(argc - 1, argv + 1);
		}
	cli_stdout(&out);
	for (const struct cli_verb *v = verbs; v->tool != NULL && argc <= 3; v++)
		cli_offer(&out, word, verb_name(v), v->tool->purpose);
	cli_finish(&out, FLP_ERROR_NONE);
}

/* 1 for a word that is --help, --version or the letter of one. */
static int
asks(const char *word, const struct cli_option *o)
{
	char letter[] = { '-', o->letter, '\0' };

	return (o->letter != '\0' && strcmp(word, letter) == 0) ||
	    (strncmp(word, "--", 2) == 0 && strcmp(word + 2, o->name) == 0);
}

int
cli_verbs(int argc, char **argv, const char *name, const char *purpose,
    const struct cli_verb *verbs)
{
	const char *word = argc > 1 ? argv[1] : "";

	cli_begin(name);
	if (asks(word, &cli_always[CLI_HELP]))
		help_verbs(name, purpose, verbs);
	if (strcmp(word, CLI_COMPLETE) == 0)
		return complete_verb(argc, argv, verbs);
	if (asks(word, &cli_always[CLI_VERSION]))
		cli_version(name);
	for (const struct cli_verb *v = verbs; v->tool != NULL; v++)
		if (strcmp(word, verb_name(v)) == 0)
			return v->run(argc - 1, argv + 1);
	refuse_verb(argc > 1 ? word : NULL, verbs);
}
