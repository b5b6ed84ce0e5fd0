/* The files that a tool reads, before the first is opened. */
#include "cli.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The shell has emptied the file that standard output replaces, or the tool would read what
 * it writes. */
void
cli_input(const char *path)
{
	static int piped;
	struct stat in, out;

	if (strcmp(path, "-") == 0 && piped++)
		cli_usage("expected standard input once, found - twice");
	if (fstat(STDOUT_FILENO, &out) == 0 && S_ISREG(out.st_mode) &&
	    (strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &in) : stat(path, &in)) == 0 &&
	    in.st_dev == out.st_dev && in.st_ino == out.st_ino)
		cli_usage("standard output: expected another file than the input %s",
		    flp_in_name(path));
}

void
cli_inputs(char **operands)
{
	for (; *operands != NULL; operands++)
		cli_input(*operands);
}
