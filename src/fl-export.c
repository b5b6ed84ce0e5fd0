/* fl-export: print records as text that other programs read.
 *
 * Numbers are the shortest decimals that read back the same. The input is read
 * twice (a pipe from a temporary copy): nothing is printed before all of it has
 * been seen to be good, since text has no trailer to tell a part from a whole. */
#include "cli.h"
#include "data/export.h"
#include "data/sheet.h"

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

struct input {
	struct flp_in in;
	struct flp_reader *reader; /* of the current pass */
};

static void
check(int status, const struct input *input, struct flp_error *e)
{
	uint64_t number = input->reader ? flp_reader_number(input->reader) : 0;

	if (status < 0 && number > 1)
		flp_error_at(e, "record %llu", (unsigned long long)number);
	cli_check(status, e, input->in.name);
}

/* The next record, from the first again where there is no reader. */
static const struct flp_header *
next(struct input *input)
{
	const struct flp_header *h;
	struct flp_error e;
	int more;

	if (input->reader == NULL) {
		check(flp_in_seek(&input->in, 0, &e), input, &e);
		input->reader = flp_reader_new(&input->in, &e);
		check(input->reader == NULL ? -1 : 0, input, &e);
	}
	more = flp_reader_next(input->reader, &h, &e);
	check(more, input, &e);
	if (more > 0)
		return h;
	flp_reader_free(input->reader);
	input->reader = NULL;
	return NULL;
}

static int
is_sheet(const struct options *o, const struct flp_header *h)
{
	return o->format == CSV && o->tensor == NULL && h->kind == FLP_DATA;
}

/* All of the input, and what of a sheet must be known before its first row. */
static void
check_all(struct input *input, const struct options *o, struct flp_sheet *sheet)
{
	const struct flp_header *h;
	struct flp_error e;
	struct flp_id id;
	uint64_t records = 0;

	while ((h = next(input)) != NULL) {
		if (++records > 1 && o->format == CSV)
			check(flp_error_bad(&e, "expected one record for csv, found more"), input, &e);
		check(flp_export_check(h, o->tensor, &e), input, &e);
		check(is_sheet(o, h) ? flp_sheet_read(sheet, input->reader, h, &e) :
		    flp_reader_finish(input->reader, &id, &e), input, &e);
	}
	if (records == 0)
		check(flp_error_bad(&e, "expected a record, found nothing"), input, &e);
}

static void
print_all(struct input *input, const struct options *o, const struct flp_sheet *sheet,
    struct flp_out *out)
{
	const struct flp_header *h;
	struct flp_error e;

	while ((h = next(input)) != NULL)
		check(is_sheet(o, h) ? flp_sheet_print(sheet, out, input->reader, h, &e) :
		    o->format == TXT ? flp_export_txt(out, input->reader, h, o->tensor, &e) :
		    h->kind == FLP_STATS && o->tensor == NULL ?
		    flp_export_stats(out, input->reader, h, &e) :
		    flp_export_csv(out, input->reader, h, o->tensor, &e), input, &e);
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	char **path = cli_start(argc, argv, &tool, &o);
	struct input input = { .reader = NULL };
	struct flp_sheet sheet = { 0 };
	struct flp_error e;
	struct flp_out out;

	check(flp_in_open(&input.in, *path, &e), &input, &e);
	check(flp_in_spool(&input.in, &e), &input, &e);
	cli_stdout(&out);
	check_all(&input, &o, &sheet);
	print_all(&input, &o, &sheet, &out);
	flp_sheet_free(&sheet);
	flp_in_close(&input.in);
	cli_finish(&out, 0);
}
