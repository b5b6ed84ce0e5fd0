/* fl-import: read a file of another kind and write it as one record.
 *
 * Rows of CSV, LIBSVM or IDX become a data record, numbers as text become
 * parameters. The input is read twice (a pipe from a temporary copy): nothing
 * is written before all of a CSV or LIBSVM file has been seen to be good. */
#include "cli.h"
#include "data/stats.h"
#include "import/idx.h"
#include "import/libsvm.h"
#include "import/table.h"
#include "import/txt.h"
#include "loop/inputs.h"

enum format { CSV, LIBSVM, IDX, TXT };

struct options {
	int format, as, missing, target, dtype, verbose;
	const char *features, *label, *group, *levels, *header, *schema_out, *scale, *client;
	struct cli_list schema;
	uint64_t width;
};

#define TO(field) offsetof(struct options, field)
static const struct cli_option options[] = {
	{ 'f', "format", CLI_CHOICE, TO(format), "csv|libsvm|idx|txt", 0, 0, "csv",
	  "what the input is" },
	{ 0, "as", CLI_CHOICE, TO(as), "data|params", 0, 0, NULL,
	  "what it becomes: params for txt, data for the others" },
	{ 'x', "features", CLI_TEXT, TO(features), "COLS", 0, 0, NULL,
	  "csv: the feature columns, as A,B,C; all others without it" },
	{ 'y', "label", CLI_TEXT, TO(label), "COL", 0, 0, NULL,
	  "csv: the label column; idx: the label file" },
	{ 'g', "group", CLI_TEXT, TO(group), "COL", 0, 0, NULL,
	  "csv: the group column; idx: the group file" },
	{ 0, "target", CLI_CHOICE, TO(target), "class|number", 0, 0, NULL,
	  "csv, libsvm: what the label is; a class without it" },
	{ 0, "levels", CLI_TEXT, TO(levels), "COLS", 0, 0, NULL,
	  "csv: features that have levels, whatever they look like" },
	{ 0, "missing", CLI_CHOICE, TO(missing), "refuse|drop|mean|zero", 0, 0, NULL,
	  "csv: what to do with NA, ? and empty fields; refuse without it" },
	{ 0, "header", CLI_TEXT, TO(header), "COLS", 0, 0, NULL,
	  "csv: the column names of a file that has no header line" },
	{ 0, "width", CLI_COUNT, TO(width), "FEATURES", 1, FLP_DATASET_FEATURES, NULL,
	  "libsvm: the greatest index; the greatest found without it" },
	{ 0, "schema", CLI_LIST, TO(schema), "FILE", 0, 0, NULL,
	  "encode by this schema instead of -x, -y and -g; several merge" },
	{ 0, "schema-out", CLI_TEXT, TO(schema_out), "FILE", 0, 0, NULL, "write the schema here" },
	{ 0, "scale", CLI_TEXT, TO(scale), "STATS", 0, 0, NULL,
	  "let the record carry the mean and deviation of these statistics" },
	{ 0, "client", CLI_TEXT, TO(client), "NAME", 0, 0, NULL, "let the record say whose it is" },
	{ 0, "dtype", CLI_CHOICE, TO(dtype), "f32|f64", 0, 0, NULL, "txt: how to store; f32 without it" },
	{ 'v', "verbose", CLI_FLAG, TO(verbose), NULL, 0, 0, NULL,
	  "say how many rows and features there are, and how many rows were left out" },
	{ 0 },
};

static const struct cli_tool tool = { "fl-import",
	"Read a file of another kind and write it as one record.", "[FILE]", 0, 1, options };

enum { IN_CSV = 1 << CSV, IN_LIBSVM = 1 << LIBSVM, IN_IDX = 1 << IDX, IN_TXT = 1 << TXT };

/* An option that a format does not know would be ignored without a word. */
static void
check_options(const struct options *o)
{
	static const char *const format[] = { "csv", "libsvm", "idx", "txt" };
	const struct {
		const char *name;
		int given, formats;
	} use[] = {
		{ "features", o->features != NULL, IN_CSV },
		{ "levels", o->levels != NULL, IN_CSV },
		{ "header", o->header != NULL, IN_CSV },
		{ "missing", o->missing >= 0, IN_CSV },
		{ "label", o->label != NULL, IN_CSV | IN_IDX },
		{ "group", o->group != NULL, IN_CSV | IN_IDX },
		{ "target", o->target >= 0, IN_CSV | IN_LIBSVM },
		{ "width", o->width > 0, IN_LIBSVM },
		{ "schema", o->schema.n > 0, ~IN_TXT },
		{ "schema-out", o->schema_out != NULL, ~IN_TXT },
		{ "scale", o->scale != NULL, ~IN_TXT },
		{ "client", o->client != NULL, ~IN_TXT },
		{ "dtype", o->dtype >= 0, IN_TXT },
	};
	int chosen = o->features || o->levels || o->target >= 0 ||
	    (o->format == CSV && (o->label || o->group));

	for (size_t i = 0; i < sizeof use / sizeof *use; i++)
		if (use[i].given && !(use[i].formats & 1 << o->format))
			cli_usage("option --%s: expected none with --format %s", use[i].name,
			    format[o->format]);
	if (o->as >= 0 && o->as != (o->format == TXT))
		cli_usage("option --as: expected %s with --format %s, found %s",
		    o->format == TXT ? "params" : "data", format[o->format],
		    o->as ? "params" : "data");
	if (o->schema.n > 0 && chosen)
		cli_usage("option --schema: expected none of --features, --label, --group, --levels "
		    "and --target with it");
	if (o->target >= 0 && o->format == CSV && o->label == NULL)
		cli_usage("option --target: expected --label with it");
}

/* The schema replaces a file, which must be none that is in use here. */
static void
check_schema_out(const struct options *o, const char *input)
{
	const char *used[] = { input, "/dev/stdout", o->scale, o->format == IDX ? o->label : NULL,
		o->format == IDX ? o->group : NULL };

	for (size_t i = 0; o->schema_out != NULL && i < sizeof used / sizeof *used; i++)
		if (used[i] != NULL && flp_in_same(used[i], o->schema_out))
			cli_usage("option --schema-out: expected another file than %s",
			    flp_in_name(used[i]));
}

static void
import_params(const struct options *o, struct flp_in *in, struct flp_out *out)
{
	struct flp_record record;
	struct flp_error e;

	cli_check(flp_txt_read(&record, in, o->dtype == 1 ? FLP_DTYPE_F64 : FLP_DTYPE_F32, &e), &e,
	    in->name);
	cli_write(out, &record);
}

static void
scan(struct flp_source *source, int format)
{
	static int (*const open[])(struct flp_source *, struct flp_error *) = {
		flp_table_open, flp_libsvm_open, flp_idx_open };
	struct flp_error e;
	int status = open[format](source, &e);

	if (status == 0)
		status = source->scan(source, &e);
	/* What is wished for has the name of its option. */
	if (status < 0 && e.code == FLP_ERROR_USAGE)
		cli_usage("option --%s", e.text);
	cli_check(status, &e, source->in->name);
}

static void
import_data(const struct options *o, struct flp_in *in, struct flp_out *out)
{
	const struct flp_wish wish = { o->header, o->features, o->levels, o->label, o->group,
		o->target == 1 ? FLP_TARGET_NUMBER : o->target == 0 ? FLP_TARGET_CLASS : FLP_TARGET_NONE,
		o->missing < 0 ? FLP_MISSING_REFUSE : (enum flp_missing)o->missing, o->width,
		o->schema.n > 0 };
	struct flp_source source;
	struct flp_record stats;
	struct flp_rows rows;
	struct flp_error e;

	flp_source_init(&source, &wish, in);
	for (size_t i = 0; i < o->schema.n; i++)
		cli_check(flp_schema_load(&source.schema, o->schema.text[i], &e), &e, NULL);
	if (o->format != IDX)
		cli_check(flp_in_spool(in, &e), &e, in->name);
	scan(&source, o->format);
	if (o->scale != NULL) {
		cli_check(flp_inputs_load(&stats, o->scale, FLP_KIND_STATS, &e), &e, NULL);
		cli_check(flp_source_scale(&source, &stats, &e), &e, flp_in_name(o->scale));
		flp_record_free(&stats);
	}
	source.frame.client = o->client;
	if (o->verbose)
		cli_warn("%s: %llu rows of %llu features, %llu rows left out for missing values",
		    in->name, (unsigned long long)source.frame.n, (unsigned long long)source.frame.d,
		    (unsigned long long)source.dropped);
	if (o->schema_out != NULL)
		cli_check(flp_schema_save(&source.schema, o->schema_out, &e), &e, NULL);

	cli_check(flp_rows_begin(&rows, &source.frame, out, &e), &e, in->name);
	cli_check(source.emit(&source, &rows, &e), &e, in->name);
	cli_check(flp_rows_end(&rows, &e), &e, in->name);
	flp_rows_free(&rows);
	flp_source_close(&source);
}

int
main(int argc, char **argv)
{
	struct options o = { .as = -1, .missing = -1, .target = -1, .dtype = -1 };
	char **path = cli_start(argc, argv, &tool, &o);
	struct flp_error e;
	struct flp_out out;
	struct flp_in in;

	check_options(&o);
	check_schema_out(&o, *path);
	cli_check(flp_in_open(&in, *path, &e), &e, NULL);
	cli_records(&out);
	if (o.format == TXT)
		import_params(&o, &in, &out);
	else
		import_data(&o, &in, &out);
	cli_finish(&out, 0);
}
