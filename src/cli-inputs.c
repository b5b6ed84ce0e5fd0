/* The files that a tool reads and writes, before the first is opened. */
#include "cli-inside.h"
#include "format/reader.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The file that an option names to be written. */
static struct {
	const char *option, *path;
} output;

static int
holds_record(const char *path)
{
	struct flp_error e;
	struct flp_in in;
	int record;

	cli_check(flp_in_open(&in, path, &e), &e, NULL);
	cli_check(record = flp_reader_begins(&in, &e), &e, path);
	flp_in_close(&in);
	return record;
}

void
cli_output(const char *option, const char *path)
{
	struct stat st;

	output.option = option;
	output.path = path;
	if (strcmp(path, "-") == 0)
		cli_usage("option --%s: expected a file, found - (./- is a file of that name)", option);
	if (flp_in_same("/dev/stdout", path))
		cli_usage("option --%s: expected a file other than standard output", option);
	if (flp_in_same("/dev/stderr", path))
		cli_usage("option --%s: expected a file other than standard error", option);
	if (path[0] == '\0' || (stat(path, &st) == 0 && !S_ISREG(st.st_mode)))
		cli_usage("option --%s: expected a regular file or a new name, found \"%s\"", option, path);
	if (stat(path, &st) == 0 && holds_record(path))
		cli_usage("option --%s: expected the name of a file to write, found a record, %s", option,
		    path);
}

/* Otherwise the shell has emptied the file that standard output replaces, or the tool would
 * read what it writes. */
static void
take(const char *path, const char *why)
{
	static int piped;
	struct stat in, out;

	if (strcmp(path, "-") == 0 && piped++)
		cli_usage("expected standard input once, found - twice%s", why);
	if (output.path != NULL && flp_in_same(path, output.path))
		cli_usage("option --%s: expected a file other than %s", output.option,
		    flp_in_name(path));
	if (fstat(STDOUT_FILENO, &out) == 0 && S_ISREG(out.st_mode) &&
	    (strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &in) : stat(path, &in)) == 0 &&
	    in.st_dev == out.st_dev && in.st_ino == out.st_ino)
		cli_usage("standard output: expected a file other than %s",
		    flp_in_name(path));
}

void
cli_inputs_init(struct flp_inputs *inputs, char **paths)
{
	flp_inputs_init(inputs, paths);
	inputs->tell_files = cli_progress_files;
}

void
cli_input(const char *path)
{
	take(path, "");
}

void
cli_inputs(char **operands)
{
	for (; *operands != NULL; operands++)
		take(*operands, cli_operands() ? "" : ", once because no file is given");
}
