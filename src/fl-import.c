/* fl-import: turn a CSV, LIBSVM, IDX or text file into one record.
 *
 * Rows of CSV, LIBSVM or IDX become a data record, numbers as text become
 * parameters. The input is read twice (a pipe from a temporary copy), and nothing
 * is written before all of a CSV or LIBSVM file is known to be good. */
#include "base/shown.h"
#include "cli.h"
#include "import/forms.h"
#include "loop/inputs.h"
#include "privacy/levels.h"
#include "table-options.h"
#include "text/separator.h"

struct options {
	struct flp_wish wish;
	unsigned format, as, dtype; /* places in their tables */
	int public, verbose;
	const char *schema_out, *scale, *client, *policy;
	struct cli_list schema, reference, na_in;
	struct flp_site site;
};

/* What a file becomes. */
static const enum flp_kind made[] = { FLP_KIND_DATA, FLP_KIND_PARAMS };

static const char *
made_name(unsigned index)
{
	return index < sizeof made / sizeof *made ? flp_kind_name(made[index]) : NULL;
}

/* How numbers of text are stored. */
static const enum flp_dtype stored[] = { FLP_DTYPE_F32, FLP_DTYPE_F64 };

static const char *
stored_name(unsigned index)
{
	return index < sizeof stored / sizeof *stored ? flp_dtype_name(stored[index]) : NULL;
}

#define TO(field) struct options, field
static const struct cli_option options[] = {
	CLI_CHOICE('f', "format", TO(format), flp_import_form_name, "csv", "what the input is"),
	CLI_CHOICE(0, "as", TO(as), made_name, NULL,
		"what it becomes: params for txt, data for the others"),
	CLI_FLAG(0, "public", TO(public),
		"txt: the parameters were published, so their privacy state is public"),
	CLI_TEXT('x', "features", TO(wish.features), "COLS", NULL,
		"csv: the feature columns, as A,B,C; by default all others"),
	CLI_PATH('y', "label", TO(wish.label), "COL", NULL,
		"csv: the label column; idx: the label file"),
	CLI_PATH('g', "group", TO(wish.group), "COL", NULL,
		"csv: the group column; idx: the group file"),
	CLI_CHOICE(0, "target", TO(wish.target), flp_target_name, NULL,
		"csv, libsvm: what the label is; by default a class"),
	CLI_TEXT(0, "levels", TO(wish.levels), "COLS", NULL,
		"csv: features that have levels, whatever they look like"),
	CLI_LIST(0, "reference", TO(reference), "COL=LEVEL",
		"csv: the level that the other levels of COL are compared with"),
	CLI_CHOICE(0, "missing", TO(wish.missing), flp_missing_name, NULL,
		"csv: what to do with missing values; by default refuse"),
	TABLE_OPTIONS("csv: ", wish, na_in)
	CLI_COUNT(0, "width", TO(wish.width), "FEATURES", 1, FLP_DATASET_FEATURES, NULL,
		"libsvm: the greatest index; by default the greatest found"),
	CLI_INPUTS(0, "schema", TO(schema), "FILE",
		"encode by this schema instead of -x, -y and -g; several are merged"),
	CLI_OUTPUT(0, "schema-out", TO(schema_out), "FILE", "write the schema to FILE"),
	CLI_INPUT(0, "scale", TO(scale), "STATS", NULL,
		"store the mean and standard deviation from STATS in the record"),
	CLI_TEXT(0, "client", TO(client), "NAME", NULL, "store NAME as the owner of the data"),
	CLI_CHOICE(0, "dtype", TO(dtype), stored_name, NULL,
		"txt: how to store the numbers; by default f32"),
	CLI_POLICY(TO(policy)),
	CLI_FLAG('v', "verbose", TO(verbose),
		"say what was found in the rows; quote a value that is refused"),
	{ 0 },
};

static const struct cli_tool tool = { "fl-import",
	"Turn a CSV, LIBSVM, IDX or text file into one record.", "[FILE]", 0, 1, options };

/* An option that a form does not take would be ignored without a word. */
static void
check_options(const struct options *o, const struct flp_import_form *form)
{
	for (const struct cli_option *option = options; option->name != NULL; option++)
		if (cli_given(option->name) && flp_import_option(option->name) &&
		    !flp_import_form_takes(form, option->name))
			cli_usage("option --%s: not allowed with --format %s", option->name,
			    form->name);
	if (cli_given("as") && made[o->as] != form->makes)
		cli_usage("option --as: expected %s with --format %s, found %s",
		    flp_kind_name(form->makes), form->name, made_name(o->as));
	cli_none_with("schema", CLI_NAMES("features", "levels", "reference", "target"));
	if (!form->files)
		cli_none_with("schema", CLI_NAMES("label", "group"));
	if (flp_import_form_takes(form, "label"))
		cli_only_with("label", CLI_NAMES("target"));
	if (o->client != NULL && strlen(o->client) > FLP_TEXTS_BYTES)
		cli_usage("option --client: expected a name of at most %zu bytes, found %zu",
		    FLP_TEXTS_BYTES, strlen(o->client));
	if (o->client != NULL && flp_shown_hidden(o->client, strlen(o->client), 1) != 0)
		cli_usage("option --client: expected a name of characters that show, found \"%s\"",
		    o->client);
}

/* Labels and groups are files of some forms, and columns of others. */
static void
check_files(const struct options *o, const struct flp_import_form *form)
{
	if (form->files && o->wish.label != NULL)
		cli_input(o->wish.label);
	if (form->files && o->wish.group != NULL)
		cli_input(o->wish.group);
}

static void
import_params(const struct options *o, const struct flp_import_form *form, struct flp_in *in,
    struct flp_out *out)
{
	struct flp_record record;
	struct flp_error e;

	cli_check(form->read(&record, &o->wish, in, &e), &e, in->name);
	if (o->public)
		record.header.privacy = FLP_PRIVACY_PUBLIC;
	cli_write(out, &record);
}

/* Reads what the input holds. Names of levels and classes leave with the schema, and those of
 * groups with --schema-out. */
static void
scan(struct flp_source *source, const struct options *o)
{
	struct flp_error e;
	int status = flp_source_scan(source, &e);

	table_options_check(status, &e);
	cli_check(status, &e, source->in->name);
	cli_check(flp_levels_check(&o->site, &source->schema, o->schema.n > 0,
	    o->schema_out != NULL, &e), &e, source->in->name);
	for (size_t i = 0; i < source->notices; i++) {
		flp_error_at(&source->notice[i], "%s", source->in->name);
		cli_tell(&source->notice[i]);
	}
}

static void
tell_levels(const struct flp_source *source, const struct flp_column *c, const char *what)
{
	char list[160];

	flp_texts_list(&c->levels, list, sizeof list);
	if (c->levels.n > 0)
		cli_warn("%s: column %s: %s %s", source->in->name, c->name, what, list);
}

/* What the scan found, with counts of the site's data. Missing values have been filled in, which
 * may fail for want of a mean. */
static void
tell(const struct flp_source *source)
{
	const char *name = source->in->name;

	cli_warn("%s: %llu row%s of %llu feature%s, %llu left out for missing values", name,
	    (unsigned long long)source->frame.n, source->frame.n == 1 ? "" : "s",
	    (unsigned long long)source->frame.d, source->frame.d == 1 ? "" : "s",
	    (unsigned long long)source->dropped);
	for (size_t i = 0; i < source->schema.columns; i++)
		tell_levels(source, &source->schema.x[i], "levels");
	tell_levels(source, &source->schema.y, "classes");
	for (size_t i = 0; i < source->lacks; i++) {
		const struct flp_lack *lack = &source->lack[i];

		cli_warn("%s: column %s: %llu value%s missing, %s", name, lack->column->name,
		    (unsigned long long)lack->n, lack->n == 1 ? "" : "s",
		    flp_source_becomes(source, lack->column));
	}
	if (source->separator)
		cli_warn("%s: %s separates the fields", name, flp_separator_name(source->separator));
}

/* Rows to be predicted have no label, which is worth a line only to whoever asks. If the file has a
 * column that the schema does not name, that may be the label under a misspelt name. */
static void
tell_unlabelled(const struct options *o, const struct flp_source *source)
{
	if (source->unlabelled && (o->verbose || source->others))
		cli_warn("%s: the rows have no label, since there is no column %s", source->in->name,
		    source->schema.y.name);
}

static void
import_data(const struct options *o, const struct flp_import_form *form, struct flp_in *in,
    struct flp_out *out)
{
	struct flp_source source;
	struct flp_record stats;
	struct flp_error e;

	flp_source_init(&source, form, &o->wish, in);
	for (size_t i = 0; i < o->schema.n; i++)
		cli_check(flp_schema_load(&source.schema, o->schema.text[i], &e), &e, NULL);
	source.schema.closed = o->schema.n > 0;
	scan(&source, o);
	if (o->scale != NULL) {
		cli_check(flp_inputs_load(&stats, NULL, o->scale, FLP_KIND_STATS, &e), &e, NULL);
		cli_check(flp_source_scale(&source, &stats, &e), &e, flp_in_name(o->scale));
		flp_record_free(&stats);
	}
	source.frame.client = o->client;
	if (o->schema_out != NULL)
		cli_check(flp_schema_save(&source.schema, o->schema_out, &e), &e, NULL);
	cli_check(flp_source_write(&source, out, &e), &e, in->name);
	if (o->verbose)
		tell(&source);
	tell_unlabelled(o, &source);
	flp_source_close(&source);
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	char **path = cli_start(argc, argv, &tool, &o);
	const struct flp_import_form *form = flp_import_form(o.format);
	struct flp_error e;
	struct flp_out out;
	struct flp_in in;

	check_options(&o, form);
	check_files(&o, form);
	o.wish.dtype = stored[o.dtype];
	o.wish.reference = o.reference.text;
	o.wish.references = o.reference.n;
	o.wish.na_in = o.na_in.text;
	o.wish.na_ins = o.na_in.n;
	cli_policy(&o.site, o.policy);
	cli_check(flp_in_open(&in, *path, &e), &e, NULL);
	cli_records(&out);
	if (form->makes == FLP_KIND_PARAMS)
		import_params(&o, form, &in, &out);
	else
		import_data(&o, form, &in, &out);
	cli_finish(&out, 0);
}
