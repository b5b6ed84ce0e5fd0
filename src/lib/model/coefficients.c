#include "model/coefficients.h"
#include "base/memory.h"
#include "data/schema.h"
#include "export/coefficients.h"
#include "format/called.h"
#include "model/model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A model, and what its rows have in common. */
struct linear {
	const struct flp_model *model;
	unsigned char *confounded; /* [inputs] 1: of a column of levels without a reference */
	struct flp_coefficients to;
};

static int
check_linear(const struct flp_model *m, struct flp_error *e)
{
	char arch[FLP_ARCH_TEXT];

	if (m->arch.layers == 1)
		return 0;
	flp_arch_print(&m->arch, arch);
	return flp_error_bad(e, "expected a model of one dense layer, found arch \"%s\"", arch);
}

/* The weight or, with i = inputs, the bias. */
static double
scaled(const struct flp_model *m, size_t output, size_t i)
{
	const struct flp_layer *l = &m->arch.layer[0];
	const float *from = m->params + (i == l->in ? l->bias : l->weight + i);
	size_t step = i == l->in ? 1 : l->in;

	if (m->loss == FLP_LOSS_SOFTMAX)
		return (double)from[(output + 1) * step] - (double)from[0];
	return (double)from[output * step];
}

/* The intercept for x that is not standardised. */
static double
intercept(const struct flp_model *m, size_t output)
{
	const struct flp_scaling *s = &m->scaling;
	size_t n = m->arch.inputs;
	double b = scaled(m, output, n);

	for (size_t i = 0; s->center != NULL && i < n; i++) {
		size_t at = flp_scaling_at(s, i);

		b -= scaled(m, output, i) * s->center[at] / s->scale[at];
	}
	return b;
}

/* Sets the numbers of *c for a feature or, with feature = inputs, the intercept. */
static void
find_numbers(struct flp_coefficient *c, const struct linear *l, size_t output, size_t feature)
{
	const struct flp_model *m = l->model;
	const struct flp_scaling *s = &m->scaling;
	int is_intercept = feature == m->arch.inputs;

	c->scaled = c->original = scaled(m, output, feature);
	if (m->site)
		c->original = NAN;
	else if (is_intercept)
		c->original = intercept(m, output);
	else if (s->center != NULL)
		c->original /= s->scale[flp_scaling_at(s, feature)];
	c->ratio = is_intercept || m->loss == FLP_LOSS_MSE || l->confounded[feature] ? NAN :
	    exp(c->original);
}

/* The name of class i or, written to `number`, its number, counted from 0; NULL under mse. */
static const char *
class_name(const struct flp_model *m, size_t i, char number[FLP_TEXTS_NUMBER])
{
	return m->loss == FLP_LOSS_MSE ? NULL : flp_texts_name(&m->classes, i, number);
}

static char *
output_name(const struct flp_model *m, const char *class, const char *first, struct flp_error *e)
{
	size_t n = 0, classes = class != NULL ? strlen(class) + strlen(first) : 0;
	const char *label = flp_description_label(&m->schema, &n);
	char *text = flp_memory_new(n + classes + sizeof "y:", 1, e);

	if (text == NULL)
		return NULL;
	if (m->loss == FLP_LOSS_MSE)
		memcpy(text, label != NULL ? label : "y", label != NULL ? n : 1);
	else if (m->loss == FLP_LOSS_SOFTMAX)
		sprintf(text, "%s:%s", class, first);
	else
		sprintf(text, "%.*s%s%s", (int)n, label != NULL ? label : "", label ? "=" : "", class);
	return text;
}

static const char *
feature_name(const struct flp_model *m, size_t i, char number[32])
{
	if (i == m->arch.inputs)
		return "(intercept)";
	snprintf(number, 32, "x%zu", i + 1);
	return m->features.n > 0 ? flp_texts_get(&m->features, i) : number;
}

/* The features of a column of levels without a reference add up to 1, and 1 is also the input of
 * the intercept, so their odds ratios say nothing. */
static int
find_confounded(struct linear *l, struct flp_error *e)
{
	const struct flp_model *m = l->model;
	struct flp_schema schema = { 0 };
	size_t j = 0;
	int status = 0;

	if ((l->confounded = flp_memory_new(m->arch.inputs, 1, e)) == NULL)
		return -1;
	if (m->schema.n > 0)
		status = flp_schema_take(&schema, &m->schema, ":schema", e);
	for (size_t i = 0; status == 0 && i < schema.columns; i++) {
		const struct flp_column *c = &schema.x[i];
		size_t n = flp_schema_width(&schema, c);

		if (c->kind == FLP_COLUMN_LEVEL && flp_schema_reference(&schema, c) < 0)
			memset(l->confounded + j, 1, n);
		j += n;
	}
	flp_schema_free(&schema);
	return status;
}

/* The rows of one output, the intercept first. */
static int
print_output(struct linear *l, size_t output, struct flp_error *e)
{
	const struct flp_model *m = l->model;
	char number[FLP_TEXTS_NUMBER], feature[32];
	const char *class = class_name(m, output + 1, number);
	char *name = output_name(m, class, l->to.baseline, e);
	size_t n = m->arch.inputs;
	int status = name == NULL ? -1 : 0;

	for (size_t i = 0; status == 0 && i <= n; i++) {
		size_t at = i == 0 ? n : i - 1;
		struct flp_coefficient c = { .output = name, .class = class };

		c.feature = feature_name(m, at, feature);
		find_numbers(&c, l, output, at);
		status = flp_coefficients_row(&l->to, &c, e);
	}
	free(name);
	return status;
}

static int
print(struct linear *l, struct flp_error *e)
{
	const struct flp_model *m = l->model;
	char number[FLP_TEXTS_NUMBER];
	size_t outputs = m->arch.outputs - (m->loss == FLP_LOSS_SOFTMAX);
	int status;

	l->to.loss = flp_loss_name(m->loss);
	l->to.label = flp_description_label(&m->schema, &l->to.label_n);
	l->to.baseline = class_name(m, 0, number);
	status = flp_coefficients_begin(&l->to, e);
	for (size_t k = 0; status == 0 && k < outputs; k++)
		status = print_output(l, k, e);
	if (status == 0)
		status = flp_coefficients_end(&l->to, e);
	flp_coefficients_free(&l->to);
	return status;
}

int
flp_coefficients_print(struct flp_out *out, struct flp_inputs *in, const struct flp_header *h,
    int json, struct flp_error *e)
{
	struct flp_model m;
	struct linear l = { &m, NULL, { .out = out, .json = json, .place = in->place } };
	struct flp_record rec;
	int status = -1;

	if (h->kind != FLP_KIND_PARAMS)
		return flp_error_bad(e, "expected a model, found %s", flp_called(h));
	if (flp_record_load(&rec, in->reader, h, e) < 0)
		return -1;
	if (flp_model_from(&m, &rec, e) == 0) {
		if (check_linear(&m, e) == 0 && find_confounded(&l, e) == 0)
			status = print(&l, e);
		free(l.confounded);
		flp_model_free(&m);
	}
	flp_record_free(&rec);
	return status;
}
