#include "export/predictions.h"
#include "base/memory.h"
#include "base/number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A line of a table, not of JSON, that is being printed. */
struct line {
	const struct flp_predictions *t;
	struct flp_say say;
	int begun; /* 1: a field comes before */
};

enum cell { TITLE, TEXT, NUMBER };

static void
put(struct line *l, enum cell cell, const char *text)
{
	int (*add)(struct flp_tabular *, const char *, struct flp_error *) = cell == TEXT ?
	    flp_tabular_text : cell == NUMBER ? flp_tabular_number : flp_tabular_title;

	if (l->t->aligned != NULL) {
		if (l->say.status == 0)
			l->say.status = add(l->t->aligned, text, l->say.e);
		return;
	}
	flp_say_bytes(&l->say, "\t", (size_t)l->begun);
	flp_say_bytes(&l->say, text, strlen(text));
	l->begun = 1;
}

static void
put_p(struct line *l, double p)
{
	char text[FLP_NUMBER_TEXT];

	snprintf(text, sizeof text, "%.6g", p);
	put(l, NUMBER, text);
}

static void
put_end(struct line *l)
{
	l->begun = 0;
	if (l->t->aligned == NULL)
		flp_say_bytes(&l->say, "\n", 1);
	else if (l->say.status == 0)
		l->say.status = flp_tabular_line(l->t->aligned, l->say.e);
}

size_t
flp_predictions_columns(const struct flp_predictions *t)
{
	return t->classes == 0 ? 2 : t->top > 0 ? 4 : 2 + t->classes;
}

static int
print_titles(const struct flp_predictions *t, char *title, struct flp_error *e)
{
	struct line l = { .t = t, .say = { t->out, e, 0 } };
	char number[FLP_TEXTS_NUMBER];

	put(&l, TITLE, t->key != NULL ? t->key : "row");
	if (t->classes == 0)
		put(&l, TITLE, "value");
	if (t->top > 0)
		put(&l, TITLE, "rank");
	if (t->classes > 0)
		put(&l, TITLE, "class");
	if (t->top > 0)
		put(&l, TITLE, "p");
	for (size_t i = 0; t->top == 0 && i < t->classes; i++) {
		stpcpy(stpcpy(title, "p:"), flp_texts_name(t->names, i, number));
		put(&l, TITLE, title);
	}
	put_end(&l);
	return l.say.status;
}

int
flp_predictions_titles(const struct flp_predictions *t, struct flp_error *e)
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

static void
put_class(struct line *l, size_t i)
{
	char number[FLP_TEXTS_NUMBER];

	put(l, TEXT, flp_texts_name(l->t->names, i, number));
}

static void
put_key(struct line *l, const struct flp_prediction *r)
{
	char number[FLP_TEXTS_NUMBER];

	snprintf(number, sizeof number, "%llu", (unsigned long long)r->row);
	put(l, r->key != NULL ? TEXT : NUMBER, r->key != NULL ? r->key : number);
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

static void
put_row(struct line *l, const struct flp_prediction *r)
{
	const struct flp_predictions *t = l->t;
	char text[FLP_NUMBER_TEXT];

	put_key(l, r);
	if (t->classes > 0) {
		put_class(l, r->class);
	} else {
		flp_number_print_f32(text, (float)r->p[0]);
		put(l, NUMBER, text);
	}
	for (size_t i = 0; i < t->classes; i++)
		put_p(l, r->p[i]);
	put_end(l);
}

static void
put_top(struct line *l, const struct flp_prediction *r)
{
	const struct flp_predictions *t = l->t;
	char rank[FLP_TEXTS_NUMBER];

	for (size_t i = 0; i < t->top; i++) {
		put_key(l, r);
		snprintf(rank, sizeof rank, "%zu", i + 1);
		put(l, NUMBER, rank);
		put_class(l, t->order[i].class);
		put_p(l, t->order[i].p);
		put_end(l);
	}
}

int
flp_predictions_row(const struct flp_predictions *t, const struct flp_prediction *r,
    struct flp_error *e)
{
	struct line l = { .t = t, .say = { t->out, e, 0 } };

	if (t->top > 0)
		sort(t, r);
	if (t->json)
		flp_predictions_json(t, r, &l.say);
	else if (t->top > 0)
		put_top(&l, r);
	else
		put_row(&l, r);
	return l.say.status;
}
