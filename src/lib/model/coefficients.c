#include "model/coefficients.h"
#include "base/memory.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

int
flp_coefficients_outputs(const struct flp_model *m, size_t *outputs, struct flp_error *e)
{
	char arch[FLP_ARCH_TEXT];

	*outputs = m->loss == FLP_LOSS_SOFTMAX ? m->arch.outputs - 1 : m->arch.outputs;
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

void
flp_coefficients_get(const struct flp_model *m, size_t output, size_t feature,
    struct flp_coefficient *to)
{
	const struct flp_scaling *s = &m->scaling;
	int is_intercept = feature == m->arch.inputs;

	to->scaled = to->original = scaled(m, output, feature);
	if (m->site)
		to->original = NAN;
	else if (is_intercept)
		to->original = intercept(m, output);
	else if (s->center != NULL)
		to->original /= s->scale[flp_scaling_at(s, feature)];
	to->ratio = is_intercept || m->loss == FLP_LOSS_MSE ? NAN : exp(to->original);
}

const char *
flp_coefficients_class(const struct flp_model *m, size_t i, char number[FLP_TEXTS_NUMBER])
{
	return m->loss == FLP_LOSS_MSE ? NULL : flp_texts_name(&m->classes, i, number);
}

char *
flp_coefficients_name(const struct flp_model *m, size_t output, struct flp_error *e)
{
	char number[2][FLP_TEXTS_NUMBER];
	const char *class = flp_coefficients_class(m, output + 1, number[0]);
	const char *first = flp_coefficients_class(m, 0, number[1]);
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
