#include "export/predictions.h"
#include "base/memory.h"
#include "base/number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* title[] has room for that of a class. */
static int
print_titles(struct flp_predictions *t, char *title, struct flp_error *e)
{
	static const char *const number[] = { "value", NULL }, *const top[] = { "rank", "class", "p",
		NULL }, *const class[] = { "class", NULL };
	const char *const *next = t->classes == 0 ? number : t->top > 0 ? top : class;
	int status = flp_tabular_title(&t->table, t->key != NULL ? t->key : "row", e);
	char index[FLP_TEXTS_NUMBER];

	for (; status == 0 && *next != NULL; next++)
		status = flp_tabular_title(&t->table, *next, e);
	for (size_t i = 0; status == 0 && t->top == 0 && i < t->classes; i++) {
		stpcpy(stpcpy(title, "p:"), flp_texts_name(t->names, i, index));
		status = flp_tabular_title(&t->table, title, e);
	}
	return status < 0 ? -1 : flp_tabular_line(&t->table, e);
}

int
flp_predictions_titles(struct flp_predictions *t, struct flp_error *e)
{
	char *title; /* a name may be as long as all of them */
	int status;

	if (t->json)
		return 0;
	if ((title = flp_memory_new(t->names->used + FLP_TEXTS_NUMBER + sizeof "p:", 1, e)) == NULL)
		return -1;
	status = print_titles(t, title, e);
	free(title);
	return status;
}

static int
put_key(struct flp_predictions *t, const struct flp_prediction *r, struct flp_error *e)
{
	char number[FLP_TEXTS_NUMBER];

	if (r->key != NULL)
		return flp_tabular_text(&t->table, r->key, e);
	snprintf(number, sizeof number, "%llu", (unsigned long long)r->row);
	return flp_tabular_number(&t->table, number, e);
}

static int
put_class(struct flp_predictions *t, size_t i, struct flp_error *e)
{
	char number[FLP_TEXTS_NUMBER];

	return flp_tabular_text(&t->table, flp_texts_name(t->names, i, number), e);
}

static int
put_value(struct flp_predictions *t, double value, struct flp_error *e)
{
	char text[FLP_NUMBER_TEXT];

	flp_number_print_f32(text, (float)value);
	return flp_tabular_number(&t->table, text, e);
}

static int
put_row(struct flp_predictions *t, const struct flp_prediction *r, struct flp_error *e)
{
	if (put_key(t, r, e) < 0 ||
	    (t->classes > 0 ? put_class(t, r->class, e) : put_value(t, r->p[0], e)) < 0)
		return -1;
	for (size_t i = 0; i < t->classes; i++)
		if (flp_tabular_real(&t->table, r->p[i], e) < 0)
			return -1;
	return flp_tabular_line(&t->table, e);
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
sort(const struct flp_predictions *t, const struct flp_prediction *r)
{
	for (size_t i = 0; i < t->classes; i++)
		t->order[i] = (struct flp_probable){ r->p[i], i };
	qsort(t->order, t->classes, sizeof *t->order, more_probable);
}

static int
put_top(struct flp_predictions *t, const struct flp_prediction *r, struct flp_error *e)
{
	char rank[FLP_TEXTS_NUMBER];

	for (size_t i = 0; i < t->top; i++) {
		snprintf(rank, sizeof rank, "%zu", i + 1);
		if (put_key(t, r, e) < 0 || flp_tabular_number(&t->table, rank, e) < 0 ||
		    put_class(t, t->order[i].class, e) < 0 ||
		    flp_tabular_real(&t->table, t->order[i].p, e) < 0 ||
		    flp_tabular_line(&t->table, e) < 0)
			return -1;
	}
	return 0;
}

int
flp_predictions_row(struct flp_predictions *t, const struct flp_prediction *r, struct flp_error *e)
{
	struct flp_say s = { t->table.out, e, 0 };

	if (t->top > 0)
		sort(t, r);
	if (!t->json)
		return t->top > 0 ? put_top(t, r, e) : put_row(t, r, e);
	flp_predictions_json(t, r, &s);
	return s.status;
}
