#include "export/predictions.h"
#include "base/number.h"
#include "export/json.h"

#include <stdlib.h>
#include <string.h>

static void
print_class(const struct flp_predictions *t, struct flp_say *s, size_t i)
{
	char number[FLP_TEXTS_NUMBER];
	const char *name = flp_texts_name(t->names, i, number);

	if (t->json)
		flp_json_say(s, name, strlen(name));
	else
		flp_say(s, "%s", name);
}

int
flp_predictions_titles(const struct flp_predictions *t, struct flp_error *e)
{
	struct flp_say s = { t->out, e, 0 };

	if (t->json)
		return 0;
	flp_say(&s, "%s\t%s", t->key != NULL ? t->key : "row", t->classes == 0 ? "value" :
	    t->top > 0 ? "rank\tclass\tp" : "class");
	for (size_t i = 0; t->top == 0 && i < t->classes; i++) {
		flp_say(&s, "\tp:");
		print_class(t, &s, i);
	}
	flp_say(&s, "\n");
	return s.status;
}

static void
print_key(const struct flp_predictions *t, struct flp_say *s, const struct flp_prediction *r)
{
	if (t->key == NULL) {
		flp_say(s, t->json ? "{\"row\":%llu" : "%llu", (unsigned long long)r->row);
	} else if (t->json) {
		flp_say(s, "{\"key\":");
		flp_json_say(s, r->key, strlen(r->key));
	} else {
		flp_say(s, "%s", r->key);
	}
}

static void
print_value(const struct flp_predictions *t, struct flp_say *s, const struct flp_prediction *r)
{
	char text[FLP_NUMBER_TEXT];

	flp_number_print_f32(text, (float)r->p[0]);
	flp_say(s, t->json ? ",\"value\":%s}\n" : "\t%s\n", text);
}

static void
print_all(const struct flp_predictions *t, struct flp_say *s, const struct flp_prediction *r)
{
	flp_say(s, t->json ? ",\"class\":" : "\t");
	print_class(t, s, r->class);
	if (t->json)
		flp_say(s, ",\"p\":{");
	for (size_t i = 0; i < t->classes; i++) {
		if (t->json) {
			flp_say(s, i > 0 ? "," : "");
			print_class(t, s, i);
		}
		flp_say(s, t->json ? ":%.6g" : "\t%.6g", r->p[i]);
	}
	flp_say(s, t->json ? "}}\n" : "\n");
}

static int
more_probable(const void *a, const void *b)
{
	const struct flp_probable *x = a, *y = b;

	if (x->p != y->p)
		return x->p > y->p ? -1 : 1;
	return x->class < y->class ? -1 : 1;
}

static void
print_top(const struct flp_predictions *t, struct flp_say *s, const struct flp_prediction *r)
{
	for (size_t i = 0; i < t->classes; i++)
		t->order[i] = (struct flp_probable){ r->p[i], i };
	qsort(t->order, t->classes, sizeof *t->order, more_probable);
	for (size_t i = 0; i < t->top; i++) {
		if (t->json) {
			flp_say(s, i == 0 ? ",\"top\":[{\"class\":" : ",{\"class\":");
		} else {
			if (i > 0)
				print_key(t, s, r);
			flp_say(s, "\t%zu\t", i + 1);
		}
		print_class(t, s, t->order[i].class);
		flp_say(s, t->json ? ",\"p\":%.6g}" : "\t%.6g\n", t->order[i].p);
	}
	if (t->json)
		flp_say(s, "]}\n");
}

int
flp_predictions_row(const struct flp_predictions *t, const struct flp_prediction *r,
    struct flp_error *e)
{
	struct flp_say s = { t->out, e, 0 };

	print_key(t, &s, r);
	if (t->classes == 0)
		print_value(t, &s, r);
	else if (t->top > 0)
		print_top(t, &s, r);
	else
		print_all(t, &s, r);
	return s.status;
}
