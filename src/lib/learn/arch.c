#include "learn/arch.h"
#include "base/choice.h"
#include "base/number.h"
#include "learn/activation.h"

#include <stdio.h>
#include <string.h>

#define SPACE " \t\r\n"
#define SHOWN 40 /* bytes of a wrong word in a message */

const char *
flp_layer_name(unsigned kind)
{
	const struct flp_activation *activation = flp_activation_of(kind);

	if (kind == FLP_LAYER_DENSE)
		return "dense";
	return activation != NULL ? activation->name : NULL;
}

/* Returns the next word of *text and its length in *n, and sets *text to what comes after it. */
static const char *
word(const char **text, size_t *n)
{
	const char *s = *text + strspn(*text, SPACE);

	*n = strcspn(s, SPACE);
	*text = s + *n;
	return s;
}

static int
wrong(const char *what, const char *s, size_t n, struct flp_error *e)
{
	if (n == 0)
		return flp_error_bad(e, "expected %s, found the end", what);
	return flp_error_bad(e, "expected %s, found \"%.*s\"", what,
	    n < SHOWN ? (int)n : SHOWN, s);
}

static int
parse_layer(struct flp_layer *l, const char **text, struct flp_error *e)
{
	char words[FLP_CHOICE_TEXT];
	const char *s;
	uint64_t width;
	size_t n;
	int kind;

	s = word(text, &n);
	if ((kind = flp_choice_find(flp_layer_name, s, n)) < 0)
		return wrong(flp_choice_list(words, flp_layer_name, 0, ", ", " or "), s, n, e);
	l->kind = (enum flp_layer_kind)kind;
	l->out = l->in;
	if (l->kind != FLP_LAYER_DENSE)
		return 0;
	s = word(text, &n);
	if (flp_number_u64(s, n, &width) < 0 || width < 1 || width > FLP_ARCH_WIDTH) {
		wrong("a width of 1 to 16777216", s, n, e);
		return flp_error_at(e, "dense");
	}
	l->out = (size_t)width;
	return 0;
}

/* The layer's parameters come after those of the layers before it. */
static int
place(struct flp_arch *a, struct flp_layer *l, struct flp_error *e)
{
	size_t weights;

	l->weight = a->parameters;
	if (__builtin_mul_overflow(l->in, l->out, &weights) ||
	    __builtin_add_overflow(l->weight, weights, &l->bias) ||
	    __builtin_add_overflow(l->bias, l->out, &a->parameters) ||
	    a->parameters > PTRDIFF_MAX / sizeof(float))
		return flp_error_bad(e, "too many parameters");
	a->tensors += 2;
	return 0;
}

int
flp_arch_parse(struct flp_arch *a, const char *text, uint64_t inputs, struct flp_error *e)
{
	memset(a, 0, sizeof *a);
	if (inputs < 1 || inputs > FLP_ARCH_WIDTH)
		return flp_error_bad(e, "inputs: expected 1 to 16777216, found %llu",
		    (unsigned long long)inputs);
	a->inputs = a->outputs = (size_t)inputs;
	do {
		struct flp_layer *l = &a->layer[a->layers];

		if (a->layers == FLP_ARCH_LAYERS)
			return flp_error_bad(e, "more than %d layers", FLP_ARCH_LAYERS);
		a->layers++;
		l->in = a->outputs;
		if (parse_layer(l, &text, e) < 0 ||
		    (l->kind == FLP_LAYER_DENSE && place(a, l, e) < 0))
			return flp_error_at(e, "layer %zu", a->layers);
		a->outputs = l->out;
	} while (text[strspn(text, SPACE)] != '\0');
	if (a->layer[a->layers - 1].kind != FLP_LAYER_DENSE)
		return flp_error_bad(e, "last layer: expected dense, found \"%s\"",
		    flp_layer_name(a->layer[a->layers - 1].kind));
	return 0;
}

int
flp_arch_check(const struct flp_arch *a, struct flp_error *e)
{
	for (size_t i = 0; i < a->layers; i++)
		if (flp_layer_name(a->layer[i].kind) == NULL)
			return flp_error_misuse(e, "layer %zu: kind %u: nothing computes it", i + 1,
			    (unsigned)a->layer[i].kind);
	return 0;
}

void
flp_arch_print(const struct flp_arch *a, char out[FLP_ARCH_TEXT])
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < a->layers; i++) {
		const struct flp_layer *l = &a->layer[i];

		used += (size_t)snprintf(out + used, FLP_ARCH_TEXT - used, "%s%s",
		    i > 0 ? " " : "", flp_layer_name(l->kind));
		if (l->kind == FLP_LAYER_DENSE)
			used += (size_t)snprintf(out + used, FLP_ARCH_TEXT - used,
			    " %zu", l->out);
	}
}

void
flp_arch_tensor(const struct flp_arch *a, size_t index, struct flp_arch_tensor *t)
{
	const struct flp_layer *l = a->layer;
	int bias = index % 2 == 1;

	for (size_t dense = index / 2; l->kind != FLP_LAYER_DENSE || dense > 0; l++)
		dense -= l->kind == FLP_LAYER_DENSE;
	snprintf(t->name, sizeof t->name, "%zu.%s", (size_t)(l - a->layer),
	    bias ? "bias" : "weight");
	t->rank = bias ? 1 : 2;
	t->dims[0] = l->out;
	t->dims[1] = bias ? 1 : l->in;
	t->offset = bias ? l->bias : l->weight;
	t->count = bias ? l->out : l->out * l->in;
}
