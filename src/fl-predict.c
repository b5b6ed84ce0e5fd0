/* fl-predict: what a model says about rows whose answer is not known.
 *
 * A table with a line for each row of a CSV file or of data records: the class and the
 * probability of each class, or the value. A CSV file is encoded by the schema and the
 * scaling that the model carries, and is read once, so it may come through a pipe. A row
 * that can't be encoded is named on standard error and left out. */
#include "cli.h"
#include "import/forms.h"
#include "model/predict.h"
#include "table-options.h"

#define NAMED 20 /* rows that can't be encoded, unless -v is given */

struct options {
	const char *model, *key;
	struct flp_wish wish;
	struct cli_list na_in;
	unsigned missing; /* a place in the table below */
	double threshold;
	uint64_t top;
	int json, plain, verbose;
	struct flp_bad bad;
};

/* What may become of a missing value. A row that is dropped would have no answer. */
static const enum flp_missing missing[] = { FLP_MISSING_REFUSE, FLP_MISSING_MEAN,
	FLP_MISSING_ZERO };

static const char *
missing_name(unsigned index)
{
	return index < sizeof missing / sizeof *missing ? flp_missing_name(missing[index]) : NULL;
}

#define TO(field) struct options, field
static const struct cli_option options[] = {
	CLI_INPUT('m', "model", TO(model), "MODEL", cli_required, "the model"),
	CLI_TEXT(0, "key", TO(key), "COL", NULL,
		"csv: print this column, such as a patient number; by default the row number"),
	CLI_CHOICE(0, "missing", TO(missing), missing_name, "refuse",
		"csv: what to do with a row that lacks a value"),
	TABLE_OPTIONS("csv: ", wish, na_in)
	CLI_REAL(0, "threshold", TO(threshold), "P", 0, 1, NULL,
		"with two classes, predict the second if its probability is at least P"),
	CLI_COUNT(0, "top", TO(top), "K", 1, CLI_COUNT_MOST, NULL,
		"print the K most probable classes of each row, one a line"),
	CLI_FLAG(0, "json", TO(json), "print a JSON object for each row, one a line"),
	CLI_FLAG('H', "no-header", TO(plain), "leave out the titles"),
	CLI_FLAG(0, "strict", TO(bad.strict), "stop at the first row or record that is bad"),
	CLI_FLAG('v', "verbose", TO(verbose),
		"name all rows that are left out; quote a value that is refused"),
	{ 0 },
};

static const struct cli_tool tool = { "fl-predict",
	"Predict classes or values for the rows of a file.", "[FILE]", 0, 1, options };

/* What is asked for must go with the model. */
static void
prepare(struct flp_predict *p, const struct options *o)
{
	size_t classes = p->table.classes;

	if (cli_given("threshold") && classes != 2)
		cli_usage("option --threshold: expected a model that tells two classes apart");
	if (o->top > 0 && classes == 0)
		cli_usage("option --top: expected a model that tells classes apart");
	if (o->top > classes)
		cli_usage("option --top: expected at most %zu, the number of classes, found %llu", classes,
		    (unsigned long long)o->top);
	p->table.key = o->key;
	p->table.top = (size_t)o->top;
	p->table.json = o->json;
	p->titles = !o->plain;
	p->by_threshold = cli_given("threshold");
	p->threshold = o->threshold;
	p->bad = o->bad;
	p->bad.most = o->verbose ? 0 : NAMED;
}

static int
predict_csv(struct flp_predict *p, struct options *o, struct flp_in *in, struct flp_error *e)
{
	int status;

	o->wish.missing = missing[o->missing];
	o->wish.na_in = o->na_in.text;
	o->wish.na_ins = o->na_in.n;
	status = flp_predict_csv(p, &o->wish, in, e);
	table_options_check(status, e);
	return status;
}

/* 1 if an option goes with a CSV file only. */
static int
is_of_csv(const char *option)
{
	return flp_import_form_takes(&flp_import_csv, option) || strcmp(option, "key") == 0;
}

static int
predict_records(struct flp_predict *p, struct flp_in *opened, char **paths, struct flp_error *e)
{
	struct flp_inputs in;

	for (const struct cli_option *option = options; option->name != NULL; option++)
		if (cli_given(option->name) && is_of_csv(option->name))
			cli_usage("option --%s: expected a CSV file, found a record", option->name);
	cli_check(flp_inputs_take(&in, opened, paths, e), e, NULL);
	return flp_predict_records(p, &in, e);
}

int
main(int argc, char **argv)
{
	struct options o = { .bad.tell = cli_tell };
	char **path = cli_start(argc, argv, &tool, &o);
	struct flp_predict p;
	struct flp_model model;
	struct flp_error e;
	struct flp_out out;
	struct flp_in in;
	int record, status;

	cli_at_most_one(CLI_NAMES("threshold", "top"));
	cli_stdout(&out);
	if (flp_model_load(&model, NULL, o.model, &e) < 0 ||
	    flp_predict_init(&p, &model, &out, &e) < 0)
		cli_fail(&e);
	prepare(&p, &o);
	cli_check(flp_in_open(&in, *path, &e), &e, NULL);
	cli_check(record = flp_reader_begins(&in, &e), &e, in.name);
	status = record ? predict_records(&p, &in, path, &e) : predict_csv(&p, &o, &in, &e);
	cli_end(&out, status, &e, &p.bad);
}
