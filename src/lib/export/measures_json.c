#include "export/json.h"
#include "export/measures_list.h"

static void
print_client(struct flp_say *j, const char *client)
{
	flp_say(j, "\"client\":");
	flp_json_name(j, client);
}

static void
print_number(struct flp_say *j, const char *key, double v)
{
	flp_say(j, "\"%s\":", key);
	flp_json_number(j, 6, v);
}

static void
print_confusion(struct flp_say *j, const struct flp_metrics *r)
{
	size_t k = r->classes;

	for (size_t i = 0; i < k * k; i++)
		flp_say(j, "%s%s%llu%s", i ? "," : ",\"confusion\":[", i % k ? "" : "[",
		    (unsigned long long)r->confusion[i], i + 1 == k * k ? "]]" : (i + 1) % k ? "" : "]");
}

static void
print_calibration(struct flp_say *j, const struct flp_metrics *r)
{
	for (int i = 0; i < FLP_METRICS_BINS; i++)
		flp_say(j, "%s[%llu,%.6g,%llu]%s", i ? "," : ",\"calibration\":[",
		    (unsigned long long)r->bin[i].rows, r->bin[i].confidence,
		    (unsigned long long)r->bin[i].correct, i + 1 < FLP_METRICS_BINS ? "" : "]");
}

static void
print_summary(struct flp_say *j, const struct flp_measures_list *list,
    const struct flp_worst *worst)
{
	const char *before = "";

	flp_say(j, ",\"summary\":{");
	for (size_t i = 0; i < list->n; i++) {
		if (list->item[i].better == 0)
			continue;
		flp_say(j, "%s\"%s\":{", before, list->item[i].name);
		print_number(j, "mean", flp_worst_mean(&worst[i]));
		flp_say(j, ",");
		print_number(j, "worst", flp_worst_value(&worst[i]));
		flp_say(j, ",");
		print_client(j, worst[i].client);
		flp_say(j, "}");
		before = ",";
	}
	flp_say(j, "}");
}

int
flp_measures_json(struct flp_measures *p, const struct flp_measures_list *list,
    struct flp_error *e)
{
	const struct flp_measured *s = list->of;
	struct flp_say j = { p->out, e, 0 };

	flp_say(&j, "{\"round\":%u,", p->round);
	print_client(&j, s->client);
	flp_say(&j, ",\"rows\":%llu", (unsigned long long)s->model->rows);
	for (size_t i = 0; i < list->n; i++) {
		flp_say(&j, ",");
		print_number(&j, list->item[i].name, list->item[i].value);
	}
	if (s->model->confusion != NULL)
		print_confusion(&j, s->model);
	if (s->model->classes > 0)
		print_calibration(&j, s->model);
	if (s->client == NULL)
		print_summary(&j, list, p->worst);
	flp_say(&j, "}\n");
	return j.status;
}
