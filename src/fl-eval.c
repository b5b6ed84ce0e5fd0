/* fl-eval: how well a model does on data, per data set and in all.
 *
 * A table with a line for each data set and, for more than one, a last line
 * that measures their rows together: its client is empty, as no name can be, or
 * null in JSON. There is no such line if a data set was left out. A measure that
 * does not exist, such as the AUC of one class, is "-", or null in JSON. With --summary there
 * is a line for each measure instead, which names the client with the worst value. */
#include "cli.h"
#include "export/measures.h"
#include "model/measure.h"

#include <stdlib.h>

struct options {
	const char *model;
	struct cli_list local;
	int json, confusion, calibration, summary, plain;
	struct flp_bad bad;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	CLI_INPUT('m', "model", TO(model), "MODEL", cli_required, "the model to measure"),
	CLI_INPUTS(0, "local", TO(local), "MODEL",
		"also measure a client's own model; give one for each DATA, in the same order"),
	CLI_FLAG(0, "json", TO(json), "print everything as a JSON object for each data set"),
	CLI_FLAG(0, "summary", TO(summary),
		"print each measure's mean over clients, and the worst client, instead"),
	CLI_FLAG('c', "confusion", TO(confusion),
		"print the confusion matrix instead"),
	CLI_FLAG(0, "calibration", TO(calibration),
		"print rows, confidence and accuracy of 15 bins instead"),
	CLI_FLAG('H', "no-header", TO(plain), "leave out the titles"),
	CLI_STRICT(TO(bad.strict)),
	CLI_FILES,
	{ 0 },
};

static const struct cli_tool tool = { "fl-eval",
	"Measure how well a model does on data.", "[DATA]...", 0, -1, options };

/* What all data sets are measured with, and the measures of all so far. */
struct eval {
	struct options o;
	char **paths;
	size_t files;
	struct flp_model model;
	struct flp_network *net;
	struct flp_metrics all, local;
	struct flp_measures print;
};

static enum flp_measures_form
choose_form(const struct eval *v)
{
	const struct options *o = &v->o;

	if ((o->confusion || o->calibration) && v->all.classes == 0)
		cli_usage("the model predicts numbers and has no classes to count");
	if (o->confusion && v->all.confusion == NULL)
		cli_usage("option --confusion: expected at most %d classes, found %zu",
		    FLP_METRICS_CLASSES, v->all.classes);
	return o->json ? FLP_MEASURES_JSON : o->summary ? FLP_MEASURES_SUMMARY :
	    o->confusion ? FLP_MEASURES_CONFUSION :
	    o->calibration ? FLP_MEASURES_CALIBRATION : FLP_MEASURES_LINES;
}

/* Models and files of data go in pairs, so a file that is left out moves no pair. */
static void
check_local(const struct eval *v)
{
	if (v->o.local.n == 0)
		return;
	cli_none_with("local", CLI_NAMES("confusion", "calibration"));
	if (v->o.local.n != v->files)
		cli_usage("option --local: expected as many models as files of data, %zu, found %zu",
		    v->files, v->o.local.n);
}

static int
measure_local(struct eval *v, const struct flp_inputs *in, const struct flp_dataset *set,
    struct flp_metrics *to, struct flp_error *e)
{
	if (v->o.local.n == 0)
		return 0;
	if (flp_reader_number(in->reader) > 1)
		return flp_error_bad(e, "expected one data set in each file with --local, found more");
	return flp_measure_local(v->o.local.text[in->path - v->paths - 1], &v->model, set, to, e);
}

static int
add(struct eval *v, const char *client, const struct flp_metrics *one,
    const struct flp_metrics *local, struct flp_error *e)
{
	const struct flp_measured s = { client, one, v->o.local.n > 0 ? local : NULL };

	if (flp_metrics_merge(&v->all, one, e) < 0 ||
	    (s.local != NULL && flp_metrics_merge(&v->local, local, e) < 0))
		return -1;
	return flp_measures_set(&v->print, &s, e);
}

static int
measure(void *context, struct flp_inputs *in, const struct flp_header *h, struct flp_error *e)
{
	struct eval *v = context;
	struct flp_metrics one = { 0 }, local = { 0 };
	struct flp_dataset set;
	struct flp_record rec;
	char *client = NULL;
	int status = -1;

	if (flp_record_load(&rec, in->reader, h, e) < 0)
		return -1;
	if (flp_dataset_from(&set, &rec, e) == 0) {
		if ((client = flp_measure_client(&set.record.header, in->place, e)) != NULL &&
		    flp_measure(&v->model, v->net, &set, &one, e) == 0 &&
		    measure_local(v, in, &set, &local, e) == 0)
			status = add(v, client, &one, &local, e);
		flp_dataset_free(&set);
	}
	flp_metrics_free(&one);
	flp_metrics_free(&local);
	flp_record_free(&rec);
	free(client);
	return status;
}

/* Prints what comes after the last data set, or after a failure what was held until then. The
 * line for all rows together is not printed if some rows are missing. */
static int
end(struct eval *v, int status, struct flp_error *e)
{
	const struct flp_measured all = { NULL, &v->all, v->o.local.n > 0 ? &v->local : NULL };
	int whole = status == 0 && v->o.bad.n == 0;
	struct flp_error other;

	if (status == 0 && !whole && v->print.sets > 0)
		cli_warn("no %s: inputs were left out",
		    v->o.summary ? "summary" : "line for all rows together");
	if (flp_measures_end(&v->print, whole ? &all : NULL, &other) == 0)
		return status;
	if (status == 0)
		*e = other;
	return -1;
}

int
main(int argc, char **argv)
{
	struct eval v = { .o.bad.tell = cli_tell };
	struct flp_inputs in;
	struct flp_error e;
	struct flp_out out;
	int status;

	v.paths = cli_start(argc, argv, &tool, &v.o);
	while (v.paths[v.files] != NULL)
		v.files++;
	cli_at_most_one(CLI_NAMES("json", "summary", "confusion", "calibration"));
	if (flp_model_load(&v.model, NULL, v.o.model, &e) < 0 ||
	    (v.net = flp_network_new(&v.model.arch, FLP_LAYOUT_ARCH, &e)) == NULL ||
	    flp_metrics_init(&v.all, v.model.loss, v.model.arch.outputs, &e) < 0 ||
	    flp_metrics_init(&v.local, v.model.loss, v.model.arch.outputs, &e) < 0)
		cli_fail(&e);
	v.print = (struct flp_measures){ .out = &out, .form = choose_form(&v), .titles = !v.o.plain,
		.round = v.model.round, .classes = &v.model.classes };
	check_local(&v);
	cli_stdout(&out);
	cli_inputs_init(&in, v.paths);
	status = flp_each_record(&in, &v.o.bad, measure, &v, &e);
	status = end(&v, status, &e);
	cli_end(&out, status, &e, &v.o.bad);
}
