/* What options ask of each other. */
#include "cli.h"

#include <stdio.h>
#include <string.h>

/* "--a, --b and --c" */
static const char *
names(char text[512], const char *const *options)
{
	size_t n = 0;

	text[0] = '\0';
	for (size_t i = 0; options[i] != NULL; i++) {
		snprintf(text + n, 512 - n, "%s--%s", i == 0 ? "" : options[i + 1] != NULL ? ", " :
		    " and ", options[i]);
		n = strlen(text);
	}
	return text;
}

void
cli_at_most_one(const char *const *options)
{
	char text[512];
	int given = 0, n = 0;

	for (; options[n] != NULL; n++)
		given += cli_given(options[n]);
	if (given > 1)
		cli_usage("expected one of %s, not %s", names(text, options), n == 2 ? "both" : "more");
}

void
cli_one_of(const char *const *options)
{
	char text[512];
	int given = 0;

	for (size_t i = 0; options[i] != NULL; i++)
		given += cli_given(options[i]);
	if (given == 0)
		cli_usage("expected one of %s", names(text, options));
	cli_at_most_one(options);
}

void
cli_only_with(const char *with, const char *const *options)
{
	for (; *options != NULL && !cli_given(with); options++)
		if (cli_given(*options))
			cli_usage("option --%s: needs --%s", *options, with);
}

void
cli_none_with(const char *with, const char *const *options)
{
	for (; *options != NULL && cli_given(with); options++)
		if (cli_given(*options))
			cli_usage("option --%s: not allowed with --%s", *options, with);
}
