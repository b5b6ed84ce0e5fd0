/* Optimizers against torch's formulas written plainly in f64, and the step
 * that is fused into the gradient's product against the one that is not. */
#include "kernel/random.h"
#include "learn/init.h"
#include "learn/network.h"
#include "learn/optimizer.h"
#include "learn/train.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = { "", "sgd", "adam", "adamw" };

#define N 1003
#define STEPS 20

static struct flp_optimizer_options
of(enum flp_optimizer_kind kind)
{
	return (struct flp_optimizer_options){ .kind = kind, .beta1 = 0.9, .beta2 = 0.999,
		.epsilon = 1e-8 };
}

struct plain {
	double w[N], first[N], second[N];
};

static void
clip(const struct flp_optimizer_options *o, double *g)
{
	double norm = 0;

	for (size_t i = 0; i < N; i++)
		norm += g[i] * g[i];
	norm = sqrt(norm);
	for (size_t i = 0; i < N && o->clip > 0; i++)
		g[i] *= fmin(1, o->clip / (norm + 1e-6));
}

/* Step t = 1, 2, ... as torch's documentation has it. */
static void
plain_step(struct plain *p, const struct flp_optimizer_options *o, int t, double rate, double *g)
{
	clip(o, g);
	for (size_t i = 0; i < N; i++) {
		double d = g[i], *w = &p->w[i], *m = &p->first[i], *v = &p->second[i];

		if (o->kind == FLP_OPTIMIZER_ADAMW)
			*w -= rate * o->decay * *w;
		else
			d += o->decay * *w;
		if (o->kind == FLP_OPTIMIZER_SGD) {
			*m = t == 1 ? d : o->momentum * *m + d;
			d = o->momentum == 0 ? d : o->nesterov ? d + o->momentum * *m : *m;
			*w -= rate * d;
			continue;
		}
		*m = o->beta1 * *m + (1 - o->beta1) * d;
		*v = o->beta2 * *v + (1 - o->beta2) * d * d;
		*w -= rate * (*m / (1 - pow(o->beta1, t))) /
		    (sqrt(*v / (1 - pow(o->beta2, t))) + o->epsilon);
	}
}

static void
against_plain(struct flp_optimizer_options options, double rate)
{
	static struct plain p;
	struct flp_optimizer o;
	struct flp_random r;
	struct flp_error e;
	float w[N], g[N];
	double d[N];

	CHECK(flp_optimizer_check(&options, &e) == 0, "%s", e.text);
	CHECK(flp_optimizer_init(&o, &options, N, &e) == 0, "%s", e.text);
	for (int again = 0; again < 2; again++) {
		double worst = 0;

		flp_random_init(&r, 1, 0, 0, FLP_PURPOSE_TEST);
		memset(&p, 0, sizeof p);
		for (size_t i = 0; i < N; i++)
			p.w[i] = w[i] = (float)(2 * flp_random_unit(&r) - 1);
		for (int t = 1; t <= STEPS; t++) {
			for (size_t i = 0; i < N; i++)
				d[i] = g[i] = (float)(2 * flp_random_unit(&r) - 1 + 0.1 * w[i]);
			plain_step(&p, &options, t, rate, d);
			flp_optimizer_step(&o, rate, w, g);
		}
		for (size_t i = 0; i < N; i++)
			worst = fmax(worst, fabs(w[i] - p.w[i]));
		CHECK(worst < 1e-5, "%s momentum %g decay %g clip %g: %g",
		    names[options.kind], options.momentum, options.decay,
		    options.clip, worst);
		flp_optimizer_reset(&o);
	}
	flp_optimizer_free(&o);
}

static void
all_against_plain(void)
{
	for (int kind = FLP_OPTIMIZER_SGD; kind <= FLP_OPTIMIZER_ADAMW; kind++)
		for (int i = 0; i < 12; i++) {
			struct flp_optimizer_options o = of((enum flp_optimizer_kind)kind);

			o.momentum = kind == FLP_OPTIMIZER_SGD && i % 3 > 0 ? 0.9 : 0;
			o.nesterov = kind == FLP_OPTIMIZER_SGD && i % 3 == 2;
			o.decay = i / 3 % 2 * 0.1;
			o.clip = i / 6 * 3;
			against_plain(o, kind == FLP_OPTIMIZER_SGD ? 0.1 : 0.01);
		}
}

static void
refused(struct flp_optimizer_options o, const char *message)
{
	struct flp_error e = { 0 };

	CHECK(flp_optimizer_check(&o, &e) < 0 && e.code == FLP_ERROR_USAGE, "taken: %s", message);
	CHECK(strcmp(e.text, message) == 0, "%s", e.text);
}

static void
options(void)
{
	struct flp_optimizer_options o = of(FLP_OPTIMIZER_SGD);

	CHECK(flp_optimizer_plain(&o), "sgd by itself is plain");
	o.nesterov = 1;
	refused(o, "nesterov: expected momentum above 0, found 0");
	o.momentum = 0.5;
	CHECK(!flp_optimizer_plain(&o), "momentum is not plain");
	o.kind = FLP_OPTIMIZER_ADAM;
	refused(o, "momentum: only sgd has it, not adam");
	o.kind = FLP_OPTIMIZER_ADAMW;
	refused(o, "momentum: only sgd has it, not adamw");
}

/* One batch, stepped both ways from the same parameters. */
static void
fused(const char *text, size_t b, enum flp_layout layout)
{
	struct flp_optimizer_options plain = of(FLP_OPTIMIZER_SGD);
	struct flp_optimizer o;
	struct flp_network *net;
	struct flp_arch a;
	struct flp_error e;
	struct flp_random r;
	float *w[2], *g;
	double worst = 0;

	CHECK(flp_arch_parse(&a, text, 50, &e) == 0, "%s", e.text);
	net = flp_network_new(&a, layout, &e);
	CHECK(net != NULL && flp_network_reserve(net, b, &e) == 0, "%s", e.text);
	CHECK(flp_optimizer_init(&o, &plain, a.parameters, &e) == 0, "%s", e.text);
	g = malloc(a.parameters * sizeof *g);
	for (int way = 0; way < 2; way++) {
		w[way] = malloc(a.parameters * sizeof *g);
		flp_init_uniform(&a, 1, w[way]);
		flp_random_init(&r, 1, 0, 0, FLP_PURPOSE_TEST);
		for (size_t i = 0; i < b * 50; i++)
			flp_network_input(net)[i] = (float)(2 * flp_random_unit(&r) - 1);
		flp_network_forward(net, w[way], b);
		for (size_t i = 0; i < b * a.outputs; i++)
			flp_network_delta(net)[i] = (float)(2 * flp_random_unit(&r) - 1);
		if (way == 0)
			flp_network_backward(net, w[0], b, -0.1f, 1, w[0]);
		else
			flp_network_backward(net, w[1], b, 1, 0, g);
	}
	flp_optimizer_step(&o, 0.1, w[1], g);
	for (size_t i = 0; i < a.parameters; i++)
		worst = fmax(worst, fabs(w[0][i] - w[1][i]));
	CHECK(worst < 2e-6, "%s, %zu rows: %g", text, b, worst);
	flp_optimizer_free(&o);
	flp_network_free(net);
	free(w[0]);
	free(w[1]);
	free(g);
}

int
main(void)
{
	all_against_plain();
	options();
	for (size_t b = 1; b < 40; b += 9)
		for (int layout = 0; layout < 2; layout++) {
			fused("dense 3", b, (enum flp_layout)layout);
			fused("dense 60 relu dense 40 tanh dense 7", b, (enum flp_layout)layout);
		}
	return unit_done();
}
