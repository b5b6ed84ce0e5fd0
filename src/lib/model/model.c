#include "model/model.h"
#include "base/memory.h"
#include "format/keys.h"
#include "learn/init.h"
#include "loop/inputs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Copies a metadata value. */
static int
text_of(const struct flp_meta *meta, const char *key, char **text, struct flp_error *e)
{
	size_t n;
	const char *value = flp_meta_get(meta, key, &n);

	if (value == NULL)
		return flp_error_bad(e, "metadata: %s: missing: this is not a model that fl-init made",
		    key);
	return (*text = flp_memory_text(value, n, e)) == NULL ? -1 : 0;
}

/* The second dimension of the first matrix. */
static size_t
inputs_of(const struct flp_header *h)
{
	for (size_t i = 0; i < h->tensors; i++)
		if (!flp_tensor_describes(&h->tensor[i]) && h->tensor[i].rank == 2)
			return h->tensor[i].dims[1];
	return 0;
}

static int
read_meta(struct flp_model *m, struct flp_error *e)
{
	const struct flp_header *h = &m->record.header;
	char *arch = NULL, *loss = NULL;
	const char *scaling;
	uint64_t round = 0;
	size_t n;
	int status = -1;

	if (text_of(&h->meta, "arch", &arch, e) == 0 && text_of(&h->meta, "loss", &loss, e) == 0 &&
	    flp_arch_parse(&m->arch, arch, inputs_of(h), e) == 0 &&
	    flp_loss_find(loss, &m->loss, e) == 0 &&
	    flp_meta_u64(&h->meta, "round", 0, UINT32_MAX, &round, e) >= 0)
		status = 0;
	else if (e->code == FLP_ERROR_USAGE)
		e->code = FLP_ERROR_BAD;
	m->round = (uint32_t)round;
	scaling = flp_meta_get(&h->meta, "scaling", &n);
	m->site = scaling != NULL;
	if (status == 0 && m->site && (n != 4 || memcmp(scaling, "site", n) != 0))
		status = flp_error_bad(e, "metadata: scaling: expected site, found other text");
	free(arch);
	free(loss);
	return status;
}

/* Checks that the tensors are those of the architecture, in order, before memory of the size that
 * the architecture claims is allocated. */
static int
check_params(const struct flp_model *m, struct flp_error *e)
{
	const struct flp_header *h = &m->record.header;
	size_t at = 0;

	for (size_t i = 0; i < h->tensors; i++) {
		struct flp_arch_tensor t = { 0 };
		struct flp_tensor want;

		if (flp_tensor_describes(&h->tensor[i]))
			continue;
		if (at == m->arch.tensors)
			return flp_error_bad(e, "tensor %s: not in the architecture", h->tensor[i].name);
		flp_arch_tensor(&m->arch, at++, &t);
		want = (struct flp_tensor){ .name = t.name, .dtype = FLP_DTYPE_F32, .rank = t.rank,
			.dims = { t.dims[0], t.rank > 1 ? t.dims[1] : 0 } };
		if (flp_tensor_same(&want, &h->tensor[i], e) < 0)
			return -1;
	}
	if (at < m->arch.tensors)
		return flp_error_bad(e, "expected %zu tensors of parameters for the architecture, "
		    "found %zu", m->arch.tensors, at);
	return 0;
}

static int
read_params(struct flp_model *m, struct flp_error *e)
{
	if (check_params(m, e) < 0 ||
	    (m->params = flp_memory_new(m->arch.parameters, sizeof *m->params, e)) == NULL)
		return -1;
	for (size_t i = 0; i < m->arch.tensors; i++) {
		struct flp_arch_tensor t = { 0 };

		flp_arch_tensor(&m->arch, i, &t);
		memcpy(m->params + t.offset, flp_record_values(&m->record, t.name, NULL),
		    t.count * sizeof *m->params);
	}
	return 0;
}

/* Checks that a loss suits the number of outputs and the number of named classes. Data have one
 * target in each row. */
static int
check_loss(enum flp_loss loss, size_t outputs, size_t classes, struct flp_error *e)
{
	if (loss == FLP_LOSS_SOFTMAX && (outputs < 2 || (classes && classes != outputs)))
		return flp_error_bad(e, "loss softmax: expected an output for each of 2 or more "
		    "classes, found %zu output%s and %zu class%s", outputs, outputs == 1 ? "" : "s",
		    classes, classes == 1 ? "" : "es");
	if (loss != FLP_LOSS_SOFTMAX && outputs != 1)
		return flp_error_bad(e, "loss %s: expected 1 output, found %zu", flp_loss_name(loss),
		    outputs);
	if (loss == FLP_LOSS_BINARY && classes && classes != 2)
		return flp_error_bad(e, "loss binary: expected 2 classes, found %zu", classes);
	if (loss == FLP_LOSS_MSE && classes)
		return flp_error_bad(e, "loss mse: expected a target, found classes");
	return 0;
}

static int
fill(struct flp_model *m, struct flp_error *e)
{
	if (read_meta(m, e) < 0 || read_params(m, e) < 0 ||
	    flp_description_names(&m->features, &m->record, ":features", e) < 0 ||
	    flp_description_names(&m->classes, &m->record, ":classes", e) < 0)
		return -1;
	if (m->features.n > 0 && m->features.n != m->arch.inputs)
		return flp_error_bad(e, "tensor :features: names: expected %zu, found %zu",
		    m->arch.inputs, m->features.n);
	if (check_loss(m->loss, m->arch.outputs, m->classes.n, e) < 0 ||
	    flp_description_schema(&m->schema, &m->record, m->arch.inputs, &m->features,
	    &m->classes, e) < 0)
		return -1;
	return flp_description_scaling(&m->scaling, &m->record, m->arch.inputs, e);
}

int
flp_model_load(struct flp_model *m, struct flp_digest *digest, const char *path,
    struct flp_error *e)
{
	memset(m, 0, sizeof *m);
	if (flp_inputs_load(&m->record, digest, path, FLP_KIND_PARAMS, e) < 0)
		return -1;
	if (fill(m, e) == 0)
		return 0;
	flp_model_free(m);
	return flp_error_at(e, "%s", flp_in_name(path));
}

int
flp_model_from(struct flp_model *m, struct flp_record *record, struct flp_error *e)
{
	memset(m, 0, sizeof *m);
	m->record = *record;
	if (fill(m, e) == 0) {
		memset(record, 0, sizeof *record);
		return 0;
	}
	memset(&m->record, 0, sizeof m->record);
	flp_model_free(m);
	return -1;
}

void
flp_model_free(struct flp_model *m)
{
	flp_texts_free(&m->features);
	flp_texts_free(&m->classes);
	flp_texts_free(&m->schema);
	flp_record_free(&m->record);
	free(m->params);
	memset(m, 0, sizeof *m);
}

/* Chooses the scaling that is used: the model's or, under `site`, the data's own. */
static int
choose_scaling(const struct flp_model *m, const struct flp_dataset *set,
    const struct flp_scaling **to, struct flp_error *e)
{
	const struct flp_scaling *ours = &m->scaling, *theirs = &set->scaling;
	size_t i, p, q;

	*to = m->site ? theirs : ours;
	if (m->site && theirs->center == NULL)
		return flp_error_bad(e, "scaling: expected one in the data, as the model requires, found "
		    "none (see fl-import --scale)");
	if (m->site || theirs->center == NULL)
		return 0;
	if (ours->center == NULL)
		return flp_error_bad(e, "scaling: expected none in the data, as in the model, found one "
		    "(see fl-init --scale)");
	if ((i = flp_scaling_differs(theirs, ours, set->d)) == set->d)
		return 0;
	p = flp_scaling_at(ours, i);
	q = flp_scaling_at(theirs, i);
	flp_error_bad(e, "column %zu: scaling: expected that of the model, "
	    "center %g scale %g, found %g and %g", i + 1, ours->center[p], ours->scale[p],
	    theirs->center[q], theirs->scale[q]);
	return flp_error_hide(e, "others", "%g and %g", theirs->center[q], theirs->scale[q]);
}

/* Refuses missing values. In their place x is 0, which is not a value of the data. */
static int
check_missing(const struct flp_dataset *set, struct flp_error *e)
{
	const uint8_t *first = set->missing == NULL ? NULL : memchr(set->missing, 1, set->n * set->d);
	size_t at, column;

	if (first == NULL)
		return 0;
	at = (size_t)(first - set->missing);
	column = at % set->d;
	flp_error_bad(e, "row %zu: expected a value, found none (import again with --missing mean "
	    "--scale STATS, or with any --missing but keep)", at / set->d + 1);
	return set->feature_names.n > 0 ? flp_error_at(e, "column %s",
	    flp_texts_get(&set->feature_names, column)) : flp_error_at(e, "column %zu", column);
}

static int
check_truth(const struct flp_model *m, const struct flp_dataset *set, struct flp_error *e)
{
	const char *label = NULL;
	size_t n = 0;

	if (m->loss == FLP_LOSS_MSE ? set->targets != NULL : set->classes != NULL)
		return 0;
	if (set->targets == NULL && set->classes == NULL)
		label = flp_description_label(&m->schema, &n);
	return flp_error_bad(e, "loss %s: expected %s in the data, found %s%s%.*s",
	    flp_loss_name(m->loss), m->loss == FLP_LOSS_MSE ? "targets" : "classes",
	    set->targets ? "targets" : set->classes ? "classes" : "neither",
	    label != NULL ? ", since the rows came without the label " : "", (int)n,
	    label != NULL ? label : "");
}

/* What to do about data that were encoded in another way than the model's. */
#define BY_MODEL " (see fl-import --schema MODEL)"

static int
check_fit(const struct flp_model *m, const struct flp_dataset *set, int truth,
    struct flp_error *e)
{
	if (set->d != m->arch.inputs)
		return flp_error_bad(e, "columns: expected %zu for the model, found %zu%s",
		    m->arch.inputs, set->d, m->features.n > 0 ? BY_MODEL : "");
	if (m->features.n > 0 && set->feature_names.n > 0 &&
	    flp_texts_same(&m->features, &set->feature_names, e) < 0)
		return flp_error_at(e, "features are not the model's" BY_MODEL);
	if (m->classes.n > 0 && set->class_names.n > 0 &&
	    flp_texts_same(&m->classes, &set->class_names, e) < 0)
		return flp_error_at(e, "classes are not the model's" BY_MODEL);
	if (truth && check_truth(m, set, e) < 0)
		return -1;
	if (flp_description_same_schema(&m->schema, &set->schema, 1, e) < 0)
		return flp_error_at(e, "schema differs from the model's" BY_MODEL);
	return check_missing(set, e);
}

/* Gives a view of d columns a scaling, whose one value may hold for all. */
static int
scale(struct flp_view *v, const struct flp_scaling *s, size_t d, double **owned,
    struct flp_error *e)
{
	*owned = NULL;
	v->columns = d;
	v->center = s->center;
	v->scale = s->scale;
	if (s->center == NULL || s->n == d)
		return 0;
	if ((*owned = flp_memory_new(d, 2 * sizeof **owned, e)) == NULL)
		return -1;
	for (size_t i = 0; i < d; i++) {
		(*owned)[i] = s->center[0];
		(*owned)[d + i] = s->scale[0];
	}
	v->center = *owned;
	v->scale = *owned + d;
	return 0;
}

static int
make_view(const struct flp_model *m, const struct flp_dataset *set, int truth,
    struct flp_view *v, double **owned, struct flp_error *e)
{
	const struct flp_scaling *scaling;

	*owned = NULL;
	if (check_fit(m, set, truth, e) < 0 ||
	    choose_scaling(m, set, &scaling, e) < 0)
		return -1;
	*v = (struct flp_view){ .rows = set->n, .f32 = set->x_f32, .u8 = set->x_u8,
		.label = truth ? set->classes : NULL, .target = truth ? set->targets : NULL };
	return scale(v, scaling, set->d, owned, e);
}

int
flp_model_view(const struct flp_model *m, const struct flp_dataset *set, struct flp_view *v,
    double **owned, struct flp_error *e)
{
	return make_view(m, set, 1, v, owned, e);
}

int
flp_model_rows(const struct flp_model *m, const struct flp_dataset *set, struct flp_view *v,
    double **owned, struct flp_error *e)
{
	return make_view(m, set, 0, v, owned, e);
}

int
flp_model_encoded(const struct flp_model *m, struct flp_view *v, double **owned,
    struct flp_error *e)
{
	*owned = NULL;
	*v = (struct flp_view){ 0 };
	if (m->site)
		return flp_error_bad(e, "the model wants each site's own scaling (see fl-import "
		    "--scale): expected a data record that brings one");
	return scale(v, &m->scaling, m->arch.inputs, owned, e);
}

/* Chooses a loss that suits what is to be predicted. */
static int
choose_loss(const struct flp_model_spec *spec, const struct flp_arch *a, enum flp_loss *loss,
    struct flp_error *e)
{
	size_t classes = spec->description.classes ? spec->description.classes->n : 0;
	char hint[128];

	*loss = spec->loss;
	if (*loss == FLP_LOSS_AUTO && (spec->targets || (classes == 0 && a->outputs == 1)))
		*loss = FLP_LOSS_MSE;
	else if (*loss == FLP_LOSS_AUTO)
		*loss = classes == 2 && a->outputs == 1 ? FLP_LOSS_BINARY : FLP_LOSS_SOFTMAX;
	if (*loss != FLP_LOSS_MSE && spec->targets)
		return flp_error_usage(e, "loss %s: expected classes, found a target",
		    flp_loss_name(*loss));
	if (check_loss(*loss, a->outputs, classes, e) == 0)
		return 0;
	if (*loss == FLP_LOSS_SOFTMAX && a->outputs == 1 && classes > 1) {
		snprintf(hint, sizeof hint, "let the last layer be dense %zu, or import a label that "
		    "is a number by fl-import --target number", classes);
		flp_error_add(e, hint);
	}
	e->code = FLP_ERROR_USAGE;
	return -1;
}

/* The descriptions that go into the model. */
static struct flp_description
description_of(const struct flp_model_spec *spec)
{
	struct flp_description d = spec->description;

	if (d.features != NULL && d.features->n == 0)
		d.features = NULL;
	if (d.classes != NULL && d.classes->n == 0)
		d.classes = NULL;
	if (d.schema != NULL && d.schema->n == 0)
		d.schema = NULL;
	d.groups = NULL;
	if (spec->site)
		d.scaling = (struct flp_scaling){ 0 };
	return d;
}

static int
describe(struct flp_header *h, const struct flp_arch *a, enum flp_loss loss,
    const struct flp_model_spec *spec, const struct flp_description *d, struct flp_error *e)
{
	char text[FLP_ARCH_TEXT];

	for (size_t i = 0; i < a->tensors; i++) {
		struct flp_arch_tensor t = { 0 };

		flp_arch_tensor(a, i, &t);
		if (flp_header_add(h, t.name, FLP_DTYPE_F32, t.rank, t.dims, e) < 0)
			return -1;
	}
	flp_arch_print(a, text);
	if (flp_description_add(h, d, e) < 0 ||
	    (spec->site && flp_meta_set_text(&h->meta, "scaling", "site", e) < 0) ||
	    flp_meta_set_text(&h->meta, "arch", text, e) < 0 ||
	    flp_meta_set_text(&h->meta, "loss", flp_loss_name(loss), e) < 0)
		return -1;
	return flp_meta_set_u64(&h->meta, "round", 0, e);
}

int
flp_model_new(struct flp_record *to, const struct flp_model_spec *spec, struct flp_error *e)
{
	const struct flp_description d = description_of(spec);
	struct flp_header h;
	struct flp_arch a;
	enum flp_loss loss;
	float *params = NULL;
	int status = -1;

	flp_header_init(&h, FLP_KIND_PARAMS);
	h.privacy = d.scaling.center != NULL ? spec->privacy : FLP_PRIVACY_PUBLIC;
	if (flp_arch_parse(&a, spec->arch, spec->inputs, e) < 0) {
		e->code = FLP_ERROR_USAGE;
		return -1;
	}
	if (choose_loss(spec, &a, &loss, e) < 0 || describe(&h, &a, loss, spec, &d, e) < 0 ||
	    (h.privacy == FLP_PRIVACY_NOISED &&
	    flp_meta_copy_keys(&h.meta, &spec->ledger, FLP_KEY_LEDGER, e) < 0) ||
	    (params = flp_memory_new(a.parameters, sizeof *params, e)) == NULL ||
	    flp_record_new(to, &h, e) < 0)
		goto done;
	flp_init_uniform(&a, spec->seed, params);
	flp_model_put(to, &a, params);
	flp_description_fill(to, &d);
	status = 0;
done:
	free(params);
	flp_header_free(&h);
	return status;
}

void
flp_model_put(struct flp_record *to, const struct flp_arch *a, const float *params)
{
	for (size_t i = 0; i < a->tensors; i++) {
		struct flp_arch_tensor t = { 0 };

		flp_arch_tensor(a, i, &t);
		memcpy(flp_record_values(to, t.name, NULL), params + t.offset, t.count * sizeof *params);
	}
}
