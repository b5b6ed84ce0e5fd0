#include "export/coefficients.h"
#include "base/number.h"
#include "base/text.h"
#include "export/json.h"

#include <math.h>
#include <string.h>

static void
say_name(struct flp_say *s, const char *key, const char *name)
{
	flp_say(s, "\"%s\":", key);
	flp_json_name(s, name);
}

static void
say_number(struct flp_say *s, const char *key, double v)
{
	char text[FLP_NUMBER_TEXT];

	flp_number_print(text, v);
	flp_say(s, ",\"%s\":%s", key, isfinite(v) ? text : "null");
}

static int
begin_json(const struct flp_coefficients *t, struct flp_error *e)
{
	char place[4 * FLP_INPUTS_PLACE];
	struct flp_say s = { t->out, e, 0 };
	size_t n = flp_text_escape(place, sizeof place, t->place, strlen(t->place));

	flp_say(&s, "{\"place\":");
	flp_json_say(&s, place, n);
	flp_say(&s, ",\"loss\":\"%s\",\"label\":", t->loss);
	flp_json_say(&s, t->label, t->label_n);
	flp_say(&s, ",");
	say_name(&s, "baseline", t->baseline);
	flp_say(&s, ",\"coefficients\":[");
	return s.status;
}

static int
row_json(struct flp_coefficients *t, const struct flp_coefficient *c, struct flp_error *e)
{
	struct flp_say s = { t->out, e, 0 };

	flp_say(&s, t->rows++ > 0 ? ",{" : "{");
	say_name(&s, "output", c->output);
	flp_say(&s, ",");
	say_name(&s, "class", c->class);
	flp_say(&s, ",");
	say_name(&s, "feature", c->feature);
	say_number(&s, "scaled", c->scaled);
	say_number(&s, "original", c->original);
	say_number(&s, "ratio", c->ratio);
	flp_say(&s, "}");
	return s.status;
}

int
flp_coefficients_begin(struct flp_coefficients *t, struct flp_error *e)
{
	static const char *const title[] = { "output", "feature", "scaled", "original", "odds-ratio" };

	t->rows = 0;
	flp_tabular_init(&t->table, t->out);
	if (t->json)
		return begin_json(t, e);
	if (t->out->offset > 0 && flp_out_write(t->out, "\n", 1, e) < 0)
		return -1;
	for (size_t i = 0; i < sizeof title / sizeof *title; i++)
		if (flp_tabular_title(&t->table, title[i], e) < 0)
			return -1;
	return flp_tabular_line(&t->table, e);
}

int
flp_coefficients_row(struct flp_coefficients *t, const struct flp_coefficient *c,
    struct flp_error *e)
{
	if (t->json)
		return row_json(t, c, e);
	if (flp_tabular_text(&t->table, c->output, e) < 0 ||
	    flp_tabular_text(&t->table, c->feature, e) < 0 ||
	    flp_tabular_real(&t->table, c->scaled, e) < 0 ||
	    flp_tabular_real(&t->table, c->original, e) < 0 ||
	    flp_tabular_real(&t->table, c->ratio, e) < 0)
		return -1;
	return flp_tabular_line(&t->table, e);
}

int
flp_coefficients_end(struct flp_coefficients *t, struct flp_error *e)
{
	return t->json ? flp_out_write(t->out, "]}\n", 3, e) : flp_tabular_end(&t->table, e);
}

void
flp_coefficients_free(struct flp_coefficients *t)
{
	flp_tabular_free(&t->table);
}
