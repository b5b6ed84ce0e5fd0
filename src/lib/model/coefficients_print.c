#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "data/schema.h"
#include "export/json.h"
#include "export/tabular.h"
#include "format/called.h"
#include "model/coefficients.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char intercept[] = "(intercept)";

struct row {
	const char *output, *class, *feature; /* class is NULL under mse */
	struct flp_coefficient c;
};

struct show {
	const struct flp_model *model;
	struct flp_say say;
	struct flp_tabular table;
	size_t printed; /* how many objects */
	unsigned char *confounded; /* [inputs] 1: of a column of levels without a reference */
};

static const char *
feature_name(const struct flp_model *m, size_t i, char number[32])
{
	if (i == m->arch.inputs)
		return intercept;
	snprintf(number, 32, "x%zu", i + 1);
	return m->features.n > 0 ? flp_texts_get(&m->features, i) : number;
}

static int
print_titles(struct show *s)
{
	static const char *const title[] = { "output", "feature", "scaled", "original", "odds-ratio" };

	for (size_t i = 0; i < sizeof title / sizeof *title; i++)
		if (flp_tabular_title(&s->table, title[i], s->say.e) < 0)
			return -1;
	return flp_tabular_line(&s->table, s->say.e);
}

static int
print_cell(struct show *s, double v)
{
	char text[32];

	snprintf(text, sizeof text, "%.6g", v);
	return flp_tabular_number(&s->table, isnan(v) ? "-" : text, s->say.e);
}

static int
print_row(struct show *s, const struct row *r)
{
	if (flp_tabular_text(&s->table, r->output, s->say.e) < 0 ||
	    flp_tabular_text(&s->table, r->feature, s->say.e) < 0 || print_cell(s, r->c.scaled) < 0 ||
	    print_cell(s, r->c.original) < 0 || print_cell(s, r->c.ratio) < 0)
		return -1;
	return flp_tabular_line(&s->table, s->say.e);
}

static void
print_text(struct show *s, const char *key, const char *text, size_t n)
{
	flp_say(&s->say, "\"%s\":%s", key, text == NULL ? "null" : "");
	if (text != NULL)
		flp_json_say(&s->say, text, n);
}

static void
print_number(struct show *s, const char *key, double v)
{
	char text[FLP_NUMBER_TEXT];

	flp_number_print(text, v);
	flp_say(&s->say, ",\"%s\":%s", key, isfinite(v) ? text : "null");
}

static int
print_object(struct show *s, const struct row *r)
{
	flp_say(&s->say, s->printed++ > 0 ? ",{" : "{");
	print_text(s, "output", r->output, strlen(r->output));
	flp_say(&s->say, ",");
	print_text(s, "class", r->class, r->class != NULL ? strlen(r->class) : 0);
	flp_say(&s->say, ",");
	print_text(s, "feature", r->feature, strlen(r->feature));
	print_number(s, "scaled", r->c.scaled);
	print_number(s, "original", r->c.original);
	print_number(s, "ratio", r->c.ratio);
	flp_say(&s->say, "}");
	return s->say.status;
}

/* Gives the coefficients of one output to a function that prints them, the intercept first. */
static int
each(struct show *s, size_t output, int (*to)(struct show *s, const struct row *r))
{
	const struct flp_model *m = s->model;
	char *name = flp_coefficients_name(m, output, s->say.e), class[FLP_TEXTS_NUMBER], number[32];
	struct row r = { .output = name, .class = flp_coefficients_class(m, output + 1, class) };
	int status = name == NULL ? -1 : 0;
	size_t n = m->arch.inputs;

	for (size_t i = 0; status == 0 && i <= n; i++) {
		size_t feature = i == 0 ? n : i - 1;

		r.feature = feature_name(m, feature, number);
		flp_coefficients_get(m, output, feature, &r.c);
		if (i > 0 && s->confounded[feature])
			r.c.ratio = NAN;
		status = to(s, &r);
	}
	free(name);
	return status;
}

static int
print_table(struct show *s, size_t outputs)
{
	int status = s->say.out->offset > 0 ? flp_out_write(s->say.out, "\n", 1, s->say.e) : 0;

	flp_tabular_init(&s->table, s->say.out);
	if (status == 0)
		status = print_titles(s);
	for (size_t k = 0; status == 0 && k < outputs; k++)
		status = each(s, k, print_row);
	if (status == 0)
		status = flp_tabular_end(&s->table, s->say.e);
	flp_tabular_free(&s->table);
	return status;
}

static int
print_json(struct show *s, const char *place, size_t outputs)
{
	const struct flp_model *m = s->model;
	char shown[4 * FLP_INPUTS_PLACE], number[FLP_TEXTS_NUMBER];
	const char *first = flp_coefficients_class(m, 0, number);
	size_t n = 0, used = flp_text_escape(shown, sizeof shown, place, strlen(place));
	const char *label = flp_description_label(&m->schema, &n);
	int status = 0;

	flp_say(&s->say, "{");
	print_text(s, "place", shown, used);
	flp_say(&s->say, ",\"loss\":\"%s\",", flp_loss_name(m->loss));
	print_text(s, "label", label, n);
	flp_say(&s->say, ",");
	print_text(s, "baseline", first, first != NULL ? strlen(first) : 0);
	flp_say(&s->say, ",\"coefficients\":[");
	for (size_t k = 0; status == 0 && k < outputs; k++)
		status = each(s, k, print_object);
	flp_say(&s->say, "]}\n");
	return status < 0 ? -1 : s->say.status;
}

/* Levels without a reference add up to 1, like what the intercept multiplies, so their odds ratios
 * say nothing. */
static int
find_confounded(struct show *s)
{
	const struct flp_model *m = s->model;
	struct flp_schema schema = { 0 };
	size_t j = 0;
	int status = 0;

	if ((s->confounded = flp_memory_new(m->arch.inputs, 1, s->say.e)) == NULL)
		return -1;
	if (m->schema.n > 0)
		status = flp_schema_take(&schema, &m->schema, ":schema", s->say.e);
	for (size_t i = 0; status == 0 && i < schema.columns; i++) {
		const struct flp_column *c = &schema.x[i];
		size_t n = flp_schema_width(&schema, c);

		if (c->kind == FLP_COLUMN_LEVEL && flp_schema_reference(&schema, c) < 0)
			memset(s->confounded + j, 1, n);
		j += n;
	}
	flp_schema_free(&schema);
	return status;
}

int
flp_coefficients_print(struct flp_out *out, struct flp_inputs *in, const struct flp_header *h,
    int json, struct flp_error *e)
{
	struct flp_model m;
	struct show s = { .model = &m, .say = { out, e, 0 } };
	struct flp_record rec;
	size_t outputs;
	int status = -1;

	if (h->kind != FLP_KIND_PARAMS)
		return flp_error_bad(e, "expected a model, found %s", flp_called(h));
	if (flp_record_load(&rec, in->reader, h, e) < 0)
		return -1;
	if (flp_model_from(&m, &rec, e) == 0) {
		if (flp_coefficients_outputs(&m, &outputs, e) == 0 && find_confounded(&s) == 0)
			status = json ? print_json(&s, in->place, outputs) : print_table(&s, outputs);
		free(s.confounded);
		flp_model_free(&m);
	}
	flp_record_free(&rec);
	return status;
}
