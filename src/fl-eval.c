/* fl-eval: how well a model does on data, per data set and in all.
 *
 * A table with a line for each data set and, for more than one, a last line
 * that measures their rows together: its client is empty, as no name can be, or
 * null in JSON. There is no such line if a data set was left out. A measure that
 * does not exist, such as the AUC of one class, is "-", or null in JSON. */
#include "cli.h"
#include "export/json.h"
#include "model/measure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct options {
	const char *model;
	int json, confusion, calibration, plain;
	struct flp_bad bad;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	CLI_INPUT('m', "model", TO(model), "MODEL", cli_required, "the model to measure"),
	CLI_FLAG(0, "json", TO(json), "print everything as a JSON object for each data set"),
	CLI_FLAG('c', "confusion", TO(confusion),
		"print rows by true and by predicted class instead"),
	CLI_FLAG(0, "calibration", TO(calibration),
		"print rows, confidence and accuracy of 15 bins instead"),
	CLI_FLAG('H', "no-header", TO(plain), "leave out the titles"),
	CLI_STRICT(TO(bad.strict)),
	CLI_FILES,
	{ 0 },
};

static const struct cli_tool tool = { "fl-eval",
	"Measure how well a model does on data.", "[DATA]...", 0, -1, options };

static void
print_titles(struct flp_out *out, const struct options *o, struct flp_metrics *r)
{
	const char *name[FLP_METRICS_MOST];
	double value[FLP_METRICS_MOST];
	size_t n = flp_metrics_all(r, name, value);

	cli_print(out, "round\tclient\t%s", o->confusion ? "true\tpredicted\trows" :
	    o->calibration ? "bin\trows\tconfidence\taccuracy" : "rows");
	for (size_t i = 0; !o->confusion && !o->calibration && i < n; i++)
		cli_print(out, "\t%s", name[i]);
	cli_print(out, "\n");
}

static void
print_number(struct flp_out *out, double v, const char *none)
{
	if (isnan(v))
		cli_print(out, "%s", none);
	else
		cli_print(out, "%.6g", v);
}

static void
print_measures(struct flp_out *out, struct flp_metrics *r, int json)
{
	const char *name[FLP_METRICS_MOST];
	double value[FLP_METRICS_MOST];
	size_t n = flp_metrics_all(r, name, value);

	for (size_t i = 0; i < n; i++) {
		cli_print(out, json ? ",\"%s\":" : "\t", name[i]);
		print_number(out, value[i], json ? "null" : "-");
	}
}

static void
print_json(struct flp_out *out, uint32_t round, const char *client, struct flp_metrics *r)
{
	size_t k = r->classes;
	struct flp_error e;

	cli_print(out, "{\"round\":%u,\"client\":", round);
	if (*client != '\0')
		cli_check(flp_json_text(out, client, strlen(client), &e), &e, NULL);
	else
		cli_print(out, "null");
	cli_print(out, ",\"rows\":%llu", (unsigned long long)r->rows);
	print_measures(out, r, 1);
	for (size_t i = 0; r->confusion != NULL && i < k * k; i++)
		cli_print(out, "%s%s%llu%s", i ? "," : ",\"confusion\":[", i % k ? "" : "[",
		    (unsigned long long)r->confusion[i], i + 1 == k * k ? "]]" : (i + 1) % k ? "" : "]");
	for (int i = 0; k > 0 && i < FLP_METRICS_BINS; i++)
		cli_print(out, "%s[%llu,%.6g,%llu]%s", i ? "," : ",\"calibration\":[",
		    (unsigned long long)r->bin[i].rows, r->bin[i].confidence,
		    (unsigned long long)r->bin[i].correct, i + 1 < FLP_METRICS_BINS ? "" : "]");
	cli_print(out, "}\n");
}

static const char *
class_name(const struct flp_model *m, size_t i, char number[24])
{
	snprintf(number, 24, "%zu", i);
	return i < m->classes.n ? flp_texts_get(&m->classes, i) : number;
}

/* One data set's rows of whatever was asked for. */
static void
print(struct flp_out *out, const struct options *o, const struct flp_model *m,
    const char *client, struct flp_metrics *r)
{
	char a[24], b[24];

	if (o->json) {
		print_json(out, m->round, client, r);
	} else if (!o->confusion && !o->calibration) {
		cli_print(out, "%u\t%s\t%llu", m->round, client, (unsigned long long)r->rows);
		print_measures(out, r, 0);
		cli_print(out, "\n");
	}
	for (size_t i = 0; o->confusion && i < r->classes * r->classes; i++)
		cli_print(out, "%u\t%s\t%s\t%s\t%llu\n", m->round, client,
		    class_name(m, i / r->classes, a), class_name(m, i % r->classes, b),
		    (unsigned long long)r->confusion[i]);
	for (int i = 0; o->calibration && i < FLP_METRICS_BINS; i++) {
		double rows = (double)r->bin[i].rows;

		cli_print(out, "%u\t%s\t%d\t%.0f\t", m->round, client, i + 1, rows);
		print_number(out, r->bin[i].confidence / rows, "-");
		cli_print(out, "\t");
		print_number(out, (double)r->bin[i].correct / rows, "-");
		cli_print(out, "\n");
	}
}

static void
check(const struct options *o, const struct flp_metrics *r)
{
	if (o->json + o->confusion + o->calibration > 1)
		cli_usage("expected one of --json, --confusion and --calibration");
	if ((o->confusion || o->calibration) && r->classes == 0)
		cli_usage("the model predicts numbers and has no classes to count");
	if (o->confusion && r->confusion == NULL)
		cli_usage("option --confusion: expected at most %d classes, found %zu",
		    FLP_METRICS_CLASSES, r->classes);
}

/* What all data sets are measured with, and the measures of all so far. */
struct eval {
	struct options o;
	struct flp_model model;
	struct flp_network *net;
	struct flp_metrics all;
	uint64_t sets;
	struct flp_out out;
};

static int
measure(void *context, struct flp_inputs *in, const struct flp_header *h, struct flp_error *e)
{
	struct eval *v = context;
	struct flp_metrics one;
	struct flp_record rec;
	char *client;
	int status;

	if (flp_record_load(&rec, in->reader, h, e) < 0 ||
	    flp_measure_record(&v->model, v->net, &rec, in->place, &one, &client, e) < 0)
		return -1;
	if ((status = flp_metrics_merge(&v->all, &one, e)) == 0) {
		if (v->sets++ == 0 && !v->o.json && !v->o.plain)
			print_titles(&v->out, &v->o, &v->all);
		print(&v->out, &v->o, &v->model, client, &one);
	}
	flp_metrics_free(&one);
	free(client);
	return status;
}

int
main(int argc, char **argv)
{
	struct eval v = { .o.bad.tell = cli_left_out };
	char **paths = cli_start(argc, argv, &tool, &v.o);
	struct flp_inputs in;
	struct flp_error e;
	int status;

	if (flp_model_load(&v.model, NULL, v.o.model, &e) < 0 ||
	    (v.net = flp_network_new(&v.model.arch, FLP_LAYOUT_ARCH, &e)) == NULL ||
	    flp_metrics_init(&v.all, v.model.loss, v.model.arch.outputs, &e) < 0)
		cli_fail(&e);
	check(&v.o, &v.all);
	cli_stdout(&v.out);
	flp_inputs_init(&in, paths);
	status = flp_each_record(&in, &v.o.bad, measure, &v, &e);
	if (status == 0 && v.o.bad.n == 0 && v.sets > 1)
		print(&v.out, &v.o, &v.model, "", &v.all);
	if (status == 0 && v.o.bad.n > 0 && v.sets > 0)
		cli_warn("no line for all rows together: inputs were left out");
	cli_end(&v.out, status, &e, &v.o.bad);
}
