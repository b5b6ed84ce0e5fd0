/* fl-import: read a file of another kind and write it as one record.
 *
 * Rows of CSV, LIBSVM or IDX become a data record, numbers as text become
 * parameters. The input is read twice (a pipe from a temporary copy): nothing
 * is written before all of a CSV or LIBSVM file has been seen to be good. */
#include "cli.h"
#include "import/forms.h"
#include "loop/inputs.h"

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

/* An option that a form does not take would be ignored without a word. */
static void
check_options(const struct options *o, const struct flp_import_form *form)
{
	static const enum flp_kind as[] = { FLP_KIND_DATA, FLP_KIND_PARAMS };
	const struct {
		const char *name;
		int given;
	} option[] = {
		{ "features", o->features != NULL },
		{ "levels", o->levels != NULL },
		{ "header", o->header != NULL },
		{ "missing", o->missing >= 0 },
		{ "label", o->label != NULL },
		{ "group", o->group != NULL },
		{ "target", o->target >= 0 },
		{ "width", o->width > 0 },
		{ "schema", o->schema.n > 0 },
		{ "schema-out", o->schema_out != NULL },
		{ "scale", o->scale != NULL },
		{ "client", o->client != NULL },
		{ "dtype", o->dtype >= 0 },
	};
	int chosen = o->features || o->levels || o->target >= 0 ||
	    (!form->files && (o->label || o->group));

	for (size_t i = 0; i < sizeof option / sizeof *option; i++)
		if (option[i].given && !flp_import_form_takes(form, option[i].name))
			cli_usage("option --%s: expected none with --format %s", option[i].name,
			    form->name);
	if (o->as >= 0 && as[o->as] != form->makes)
		cli_usage("option --as: expected %s with --format %s, found %s",
		    flp_kind_name(form->makes), form->name, flp_kind_name(as[o->as]));
	if (o->schema.n > 0 && chosen)
		cli_usage("option --schema: expected none of --features, --label, --group, --levels "
		    "and --target with it");
	if (o->target >= 0 && o->label == NULL && flp_import_form_takes(form, "label"))
		cli_usage("option --target: expected --label with it");
}

/* The schema replaces a file, which must be none that is in use here. */
static void
check_schema_out(const struct options *o, const struct flp_import_form *form, const char *input)
{
	const char *used[] = { input, "/dev/stdout", o->scale, form->files ? o->label : NULL,
		form->files ? o->group : NULL };

	for (size_t i = 0; o->schema_out != NULL && i < sizeof used / sizeof *used; i++)
		if (used[i] != NULL && flp_in_same(used[i], o->schema_out))
			cli_usage("option --schema-out: expected another file than %s",
			    flp_in_name(used[i]));
}

static void
import_params(const struct flp_import_form *form, const struct flp_wish *wish, struct flp_in *in,
    struct flp_out *out)
{
	struct flp_record record;
	struct flp_error e;

	cli_check(form->read(&record, wish, in, &e), &e, in->name);
	cli_write(out, &record);
}

static void
scan(struct flp_source *source)
{
	struct flp_error e;
	int status = flp_source_scan(source, &e);

	/* What is wished for has the name of its option. */
	if (status < 0 && e.code == FLP_ERROR_USAGE)
		cli_usage("option --%s", e.text);
	cli_check(status, &e, source->in->name);
}

static void
import_data(const struct options *o, const struct flp_import_form *form,
    const struct flp_wish *wish, struct flp_in *in, struct flp_out *out)
{
	struct flp_source source;
	struct flp_record stats;
	struct flp_rows rows;
	struct flp_error e;

	flp_source_init(&source, form, wish, in);
	for (size_t i = 0; i < o->schema.n; i++)
		cli_check(flp_schema_load(&source.schema, o->schema.text[i], &e), &e, NULL);
	source.schema.closed = o->schema.n > 0;
	scan(&source);
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
	cli_check(flp_source_emit(&source, &rows, &e), &e, in->name);
	cli_check(flp_rows_end(&rows, &e), &e, in->name);
	flp_rows_free(&rows);
	flp_source_close(&source);
}

static struct flp_wish
wish_of(const struct options *o)
{
	return (struct flp_wish){ .header = o->header, .features = o->features, .levels = o->levels,
		.label = o->label, .group = o->group, .target = o->target == 1 ? FLP_TARGET_NUMBER :
		o->target == 0 ? FLP_TARGET_CLASS : FLP_TARGET_NONE,
		.missing = o->missing < 0 ? FLP_MISSING_REFUSE : (enum flp_missing)o->missing,
		.width = o->width, .dtype = o->dtype == 1 ? FLP_DTYPE_F64 : FLP_DTYPE_F32 };
}

int
main(int argc, char **argv)
{
	struct options o = { .as = -1, .missing = -1, .target = -1, .dtype = -1 };
	char **path = cli_start(argc, argv, &tool, &o);
	const struct flp_import_form *form = flp_import_form((unsigned)o.format);
	const struct flp_wish wish = wish_of(&o);
	struct flp_error e;
	struct flp_out out;
	struct flp_in in;

	check_options(&o, form);
	check_schema_out(&o, form, *path);
	cli_check(flp_in_open(&in, *path, &e), &e, NULL);
	cli_records(&out);
	if (form->makes == FLP_KIND_PARAMS)
		import_params(form, &wish, &in, &out);
	else
		import_data(&o, form, &wish, &in, &out);
	cli_finish(&out, 0);
}
