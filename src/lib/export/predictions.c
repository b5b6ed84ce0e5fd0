#include "export/predictions.h"
#include "base/number.h"
#include "export/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FLP_PRINTF(3, 4) int
print(const struct flp_predictions *t, struct flp_error *e, const char *fmt, ...)
{
	va_list ap;
	int status;

	va_start(ap, fmt);
	status = flp_out_vprint(t->out, e, fmt, ap);
	va_end(ap);
	return status;
}

static int
print_class(const struct flp_predictions *t, size_t i, struct flp_error *e)
{
	char number[FLP_TEXTS_NUMBER];
	const char *name = flp_texts_name(t->names, i, number);

	return t->json ? flp_json_text(t->out, name, strlen(name), e) : print(t, e, "%s", name);
}

int
flp_predictions_titles(const struct flp_predictions *t, struct flp_error *e)
{
	char number[FLP_TEXTS_NUMBER];

	if (t->json)
		return 0;
	if (print(t, e, "%s\t%s", t->key != NULL ? t->key : "row", t->classes == 0 ? "value" :
	    t->top > 0 ? "rank\tclass\tp" : "class") < 0)
		return -1;
	for (size_t i = 0; t->top == 0 && i < t->classes; i++)
		if (print(t, e, "\tp:%s", flp_texts_name(t->names, i, number)) < 0)
			return -1;
	return print(t, e, "\n");
}

static int
print_key(const struct flp_predictions *t, const struct flp_prediction *r, struct flp_error *e)
{
	if (t->key == NULL)
		return print(t, e, t->json ? "{\"row\":%llu" : "%llu", (unsigned long long)r->row);
	if (!t->json)
		return print(t, e, "%s", r->key);
	return print(t, e, "{\"key\":") < 0 ? -1 :
	    flp_json_text(t->out, r->key, strlen(r->key), e);
}

static int
print_value(const struct flp_predictions *t, const struct flp_prediction *r, struct flp_error *e)
{
	char text[FLP_NUMBER_TEXT];

	flp_number_print_f32(text, (float)r->p[0]);
	return print(t, e, t->json ? ",\"value\":%s}\n" : "\t%s\n", text);
}

static int
print_all(const struct flp_predictions *t, const struct flp_prediction *r, struct flp_error *e)
{
	if (print(t, e, t->json ? ",\"class\":" : "\t") < 0 || print_class(t, r->class, e) < 0 ||
	    (t->json && print(t, e, ",\"p\":{") < 0))
		return -1;
	for (size_t i = 0; i < t->classes; i++)
		if ((t->json && (print(t, e, i > 0 ? "," : "") < 0 || print_class(t, i, e) < 0)) ||
		    print(t, e, t->json ? ":%.6g" : "\t%.6g", r->p[i]) < 0)
			return -1;
	return print(t, e, t->json ? "}}\n" : "\n");
}

static int
more_probable(const void *a, const void *b)
{
	const struct flp_probable *x = a, *y = b;

	if (x->p != y->p)
		return x->p > y->p ? -1 : 1;
	return x->class < y->class ? -1 : 1;
}

static int
print_top(const struct flp_predictions *t, const struct flp_prediction *r, struct flp_error *e)
{
	for (size_t i = 0; i < t->classes; i++)
		t->order[i] = (struct flp_probable){ r->p[i], i };
	qsort(t->order, t->classes, sizeof *t->order, more_probable);
	for (size_t rank = 1; rank <= t->top; rank++) {
		const struct flp_probable *next = &t->order[rank - 1];

		if (t->json ? print(t, e, rank == 1 ? ",\"top\":[{\"class\":" : ",{\"class\":") < 0 :
		    (rank > 1 && print_key(t, r, e) < 0) || print(t, e, "\t%zu\t", rank) < 0)
			return -1;
		if (print_class(t, next->class, e) < 0 ||
		    print(t, e, t->json ? ",\"p\":%.6g}" : "\t%.6g\n", next->p) < 0)
			return -1;
	}
	return t->json ? print(t, e, "]}\n") : 0;
}

int
flp_predictions_row(const struct flp_predictions *t, const struct flp_prediction *r,
    struct flp_error *e)
{
	if (print_key(t, r, e) < 0)
		return -1;
	return t->classes == 0 ? print_value(t, r, e) :
	    t->top > 0 ? print_top(t, r, e) : print_all(t, r, e);
}
