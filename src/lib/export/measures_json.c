#include "export/json.h"
#include "export/measures.h"

#include <math.h>
#include <string.h>

/* After a failed write nothing more is written. */
struct json {
	struct flp_out *out;
	struct flp_error *e;
	int status;
};

static FLP_PRINTF(2, 3) void
print(struct json *j, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (j->status == 0)
		j->status = flp_out_vprint(j->out, j->e, fmt, ap);
	va_end(ap);
}

static void
print_client(struct json *j, const char *client)
{
	print(j, "\"client\":%s", client == NULL ? "null" : "");
	if (client != NULL && j->status == 0)
		j->status = flp_json_text(j->out, client, strlen(client), j->e);
}

static void
print_number(struct json *j, const char *key, double v)
{
	print(j, "\"%s\":", key);
	if (isnan(v))
		print(j, "null");
	else
		print(j, "%.6g", v);
}

static void
print_confusion(struct json *j, const struct flp_metrics *r)
{
	size_t k = r->classes;

	for (size_t i = 0; i < k * k; i++)
		print(j, "%s%s%llu%s", i ? "," : ",\"confusion\":[", i % k ? "" : "[",
		    (unsigned long long)r->confusion[i], i + 1 == k * k ? "]]" : (i + 1) % k ? "" : "]");
}

static void
print_calibration(struct json *j, const struct flp_metrics *r)
{
	for (int i = 0; i < FLP_METRICS_BINS; i++)
		print(j, "%s[%llu,%.6g,%llu]%s", i ? "," : ",\"calibration\":[",
		    (unsigned long long)r->bin[i].rows, r->bin[i].confidence,
		    (unsigned long long)r->bin[i].correct, i + 1 < FLP_METRICS_BINS ? "" : "]");
}

static void
print_summary(struct json *j, const struct flp_measures_list *list, const struct flp_worst *worst)
{
	const char *before = "";

	print(j, ",\"summary\":{");
	for (size_t i = 0; i < list->n; i++) {
		if (list->item[i].better == 0)
			continue;
		print(j, "%s\"%s\":{", before, list->item[i].name);
		print_number(j, "mean", flp_worst_mean(&worst[i]));
		print(j, ",");
		print_number(j, "worst", flp_worst_value(&worst[i]));
		print(j, ",");
		print_client(j, worst[i].client);
		print(j, "}");
		before = ",";
	}
	print(j, "}");
}

int
flp_measures_json(struct flp_measures *p, const struct flp_measures_list *list,
    struct flp_error *e)
{
	const struct flp_measured *s = list->of;
	struct json j = { p->out, e, 0 };

	print(&j, "{\"round\":%u,", p->round);
	print_client(&j, s->client);
	print(&j, ",\"rows\":%llu", (unsigned long long)s->model->rows);
	for (size_t i = 0; i < list->n; i++) {
		print(&j, ",");
		print_number(&j, list->item[i].name, list->item[i].value);
	}
	if (s->model->confusion != NULL)
		print_confusion(&j, s->model);
	if (s->model->classes > 0)
		print_calibration(&j, s->model);
	if (s->client == NULL)
		print_summary(&j, list, p->worst);
	print(&j, "}\n");
	return j.status;
}
