/* Gradients of every layer and loss, in both layouts, against central
 * differences of a plain network in f64, written here a second time. */
#include "kernel/random.h"
#include "learn/activation.h"
#include "learn/init.h"
#include "learn/loss.h"
#include "learn/network.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WIDEST 64

static double
activate(enum flp_layer_kind kind, double x)
{
	switch (kind) {
	case FLP_LAYER_RELU:
		return x > 0 ? x : 0;
	case FLP_LAYER_TANH:
		return tanh(x);
	case FLP_LAYER_GELU:
		return x * 0.5 * erfc(-x / sqrt(2));
	case FLP_LAYER_SIGMOID:
		return 1 / (1 + exp(-x));
	case FLP_LAYER_DENSE:
		break;
	}
	CHECK(0, "kind %d has no twin here", kind);
	return NAN;
}

static void
forward(const struct flp_arch *a, const double *w, const float *x, double *y)
{
	double in[WIDEST];

	for (size_t i = 0; i < a->inputs; i++)
		y[i] = x[i];
	for (const struct flp_layer *l = a->layer; l < a->layer + a->layers; l++) {
		memcpy(in, y, l->in * sizeof *in);
		for (size_t o = 0; o < l->out; o++) {
			y[o] = l->kind == FLP_LAYER_DENSE ? w[l->bias + o] :
			    activate(l->kind, in[o]);
			for (size_t i = 0; l->kind == FLP_LAYER_DENSE && i < l->in; i++)
				y[o] += w[l->weight + o * l->in + i] * in[i];
		}
	}
}

/* The mean loss by the textbook's formulas. */
static double
mean_loss(const struct flp_arch *a, const double *w, enum flp_loss loss, const float *x,
    struct flp_truth truth, size_t b)
{
	double y[WIDEST], total = 0;

	for (size_t r = 0; r < b; r++) {
		double sum = 0;

		forward(a, w, x + r * a->inputs, y);
		for (size_t o = 0; o < a->outputs; o++)
			if (loss == FLP_LOSS_MSE)
				sum += pow(y[o] - truth.target[r], 2);
			else
				sum += exp(y[o]);
		if (loss == FLP_LOSS_BINARY)
			sum = -log(truth.label[r] ? sum / (1 + sum) : 1 / (1 + sum));
		if (loss == FLP_LOSS_SOFTMAX)
			sum = log(sum) - y[truth.label[r]];
		total += sum;
	}
	return total / (double)b;
}

struct problem {
	struct flp_arch arch;
	float *x, *w, *target;
	double *w64;
	uint32_t *label;
	struct flp_truth truth;
};

static void
make(struct problem *p, const char *text, size_t inputs, enum flp_loss loss, size_t b)
{
	struct flp_random r;
	struct flp_error e;
	size_t k;

	CHECK(flp_arch_parse(&p->arch, text, inputs, &e) == 0, "%s", e.text);
	k = p->arch.outputs;
	p->x = malloc(b * inputs * sizeof *p->x);
	p->target = malloc(b * sizeof *p->target);
	p->label = malloc(b * sizeof *p->label);
	p->w = malloc(p->arch.parameters * sizeof *p->w);
	p->w64 = malloc(p->arch.parameters * sizeof *p->w64);
	flp_random_init(&r, 5, 0, 0, FLP_PURPOSE_TEST);
	for (size_t i = 0; i < b * inputs; i++)
		p->x[i] = (float)(4 * flp_random_unit(&r) - 2);
	for (size_t i = 0; i < b; i++)
		p->target[i] = (float)(4 * flp_random_unit(&r) - 2);
	for (size_t i = 0; i < b; i++)
		p->label[i] = (uint32_t)flp_random_below(&r, loss == FLP_LOSS_BINARY ? 2 : k);
	flp_init_uniform(&p->arch, 3, p->w);
	for (size_t i = 0; i < p->arch.parameters; i++)
		p->w64[i] = p->w[i] *= 2;
	p->truth = (struct flp_truth){ p->label, p->target };
}

static void
drop(struct problem *p)
{
	free(p->x);
	free(p->target);
	free(p->label);
	free(p->w);
	free(p->w64);
}

/* grad = the network's gradient; returns the mean loss. */
static double
gradient(struct problem *p, enum flp_layout layout, enum flp_loss loss, size_t b, float *grad)
{
	size_t n = p->arch.parameters;
	float *w = malloc(n * sizeof *w), *g = malloc(n * sizeof *g);
	struct flp_network *net;
	struct flp_error e;
	const float *y;
	double sum;

	net = flp_network_new(&p->arch, layout, &e);
	CHECK(net != NULL && flp_network_reserve(net, b, &e) == 0, "%s", e.text);
	flp_network_pack(net, p->w, w);
	memcpy(flp_network_input(net), p->x, b * p->arch.inputs * sizeof *p->x);
	y = flp_network_forward(net, w, b);
	sum = flp_loss_sum(loss, y, p->truth, b, p->arch.outputs, (double)b,
	    flp_network_delta(net));
	for (size_t i = 0; i < n; i++)
		g[i] = NAN;
	flp_network_backward(net, w, b, 1, 0, g);
	flp_network_unpack(net, g, grad);
	flp_network_free(net);
	free(w);
	free(g);
	return sum / (double)b;
}

static void
compare(const char *text, size_t inputs, enum flp_loss loss, size_t b)
{
	struct problem p;
	float *grad[2];
	double value, scale = 0, worst = 0, apart = 0;

	make(&p, text, inputs, loss, b);
	for (int i = 0; i < 2; i++)
		grad[i] = malloc(p.arch.parameters * sizeof **grad);
	value = gradient(&p, FLP_LAYOUT_ARCH, loss, b, grad[0]);
	gradient(&p, FLP_LAYOUT_TRAIN, loss, b, grad[1]);
	CHECK(fabs(value - mean_loss(&p.arch, p.w64, loss, p.x, p.truth, b)) < 1e-6 * (1 + value),
	    "%s: loss %g", text, value);
	for (size_t i = 0; i < p.arch.parameters; i++) {
		double h = 1e-6, keep = p.w64[i], above, below, g;

		p.w64[i] = keep + h;
		above = mean_loss(&p.arch, p.w64, loss, p.x, p.truth, b);
		p.w64[i] = keep - h;
		below = mean_loss(&p.arch, p.w64, loss, p.x, p.truth, b);
		p.w64[i] = keep;
		g = (above - below) / (2 * h);
		scale = fmax(scale, fabs(g));
		worst = fmax(worst, fabs(grad[0][i] - g));
		apart = fmax(apart, fabs(grad[1][i] - g));
	}
	CHECK(scale > 1e-3 && worst < 2e-6 * scale, "%s, loss %s, %zu rows: %g of %g", text,
	    flp_loss_name(loss), b, worst, scale);
	CHECK(apart < 2e-6 * scale, "%s packed: %g of %g", text, apart, scale);
	for (int i = 0; i < 2; i++)
		free(grad[i]);
	drop(&p);
}

static void
networks(void)
{
	static const char *const hidden[] = { "", "dense 7 relu", "dense 7 tanh", "dense 7 gelu",
		"dense 7 sigmoid", "relu dense 4 dense 3 tanh sigmoid",
		"dense 40 gelu dense 33 relu dense 5 tanh" };
	char text[100];

	for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
		for (size_t b = 1; b <= 11; b += 5) {
			snprintf(text, sizeof text, "%s dense 3", hidden[i]);
			compare(text, 5, FLP_LOSS_SOFTMAX, b);
			snprintf(text, sizeof text, "%s dense 1", hidden[i]);
			compare(text, 20, FLP_LOSS_MSE, b);
			compare(text, 20, FLP_LOSS_BINARY, b);
		}
}

/* Where a naive formula overflows or gives log(0). */
static void
extremes(void)
{
	float z[3] = { 1e4f, 0, -1e4f }, g[3];
	uint32_t label[3] = { 0, 1, 2 };
	struct flp_truth truth = { label, NULL };
	double p[3], sum;

	sum = flp_loss_sum(FLP_LOSS_SOFTMAX, z, truth, 1, 3, 1, g);
	CHECK(sum == 0 && g[0] == 0 && g[1] == 0 && g[2] == 0, "%g", sum);
	label[0] = 2;
	sum = flp_loss_sum(FLP_LOSS_SOFTMAX, z, truth, 1, 3, 2, g);
	CHECK(sum == 2e4 && g[0] == 0.5f && g[1] == 0 && g[2] == -0.5f, "%g", sum);
	label[0] = 0;
	label[2] = 1;
	sum = flp_loss_sum(FLP_LOSS_BINARY, z, truth, 3, 1, 1, g);
	CHECK(fabs(sum - 2e4 - log(2)) < 1e-9, "%g", sum);
	CHECK(g[0] == 1 && g[1] == -0.5f && g[2] == -1, "%g %g %g", g[0], g[1], g[2]);
	flp_loss_probability(FLP_LOSS_BINARY, z, 1, p);
	CHECK(p[0] == 0 && p[1] == 1, "%g %g", p[0], p[1]);
	flp_loss_probability(FLP_LOSS_SOFTMAX, z, 3, p);
	CHECK(p[0] == 1 && p[1] == 0 && p[2] == 0, "%g %g %g", p[0], p[1], p[2]);
	z[0] = NAN;
	label[0] = 1;
	CHECK(isnan(flp_loss_sum(FLP_LOSS_BINARY, z, truth, 1, 1, 1, g)), "NaN is lost");
	CHECK(isnan(flp_loss_sum(FLP_LOSS_SOFTMAX, z, truth, 1, 3, 1, g)), "NaN is lost");
}

/* A layer that nothing computes is refused, and not computed as another. */
static void
unknown_layers(void)
{
	unsigned last = FLP_LAYER_DENSE, kinds[] = { 0, 99, ~0u };
	struct flp_network *net;
	struct flp_arch a;
	struct flp_error e;

	CHECK(flp_activation_of(FLP_LAYER_DENSE) == NULL, "dense");
	CHECK(strcmp(flp_layer_name(FLP_LAYER_DENSE), "dense") == 0, "dense");
	while (flp_layer_name(last + 1) != NULL) {
		const struct flp_activation *f = flp_activation_of(++last);

		CHECK(f != NULL && f->forward != NULL && f->backward != NULL &&
		    strcmp(f->name, flp_layer_name(last)) == 0, "kind %u", last);
	}
	CHECK(last >= FLP_LAYER_SIGMOID, "kind %u", last);
	kinds[0] = last + 1;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		char expected[80];

		CHECK(flp_activation_of(kinds[i]) == NULL, "kind %u", kinds[i]);
		CHECK(flp_layer_name(kinds[i]) == NULL, "kind %u", kinds[i]);
		CHECK(flp_arch_parse(&a, "dense 3 sigmoid dense 2", 4, &e) == 0, "%s", e.text);
		a.layer[1].kind = (enum flp_layer_kind)kinds[i];
		e = (struct flp_error){ .text = "" };
		net = flp_network_new(&a, FLP_LAYOUT_ARCH, &e);
		snprintf(expected, sizeof expected, "a program error: layer 2: kind %u: nothing computes it", kinds[i]);
		CHECK(net == NULL && e.code == FLP_ERROR_SYSTEM && strcmp(e.text, expected) == 0, "%s",
		    e.text);
		flp_network_free(net);
	}
}

static void
names(void)
{
	enum flp_loss loss;
	struct flp_error e;

	for (int i = FLP_LOSS_MSE; i <= FLP_LOSS_SOFTMAX; i++)
		CHECK(flp_loss_find(flp_loss_name((unsigned)i), &loss, &e) == 0 &&
		    loss == (enum flp_loss)i, "%d", i);
	CHECK(flp_loss_find("", &loss, &e) < 0 && e.code == FLP_ERROR_USAGE, "no loss");
	CHECK(flp_loss_find("auto", &loss, &e) < 0 && strcmp(e.text,
	    "loss: expected mse, binary or softmax, found \"auto\"") == 0, "%s", e.text);
}

int
main(void)
{
	networks();
	extremes();
	unknown_layers();
	names();
	return unit_done();
}
