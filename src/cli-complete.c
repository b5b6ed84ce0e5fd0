/* What a shell completes a command line with. */
#include "cli-inside.h"

#include <stdio.h>
#include <string.h>

/* A line "CANDIDATE<tab>text", if the candidate begins with what was typed. */
static void
offer(struct flp_out *out, const char *typed, const char *before, const char *candidate, size_t n,
    const char *text)
{
	char line[512];

	snprintf(line, sizeof line, "%s%.*s", before, (int)n, candidate);
	if (n > 0 && candidate[n - 1] == ':' && strcmp(line, typed) == 0)
		return; /* now comes what only the user knows */
	if (strncmp(line, typed, strlen(typed)) == 0)
		cli_print(out, "%s\t%s\n", line, text);
}

void
cli_offer(struct flp_out *out, const char *typed, const char *candidate, const char *text)
{
	offer(out, typed, "", candidate, strlen(candidate), text);
}

static void
offer_files(struct flp_out *out)
{
	cli_print(out, "files\n");
}

static int
is_file(const struct cli_option *o)
{
	return o->type == CLI_TYPE_INPUT || o->type == CLI_TYPE_INPUTS || o->type == CLI_TYPE_PATH ||
	    o->type == CLI_TYPE_OUTPUT || o->type == CLI_TYPE_FILES;
}

/* The arguments of an option, after `before`. If a word takes an argument after its colon, the user
 * types that argument. */
static void
offer_arguments(struct flp_out *out, const struct cli_option *o, const char *typed,
    const char *before)
{
	const char *word;

	if (is_file(o))
		offer_files(out);
	for (unsigned i = 0; o->choice != NULL && (word = o->choice(i)) != NULL; i++) {
		size_t n = strcspn(word, ":");

		if (n > 0)
			offer(out, typed, before, word, n + (word[n] == ':'), "");
	}
}

static void
offer_options(struct flp_out *out, const struct cli_option *table, const char *typed)
{
	char name[64];

	for (const struct cli_option *o = table; o->name != NULL; o++) {
		snprintf(name, sizeof name, "--%s", o->name);
		cli_offer(out, typed, name, o->help);
	}
}

/* The option that a word names alone, and whose argument is therefore the next word; NULL if
 * there is none. Among letters in one word, the first that takes an argument takes the rest of the
 * word, if there is any. */
static const struct cli_option *
awaits(const struct cli_option *table, const char *word)
{
	const struct cli_option *o;

	if (strncmp(word, "--", 2) == 0) {
		for (o = table; o->name != NULL; o++)
			if (strcmp(o->name, word + 2) == 0)
				return o->type != CLI_TYPE_FLAG ? o : NULL;
		return NULL;
	}
	for (word++; *word != '\0'; word++) {
		for (o = table; o->name != NULL && o->letter != *word; o++)
			;
		if (o->name != NULL && o->type != CLI_TYPE_FLAG)
			return word[1] == '\0' ? o : NULL;
	}
	return NULL;
}

/* The option before the = of a word "--name=...", NULL for any other word. */
static const struct cli_option *
assigned(const struct cli_option *table, const char *word)
{
	size_t n = strcspn(word, "=");

	if (strncmp(word, "--", 2) != 0 || word[n] == '\0')
		return NULL;
	for (const struct cli_option *o = table; o->name != NULL; o++)
		if (strlen(o->name) == n - 2 && strncmp(o->name, word + 2, n - 2) == 0)
			return o;
	return NULL;
}

_Noreturn void
cli_complete(const struct cli_tool *tool, char **words)
{
	const struct cli_option *o = NULL;
	int operands = 0, only_operands = 0;
	const char *last;
	char before[64];
	struct flp_out out;

	cli_stdout(&out);
	for (; words[0] != NULL && words[1] != NULL; words++) {
		if (o != NULL)
			o = NULL; /* this word is its argument */
		else if (only_operands || words[0][0] != '-' || words[0][1] == '\0')
			operands++;
		else if (strcmp(words[0], "--") == 0)
			only_operands = 1;
		else
			o = awaits(tool->options, words[0]);
	}
	last = words[0] != NULL ? words[0] : "";
	if (o != NULL) {
		offer_arguments(&out, o, last, "");
	} else if (!only_operands && (o = assigned(tool->options, last)) != NULL) {
		snprintf(before, sizeof before, "--%s=", o->name);
		offer_arguments(&out, o, last, before);
	} else if (!only_operands && *last == '-') {
		offer_options(&out, tool->options, last);
		offer_options(&out, cli_always, last);
	} else if (*tool->operands && (tool->most < 0 || operands < tool->most)) {
		offer_files(&out);
	}
	cli_finish(&out, FLP_ERROR_NONE);
}
