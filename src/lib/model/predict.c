#include "model/predict.h"
#include "base/dtype.h"
#include "base/memory.h"
#include "learn/evaluate.h"
#include "model/encoder.h"

#include <stdlib.h>
#include <string.h>

int
flp_predict_init(struct flp_predict *p, const struct flp_model *m, struct flp_out *out,
    struct flp_error *e)
{
	size_t classes = flp_loss_classes(m->loss, m->arch.outputs);

	memset(p, 0, sizeof *p);
	p->model = m;
	p->table = (struct flp_predictions){ .classes = classes, .names = &m->classes };
	flp_tabular_init(&p->table.table, out);
	if ((p->p = flp_memory_new(classes > 0 ? classes : 1, sizeof *p->p, e)) == NULL ||
	    (p->table.order = flp_memory_new(classes, sizeof *p->table.order, e)) == NULL ||
	    (p->net = flp_network_new(&m->arch, FLP_LAYOUT_ARCH, e)) == NULL) {
		flp_predict_free(p);
		return -1;
	}
	return 0;
}

void
flp_predict_free(struct flp_predict *p)
{
	flp_network_free(p->net);
	flp_tabular_free(&p->table.table);
	free(p->p);
	free(p->table.order);
	p->net = NULL;
	p->p = NULL;
	p->table.order = NULL;
}

/* Prints the titles before the first row. */
static int
print_titles(struct flp_predict *p, struct flp_error *e)
{
	int titles = p->titles;

	p->titles = 0;
	return titles ? flp_predictions_titles(&p->table, e) : 0;
}

static int
print_row(struct flp_predict *p, struct flp_prediction *row, const float *output,
    struct flp_error *e)
{
	const struct flp_model *m = p->model;
	size_t k = m->arch.outputs, where;

	row->p = p->p;
	if (!flp_dtype_finite(output, FLP_DTYPE_F32, k, &where))
		return flp_error_bad(e, "an output of the model is not finite");
	if (p->table.classes == 0) {
		p->p[0] = output[0];
	} else {
		flp_loss_probability(m->loss, output, k, p->p);
		row->class = p->by_threshold ? p->p[1] >= p->threshold :
		    flp_loss_class(m->loss, output, k);
	}
	return flp_predictions_row(&p->table, row, e);
}

/* A file or a record, whose rows go through the network. */
struct rows {
	struct flp_predict *p;
	const char *place;
	const struct flp_encoder *csv; /* NULL: a record */
};

/* A terminal gets rows as soon as they are predicted, with the widths of those so far. Returns
 * `status`, or -1 if this fails. */
static int
show(struct flp_predict *p, int status, struct flp_error *e)
{
	struct flp_tabular *t = &p->table.table;
	struct flp_error other;

	if (!t->aligned || (flp_tabular_show(t, &other) == 0 && flp_out_flush(t->out, &other) == 0))
		return status;
	if (status >= 0)
		*e = other;
	return -1;
}

static int
take(void *context, size_t from, size_t b, const float *output, struct flp_truth truth,
    struct flp_error *e)
{
	const struct rows *r = context;
	struct flp_predict *p = r->p;

	(void)truth;
	for (size_t i = 0; i < b; i++) {
		size_t at = from + i;
		struct flp_prediction row = {
			.row = r->csv != NULL ? r->csv->row[at] : p->rows + at + 1,
			.key = p->table.key != NULL ? r->csv->keys + r->csv->key_at[at] : NULL,
		};

		if (print_row(p, &row, output + i * p->model->arch.outputs, e) == 0)
			continue;
		flp_error_at(e, "%s: row %llu", r->place,
		    (unsigned long long)(r->csv != NULL ? row.row : at + 1));
		if (flp_bad_left_out(&p->bad, e) < 0)
			return show(p, -1, e);
	}
	return show(p, 0, e);
}

static int
predict_batches(struct flp_predict *p, struct flp_encoder *c, struct flp_view *view,
    struct flp_error *e)
{
	struct rows rows = { p, c->name, c };
	int status;

	if (print_titles(p, e) < 0)
		return -1;
	while ((status = flp_encoder_next(c, &p->bad, e)) > 0) {
		view->f32 = c->x;
		view->rows = c->n;
		if (flp_outputs(p->net, p->model->params, view, p->model->loss, take, &rows, e) < 0)
			return -1;
	}
	return status;
}

int
flp_predict_csv(struct flp_predict *p, const struct flp_wish *wish, struct flp_in *in,
    struct flp_error *e)
{
	struct flp_encoder c;
	struct flp_view view;
	double *owned = NULL;
	int status = -1;

	if (flp_encoder_open(&c, p->model, wish, p->table.key, in, e) == 0 &&
	    flp_model_encoded(p->model, &view, &owned, e) == 0)
		status = show(p, predict_batches(p, &c, &view, e), e);
	free(owned);
	flp_encoder_close(&c);
	return status;
}

static int
predict_data(struct flp_predict *p, const char *place, const struct flp_dataset *set,
    struct flp_error *e)
{
	struct rows rows = { p, place, NULL };
	struct flp_view view;
	double *owned;
	int status = flp_model_rows(p->model, set, &view, &owned, e);

	if (status == 0 && (status = print_titles(p, e)) == 0 && set->n > 0)
		status = flp_outputs(p->net, p->model->params, &view, p->model->loss, take, &rows, e);
	free(owned);
	if (status == 0)
		p->rows += set->n;
	return status;
}

static int
predict_record(void *context, struct flp_inputs *in, const struct flp_header *h,
    struct flp_error *e)
{
	struct flp_record rec;
	struct flp_dataset set;
	int status = -1;

	if (flp_record_load(&rec, in->reader, h, e) < 0)
		return -1;
	if (flp_dataset_from(&set, &rec, e) == 0) {
		status = predict_data(context, in->place, &set, e);
		flp_dataset_free(&set);
	}
	flp_record_free(&rec);
	return status;
}

int
flp_predict_records(struct flp_predict *p, struct flp_inputs *in, struct flp_error *e)
{
	return show(p, flp_each_record(in, &p->bad, predict_record, p, e), e);
}
