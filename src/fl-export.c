/* fl-export: print records as text that other programs read.
 *
 * Numbers are the shortest decimals that read back the same. The input is read
 * twice (a pipe from a temporary copy): nothing is printed before all of it is
 * known to be good, since text has no tail that tells a part from the whole. */
#include "cli.h"
#include "export/forms.h"
#include "loop/inputs.h"

struct options {
	unsigned format; /* its place in the table of forms */
	const char *tensor;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	CLI_CHOICE('f', "format", TO(format), flp_export_form_name, "txt",
		"how to print: numbers separated by blanks, or a table"),
	CLI_TEXT('t', "tensor", TO(tensor), "NAME", NULL,
		"print only the tensor NAME; by default all but descriptions"),
	{ 0 },
};

static const struct cli_tool tool = { "fl-export",
	"Print records as text that other programs read.", "[FILE]", 0, 1, options };

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	char **paths = cli_start(argc, argv, &tool, &o);
	struct flp_export x = { .form = flp_export_form(o.format), .tensor = o.tensor };
	const struct flp_header *h;
	struct flp_inputs in;
	struct flp_error e;
	struct flp_out out;
	int more;

	cli_stdout(&out);
	cli_inputs_init(&in, paths);
	in.twice = 1;
	cli_check(flp_inputs_one(&in, &h, &e), &e, NULL);
	do
		cli_check(flp_export_check(&x, in.reader, h, &e), &e, in.place);
	while ((more = flp_inputs_next(&in, &h, &e)) > 0);
	if (more < 0 || flp_inputs_rewind(&in, &e) < 0)
		cli_fail(&e);
	while ((more = flp_inputs_next(&in, &h, &e)) > 0)
		if (flp_export_write(&x, &out, in.reader, h, &e) < 0) {
			flp_inputs_at(&in, &e);
			cli_fail(&e);
		}
	cli_check(more, &e, NULL);
	flp_export_close(&x);
	flp_inputs_close(&in);
	cli_finish(&out, 0);
}
