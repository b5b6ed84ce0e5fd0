/* fl-export: print records as text that other programs read.
 *
 * Numbers are the shortest decimals that read back the same. The input is read
 * twice (a pipe from a temporary copy): nothing is printed before all of it has
 * been seen to be good, since text has no tail to tell a part from a whole. */
#include "cli.h"
#include "export/export.h"
#include "export/sheet.h"
#include "loop/inputs.h"

enum format { TXT, CSV };

struct options {
	int format;
	const char *tensor;
};

#define TO(field) offsetof(struct options, field)
static const struct cli_option options[] = {
	{ 'f', "format", CLI_CHOICE, TO(format), "txt|csv", 0, 0, "txt",
	  "numbers separated by blanks, or a table" },
	{ 't', "tensor", CLI_TEXT, TO(tensor), "NAME", 0, 0, NULL,
	  "print this tensor alone; all but descriptions without it" },
	{ 0 },
};

static const struct cli_tool tool = { "fl-export",
	"Print records as text that other programs read.", "[FILE]", 0, 1, options };

/* A data record is a table of its own. */
static int
is_sheet(const struct options *o, const struct flp_header *h)
{
	return o->format == CSV && o->tensor == NULL && h->kind == FLP_KIND_DATA;
}

static int
check_record(const struct flp_inputs *in, const struct flp_header *h, const struct options *o,
    struct flp_dataset *sheet, struct flp_error *e)
{
	struct flp_id id;

	if (o->format == CSV && flp_reader_number(in->reader) > 1)
		return flp_error_bad(e, "expected one record for csv, found more");
	if (flp_export_check(h, o->tensor, e) < 0)
		return -1;
	return is_sheet(o, h) ? flp_sheet_load(sheet, in->reader, h, e) :
	    flp_reader_finish(in->reader, &id, e);
}

static int
print_record(const struct flp_inputs *in, const struct flp_header *h, const struct options *o,
    const struct flp_dataset *sheet, struct flp_out *out, struct flp_error *e)
{
	if (is_sheet(o, h))
		return flp_sheet_print(sheet, out, in->reader, h, e);
	if (o->format == TXT)
		return flp_export_txt(out, in->reader, h, o->tensor, e);
	if (h->kind == FLP_KIND_STATS && o->tensor == NULL)
		return flp_export_stats(out, in->reader, h, e);
	return flp_export_csv(out, in->reader, h, o->tensor, e);
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	char **paths = cli_start(argc, argv, &tool, &o);
	struct flp_dataset sheet = { 0 };
	const struct flp_header *h;
	struct flp_inputs in;
	struct flp_error e;
	struct flp_out out;
	int more;

	cli_stdout(&out);
	flp_inputs_init(&in, paths);
	in.twice = 1;
	cli_check(flp_inputs_one(&in, &h, &e), &e, NULL);
	do
		cli_check(check_record(&in, h, &o, &sheet, &e), &e, in.place);
	while ((more = flp_inputs_next(&in, &h, &e)) > 0);
	if (more < 0 || flp_inputs_rewind(&in, &e) < 0)
		cli_fail(&e);
	while ((more = flp_inputs_next(&in, &h, &e)) > 0)
		cli_check(print_record(&in, h, &o, &sheet, &out, &e), &e, in.place);
	cli_check(more, &e, NULL);
	flp_dataset_free(&sheet);
	flp_inputs_close(&in);
	cli_finish(&out, 0);
}
