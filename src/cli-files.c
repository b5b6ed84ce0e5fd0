/* Operands from a file, for when there are more than a command line holds. */
#include "cli-inside.h"
#include "base/in.h"
#include "base/memory.h"

#include <string.h>
#include <unistd.h>

/* Reads all of the file, and leaves room for a NUL after it. */
static char *
read_list(const char *path, size_t *n)
{
	const unsigned char *block;
	struct flp_error e;
	struct flp_in in;
	char *text = NULL;
	size_t room = 0, more;

	*n = 0;
	cli_check(flp_in_open(&in, path, &e), &e, NULL);
	in.may_be_empty = 1;
	do {
		cli_check(flp_in_buffered(&in, &block, &more, &e), &e, in.name);
		cli_check(flp_memory_grow(&text, &room, *n + more + 1, 1, &e), &e, NULL);
		memcpy(text + *n, block, more);
		*n += more;
	} while (more > 0);
	flp_in_close(&in);
	return text;
}

char **
cli_files(const char *path, int *n)
{
	size_t size, room = 0, names = 0;
	char *text = read_list(path, &size), **name = NULL;
	struct flp_error e;

	if (size > 0 && text[size - 1] != '\0')
		text[size++] = '\0';
	for (char *at = text; at < text + size; at += strlen(at) + 1) {
		cli_check(flp_memory_grow(&name, &room, names + 2, sizeof *name, &e), &e, NULL);
		name[names++] = at;
		if (strchr(at, '\n') != NULL && access(at, F_OK) < 0)
			cli_check(flp_error_bad(&e, "name %zu: expected names that end with a NUL byte, as "
			    "find -print0 writes them, found a newline", names), &e, flp_in_name(path));
		if (*at == '\0')
			cli_check(flp_error_bad(&e, "name %zu: expected a name, found an empty one",
			    names), &e, flp_in_name(path));
		if (strcmp(path, "-") == 0 && strcmp(at, "-") == 0)
			cli_check(flp_error_bad(&e, "name %zu: expected a file, found -, which is "
			    "the list itself", names), &e, flp_in_name(path));
	}
	if (names >= INT32_MAX)
		cli_check(flp_error_bad(&e, "expected fewer names, found %zu", names), &e,
		    flp_in_name(path));
	if (name == NULL)
		name = cli_new(1, sizeof *name);
	name[names] = NULL;
	*n = (int)names;
	return name;
}
