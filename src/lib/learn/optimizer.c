#include "learn/optimizer.h"
#include "base/memory.h"
#include "base/simd.h"
#include "kernel/vector.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *
flp_optimizer_name(unsigned kind)
{
	static const char *const names[] = { "sgd", "adam", "adamw" };

	return kind < sizeof names / sizeof *names ? names[kind] : NULL;
}

int
flp_optimizer_check(const struct flp_optimizer_options *o, struct flp_error *e)
{
	if (o->momentum > 0 && o->kind != FLP_OPTIMIZER_SGD)
		return flp_error_usage(e, "momentum: only sgd has it, not %s",
		    flp_optimizer_name(o->kind));
	if (o->nesterov && !(o->momentum > 0))
		return flp_error_usage(e, "nesterov: expected momentum above 0, found 0");
	return 0;
}

int
flp_optimizer_plain(const struct flp_optimizer_options *o)
{
	return o->kind == FLP_OPTIMIZER_SGD && o->momentum == 0 && o->decay == 0 && o->clip == 0;
}

int
flp_optimizer_init(struct flp_optimizer *o, const struct flp_optimizer_options *options,
    size_t n, struct flp_error *e)
{
	memset(o, 0, sizeof *o);
	o->options = *options;
	o->n = n;
	if ((options->kind != FLP_OPTIMIZER_SGD || options->momentum > 0) &&
	    (o->first = flp_memory_new(n, sizeof *o->first, e)) == NULL)
		return -1;
	if (options->kind != FLP_OPTIMIZER_SGD &&
	    (o->second = flp_memory_new(n, sizeof *o->second, e)) == NULL) {
		flp_optimizer_free(o);
		return -1;
	}
	o->power1 = o->power2 = 1;
	return 0;
}

void
flp_optimizer_reset(struct flp_optimizer *o)
{
	if (o->first != NULL)
		memset(o->first, 0, o->n * sizeof *o->first);
	if (o->second != NULL)
		memset(o->second, 0, o->n * sizeof *o->second);
	o->power1 = o->power2 = 1;
}

void
flp_optimizer_free(struct flp_optimizer *o)
{
	free(o->first);
	free(o->second);
	o->first = o->second = NULL;
}

FLP_SIMD static void
descend(size_t n, float rate, float decay, float *restrict w, const float *restrict g)
{
	for (size_t i = 0; i < n; i++)
		w[i] -= rate * (g[i] + decay * w[i]);
}

FLP_SIMD static void
descend_momentum(size_t n, float rate, float decay, float momentum, int nesterov,
    float *restrict w, const float *restrict g, float *restrict v)
{
	for (size_t i = 0; i < n; i++) {
		float d = g[i] + decay * w[i];

		v[i] = momentum * v[i] + d;
		w[i] -= rate * (nesterov ? d + momentum * v[i] : v[i]);
	}
}

struct adam {
	float keep;  /* of the weight, by decoupled decay */
	float decay; /* added to the gradient */
	float beta1, other1, beta2, other2;
	float rate, root, epsilon; /* corrected for the bias of both moments */
};

FLP_SIMD static void
descend_adam(size_t n, struct adam a, float *restrict w, const float *restrict g,
    float *restrict m, float *restrict v)
{
	for (size_t i = 0; i < n; i++) {
		float d, kept = a.keep * w[i];

		d = g[i] + a.decay * kept;
		m[i] = a.beta1 * m[i] + a.other1 * d;
		v[i] = a.beta2 * v[i] + a.other2 * (d * d);
		w[i] = kept - a.rate * m[i] / (sqrtf(v[i]) / a.root + a.epsilon);
	}
}

static struct adam
moments(struct flp_optimizer *o, double rate)
{
	const struct flp_optimizer_options *p = &o->options;
	int decoupled = p->kind == FLP_OPTIMIZER_ADAMW;

	o->power1 *= p->beta1;
	o->power2 *= p->beta2;
	return (struct adam){
		.keep = (float)(decoupled ? 1 - rate * p->decay : 1),
		.decay = (float)(decoupled ? 0 : p->decay),
		.beta1 = (float)p->beta1, .other1 = (float)(1 - p->beta1),
		.beta2 = (float)p->beta2, .other2 = (float)(1 - p->beta2),
		.rate = (float)(rate / (1 - o->power1)),
		.root = (float)sqrt(1 - o->power2), .epsilon = (float)p->epsilon,
	};
}

void
flp_optimizer_step(struct flp_optimizer *o, double rate, float *params, float *grad)
{
	const struct flp_optimizer_options *p = &o->options;

	if (p->clip > 0) {
		double norm = sqrt(flp_vector_squares(grad, o->n));
		double factor = p->clip / (norm + 1e-6);

		if (factor < 1)
			flp_vector_scale(grad, o->n, (float)factor);
	}
	if (p->kind != FLP_OPTIMIZER_SGD)
		descend_adam(o->n, moments(o, rate), params, grad, o->first, o->second);
	else if (p->momentum > 0)
		descend_momentum(o->n, (float)rate, (float)p->decay, (float)p->momentum,
		    p->nesterov, params, grad, o->first);
	else
		descend(o->n, (float)rate, (float)p->decay, params, grad);
}
