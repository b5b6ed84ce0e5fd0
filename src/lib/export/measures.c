#include "export/measures_list.h"

#include <stdio.h>
#include <string.h>

/* How a form is printed. */
struct form {
	const char *titles[6]; /* of the columns before any measures, up to a NULL; none: no table */
	int measures;          /* 1: a column for each measure comes after them */
	int once;              /* 1: it is of all rows alone, even of a single data set */
	int (*print)(struct flp_measures *p, const struct flp_measures_list *list,
	    struct flp_error *e);
};

static void
add_measures(struct flp_measures_list *list, const struct flp_metrics *m, int compared,
    const char *before)
{
	size_t n;
	const struct flp_measure *measure = flp_metrics_measures(m->loss, &n);

	for (size_t i = 0; i < n; i++) {
		if (compared && !measure[i].compared)
			continue;
		snprintf(list->item[list->n].name, sizeof list->item->name, "%s%s", before,
		    measure[i].name);
		list->item[list->n].value = measure[i].value(m);
		list->item[list->n++].better = measure[i].better;
	}
}

static struct flp_measures_list
list_measures(const struct flp_measured *s)
{
	struct flp_measures_list list = { .of = s };

	add_measures(&list, s->model, 0, "");
	if (s->local != NULL)
		add_measures(&list, s->local, 1, "local_");
	return list;
}

static int
put_count(struct flp_measures *p, uint64_t n, struct flp_error *e)
{
	char text[24];

	snprintf(text, sizeof text, "%llu", (unsigned long long)n);
	return flp_tabular_number(&p->table, text, e);
}

static int
put_class(struct flp_measures *p, size_t i, struct flp_error *e)
{
	char number[FLP_TEXTS_NUMBER];

	return flp_tabular_text(&p->table, flp_texts_name(p->classes, i, number), e);
}

/* The columns that tell lines apart. */
static int
put_who(struct flp_measures *p, const struct flp_measured *s, struct flp_error *e)
{
	return put_count(p, p->round, e) < 0 ? -1 :
	    flp_tabular_text(&p->table, s->client != NULL ? s->client : "", e);
}

static int
print_line(struct flp_measures *p, const struct flp_measures_list *list, struct flp_error *e)
{
	if (put_who(p, list->of, e) < 0 || put_count(p, list->of->model->rows, e) < 0)
		return -1;
	for (size_t i = 0; i < list->n; i++)
		if (flp_tabular_real(&p->table, list->item[i].value, e) < 0)
			return -1;
	return flp_tabular_line(&p->table, e);
}

static int
print_confusion(struct flp_measures *p, const struct flp_measures_list *list, struct flp_error *e)
{
	const struct flp_measured *s = list->of;
	size_t k = s->model->classes;

	for (size_t i = 0; i < k * k; i++)
		if (put_who(p, s, e) < 0 || put_class(p, i / k, e) < 0 || put_class(p, i % k, e) < 0 ||
		    put_count(p, s->model->confusion[i], e) < 0 || flp_tabular_line(&p->table, e) < 0)
			return -1;
	return 0;
}

static int
print_calibration(struct flp_measures *p, const struct flp_measures_list *list, struct flp_error *e)
{
	for (uint64_t i = 0; i < FLP_METRICS_BINS; i++) {
		const struct flp_metrics_bin *bin = &list->of->model->bin[i];
		double rows = (double)bin->rows;

		if (put_who(p, list->of, e) < 0 || put_count(p, i + 1, e) < 0 ||
		    put_count(p, bin->rows, e) < 0 ||
		    flp_tabular_real(&p->table, bin->confidence / rows, e) < 0 ||
		    flp_tabular_real(&p->table, (double)bin->correct / rows, e) < 0 ||
		    flp_tabular_line(&p->table, e) < 0)
			return -1;
	}
	return 0;
}

static int
print_summary(struct flp_measures *p, const struct flp_measures_list *list, struct flp_error *e)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct flp_worst *w = &p->worst[i];

		if (list->item[i].better == 0)
			continue;
		if (put_count(p, p->round, e) < 0 ||
		    flp_tabular_text(&p->table, list->item[i].name, e) < 0 ||
		    flp_tabular_real(&p->table, list->item[i].value, e) < 0 ||
		    flp_tabular_real(&p->table, flp_worst_mean(w), e) < 0 ||
		    flp_tabular_real(&p->table, flp_worst_value(w), e) < 0 ||
		    flp_tabular_text(&p->table, w->client != NULL ? w->client : "-", e) < 0 ||
		    flp_tabular_line(&p->table, e) < 0)
			return -1;
	}
	return 0;
}

static const struct form forms[] = {
	[FLP_MEASURES_LINES] = { { "round", "client", "rows" }, 1, 0, print_line },
	[FLP_MEASURES_JSON] = { { NULL }, 0, 0, flp_measures_json },
	[FLP_MEASURES_CONFUSION] = { { "round", "client", "true", "predicted", "rows" }, 0, 0,
		print_confusion },
	[FLP_MEASURES_CALIBRATION] = { { "round", "client", "bin", "rows", "confidence", "accuracy" },
		0, 0, print_calibration },
	[FLP_MEASURES_SUMMARY] = { { "round", "measure", "all", "mean", "worst", "client" }, 0, 1,
		print_summary },
};

static int
print_titles(struct flp_measures *p, const struct flp_measures_list *list, struct flp_error *e)
{
	const struct form *form = &forms[p->form];
	size_t most = sizeof form->titles / sizeof *form->titles;

	if (!p->titles || form->titles[0] == NULL)
		return 0;
	for (size_t i = 0; i < most && form->titles[i] != NULL; i++)
		if (flp_tabular_title(&p->table, form->titles[i], e) < 0)
			return -1;
	for (size_t i = 0; form->measures && i < list->n; i++)
		if (flp_tabular_title(&p->table, list->item[i].name, e) < 0)
			return -1;
	return flp_tabular_line(&p->table, e);
}

static int
add_worst(struct flp_measures *p, const char *client, const struct flp_measures_list *list,
    struct flp_error *e)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->item[i].better != 0 && flp_worst_add(&p->worst[i], list->item[i].value,
		    list->item[i].better, client, e) < 0)
			return -1;
	return 0;
}

int
flp_measures_set(struct flp_measures *p, const struct flp_measured *s, struct flp_error *e)
{
	const struct flp_measures_list list = list_measures(s);

	if (p->sets++ == 0) {
		flp_tabular_init(&p->table, p->out);
		if (!forms[p->form].once && print_titles(p, &list, e) < 0)
			return -1;
	}
	if (add_worst(p, s->client, &list, e) < 0)
		return -1;
	return forms[p->form].once ? 0 : forms[p->form].print(p, &list, e);
}

static int
print_all(struct flp_measures *p, const struct flp_measured *all, struct flp_error *e)
{
	const struct flp_measures_list list = list_measures(all);

	if (forms[p->form].once && print_titles(p, &list, e) < 0)
		return -1;
	return forms[p->form].print(p, &list, e);
}

int
flp_measures_end(struct flp_measures *p, const struct flp_measured *all, struct flp_error *e)
{
	int status = 0;

	if (p->sets == 0)
		return 0;
	if (all != NULL && (forms[p->form].once || p->sets > 1))
		status = print_all(p, all, e);
	for (size_t i = 0; i < FLP_MEASURES_MOST; i++)
		flp_worst_free(&p->worst[i]);
	if (status == 0)
		return flp_tabular_end(&p->table, e);
	flp_tabular_free(&p->table);
	return -1;
}
