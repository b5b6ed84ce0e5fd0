/* fl-eval: how well a model does on data, per data set and in all.
 *
 * A table with a line for each data set and, for more than one, a line "all"
 * that measures their rows together. A measure that does not exist, as the
 * AUC of one class, is "-", in JSON null. */
#include "cli.h"
#include "base/memory.h"
#include "learn/evaluate.h"
#include "loop/inputs.h"
#include "model/model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct options {
	const char *model;
	int json, confusion, calibration, plain;
};

#define TO(field) offsetof(struct options, field)
static const struct cli_option options[] = {
	{ 'm', "model", CLI_TEXT, TO(model), "MODEL", 0, 0, cli_required, "the model" },
	{ 'j', "json", CLI_FLAG, TO(json), NULL, 0, 0, NULL,
		"print everything as a JSON object for each data set" },
	{ 'c', "confusion", CLI_FLAG, TO(confusion), NULL, 0, 0, NULL,
		"print rows by true and by predicted class instead" },
	{ 'C', "calibration", CLI_FLAG, TO(calibration), NULL, 0, 0, NULL,
		"print rows, confidence and accuracy of 15 bins instead" },
	{ 'H', "no-header", CLI_FLAG, TO(plain), NULL, 0, 0, NULL, "leave out the titles" },
	{ 0, NULL, 0, 0, NULL, 0, 0, NULL, NULL },
};

static const struct cli_tool tool = { "fl-eval",
	"Measure how well a model does on data.", "[DATA]...", 0, -1, options };

/* A measure that has no value is NaN. */
static void
print_measure(struct flp_out *out, const char *name, double v, int json)
{
	if (json)
		cli_print(out, ",\"%s\":", name);
	else
		cli_print(out, "\t");
	if (isnan(v))
		cli_print(out, json ? "null" : "-");
	else
		cli_print(out, "%.6g", v);
}

static void
print_titles(struct flp_out *out, const struct options *o, const struct flp_model *m)
{
	if (o->json || o->plain)
		return;
	if (o->confusion)
		cli_print(out, "round\tclient\ttrue\tpredicted\trows\n");
	else if (o->calibration)
		cli_print(out, "round\tclient\tbin\trows\tconfidence\taccuracy\n");
	else
		cli_print(out, "round\tclient\trows\tloss\t%s\n",
		    m->loss == FLP_MSE ? "mae\tr2" : "accuracy\tauc\tece");
}

static const char *
class_name(const struct flp_model *m, size_t i, char number[24])
{
	if (i < m->classes.n)
		return m->classes.name[i];
	snprintf(number, 24, "%zu", i);
	return number;
}

static void
print_confusion(struct flp_out *out, const struct flp_model *m, const char *client,
    const struct flp_metrics *r)
{
	char a[24], b[24];

	for (size_t t = 0; r->confusion != NULL && t < r->classes; t++)
		for (size_t p = 0; p < r->classes; p++)
			cli_print(out, "%u\t%s\t%s\t%s\t%llu\n", m->round, client,
			    class_name(m, t, a), class_name(m, p, b),
			    (unsigned long long)r->confusion[t * r->classes + p]);
}

static void
print_calibration(struct flp_out *out, const struct flp_model *m, const char *client,
    const struct flp_metrics *r)
{
	for (int i = 0; i < FLP_METRICS_BINS; i++) {
		double rows = (double)r->bin[i].rows;

		cli_print(out, "%u\t%s\t%d\t%.0f", m->round, client, i + 1, rows);
		print_measure(out, NULL, r->bin[i].confidence / rows, 0);
		print_measure(out, NULL, (double)r->bin[i].correct / rows, 0);
		cli_print(out, "\n");
	}
}

static void
print_table(struct flp_out *out, const struct flp_model *m, const char *client,
    struct flp_metrics *r, int json)
{
	if (json)
		cli_print(out, "\"rows\":%llu", (unsigned long long)r->rows);
	else
		cli_print(out, "%u\t%s\t%llu", m->round, client, (unsigned long long)r->rows);
	print_measure(out, "loss", flp_metrics_loss(r), json);
	if (m->loss == FLP_MSE) {
		print_measure(out, "mae", flp_metrics_mae(r), json);
		print_measure(out, "r2", flp_metrics_r2(r), json);
	} else {
		print_measure(out, "accuracy", flp_metrics_accuracy(r), json);
		print_measure(out, "auc", flp_metrics_auc(r), json);
		print_measure(out, "ece", flp_metrics_ece(r), json);
	}
}

static void
print_json(struct flp_out *out, const struct flp_model *m, const char *client,
    struct flp_metrics *r)
{
	cli_print(out, "{\"round\":%u,\"client\":", m->round);
	cli_print_quoted(out, client, strlen(client));
	cli_print(out, ",");
	print_table(out, m, client, r, 1);
	if (r->confusion != NULL) {
		cli_print(out, ",\"confusion\":[");
		for (size_t t = 0; t < r->classes * r->classes; t++)
			cli_print(out, "%s%llu%s", t % r->classes ? "," : t ? ",[" : "[",
			    (unsigned long long)r->confusion[t], (t + 1) % r->classes ? "" : "]");
		cli_print(out, "],\"calibration\":[");
		for (int i = 0; i < FLP_METRICS_BINS; i++)
			cli_print(out, "%s[%llu,%.6g,%llu]", i ? "," : "",
			    (unsigned long long)r->bin[i].rows, r->bin[i].confidence,
			    (unsigned long long)r->bin[i].correct);
		cli_print(out, "]");
	}
	cli_print(out, "}\n");
}

static void
print(struct flp_out *out, const struct options *o, const struct flp_model *m,
    const char *client, struct flp_metrics *r)
{
	if (o->json)
		print_json(out, m, client, r);
	else if (o->confusion)
		print_confusion(out, m, client, r);
	else if (o->calibration)
		print_calibration(out, m, client, r);
	else {
		print_table(out, m, client, r, 0);
		cli_print(out, "\n");
	}
}

/* Measures one data set, prints it and adds it to all. */
static int
measure(struct flp_out *out, const struct options *o, const struct flp_model *m,
    struct flp_network *net, struct flp_record *rec, const char *place,
    struct flp_metrics *all, struct flp_error *e)
{
	struct flp_metrics one = { 0 };
	struct flp_dataset set;
	struct flp_view view;
	double *owned = NULL;
	const char *client;
	char *name = NULL;
	size_t n;
	int status = -1;

	if (flp_dataset_from(&set, rec, e) < 0)
		return -1;
	client = flp_meta_get(&set.record.header.meta, "client", &n);
	if ((name = flp_memory_text(client ? client : place, client ? n : strlen(place), e)) == NULL ||
	    flp_model_view(m, &set, &view, &owned, e) < 0 ||
	    flp_metrics_init(&one, m->loss, m->arch.outputs, e) < 0 ||
	    flp_evaluate(net, m->params, &view, &one, e) < 0 || flp_metrics_merge(all, &one, e) < 0)
		goto done;
	print(out, o, m, name, &one);
	status = 0;
done:
	flp_metrics_free(&one);
	flp_dataset_free(&set);
	free(owned);
	free(name);
	return status;
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	char **paths = cli_start(argc, argv, &tool, &o);
	struct flp_network *net;
	struct flp_metrics all;
	struct flp_model model;
	struct flp_record rec;
	struct flp_inputs in;
	struct flp_error e;
	struct flp_out out;
	uint64_t sets = 0;
	int more;

	if (flp_model_load(&model, o.model, &e) < 0 ||
	    (net = flp_network_new(&model.arch, FLP_LAYOUT_ARCH, &e)) == NULL ||
	    flp_metrics_init(&all, model.loss, model.arch.outputs, &e) < 0)
		cli_fail(&e);
	cli_stdout(&out);
	print_titles(&out, &o, &model);
	flp_inputs_init(&in, paths);
	for (; (more = flp_inputs_record(&in, &rec, &e)) > 0; sets++)
		if (measure(&out, &o, &model, net, &rec, in.place, &all, &e) < 0) {
			flp_inputs_at(&in, &e);
			cli_fail(&e);
		}
	if (more < 0)
		cli_fail(&e);
	if (sets == 0)
		flp_error_bad(&e, "%s: expected a data record, found nothing", in.place);
	if (sets == 0)
		cli_fail(&e);
	if (sets > 1)
		print(&out, &o, &model, "all", &all);
	cli_finish(&out, 0);
}
