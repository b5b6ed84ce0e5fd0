#include "learn/network.h"
#include "base/memory.h"
#include "kernel/gemm.h"
#include "kernel/vector.h"
#include "learn/activation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PACK_FROM 32 /* outputs from which [in,out] is the quicker layout */

/* value[0] is the input, value[i + 1] what layer i made of value[i]. */
struct flp_network {
	const struct flp_arch *arch;
	size_t room;    /* rows */
	size_t widest;  /* values a row, of any layer's output */
	size_t first;   /* the first dense layer: nothing before it learns */
	int packed;     /* 1: its weight is [in,out] */
	float *value[FLP_ARCH_LAYERS + 1];
	float *delta, *other; /* [room, widest]: gradients with respect to a layer's output */
};

struct flp_network *
flp_network_new(const struct flp_arch *arch, enum flp_layout layout, struct flp_error *e)
{
	struct flp_network *net;

	if (flp_arch_check(arch, e) < 0 || flp_gemm_start(e) < 0 ||
	    (net = flp_memory_new(1, sizeof *net, e)) == NULL)
		return NULL;
	net->arch = arch;
	while (arch->layer[net->first].kind != FLP_LAYER_DENSE)
		net->first++;
	net->packed = layout == FLP_LAYOUT_TRAIN && arch->layer[net->first].out >= PACK_FROM;
	for (size_t i = 0; i < arch->layers; i++)
		if (arch->layer[i].out > net->widest)
			net->widest = arch->layer[i].out;
	return net;
}

static void
empty(struct flp_network *net)
{
	for (size_t i = 0; i <= FLP_ARCH_LAYERS; i++) {
		free(net->value[i]);
		net->value[i] = NULL;
	}
	free(net->delta);
	free(net->other);
	net->delta = net->other = NULL;
	net->room = 0;
}

void
flp_network_free(struct flp_network *net)
{
	if (net != NULL)
		empty(net);
	free(net);
}

const struct flp_arch *
flp_network_arch(const struct flp_network *net)
{
	return net->arch;
}

int
flp_network_packed(const struct flp_network *net)
{
	return net->packed;
}

void
flp_network_pack(const struct flp_network *net, const float *params, float *packed)
{
	const struct flp_layer *l = &net->arch->layer[net->first];

	memcpy(packed, params, net->arch->parameters * sizeof *packed);
	if (net->packed)
		flp_vector_transpose(l->out, l->in, params + l->weight, packed + l->weight);
}

void
flp_network_unpack(const struct flp_network *net, const float *packed, float *params)
{
	const struct flp_layer *l = &net->arch->layer[net->first];

	memcpy(params, packed, net->arch->parameters * sizeof *packed);
	if (net->packed)
		flp_vector_transpose(l->in, l->out, packed + l->weight, params + l->weight);
}

int
flp_network_reserve(struct flp_network *net, size_t b, struct flp_error *e)
{
	const struct flp_arch *a = net->arch;

	if (b <= net->room)
		return 0;
	empty(net);
	/* A width is at most 2^24, and the size of an array is checked. */
	if (b > PTRDIFF_MAX / FLP_ARCH_WIDTH / sizeof(float))
		return flp_error_system(e, ENOMEM, "batch of %zu rows", b);
	for (size_t i = 0; i <= a->layers; i++) {
		size_t width = i == 0 ? a->inputs : a->layer[i - 1].out;

		if ((net->value[i] = flp_memory_new(b * width, sizeof(float), e)) == NULL)
			goto fail;
	}
	if ((net->delta = flp_memory_new(b * net->widest, sizeof(float), e)) == NULL ||
	    (net->other = flp_memory_new(b * net->widest, sizeof(float), e)) == NULL)
		goto fail;
	net->room = b;
	return 0;
fail:
	empty(net);
	return -1;
}

float *
flp_network_input(struct flp_network *net)
{
	return net->value[0];
}

float *
flp_network_delta(struct flp_network *net)
{
	return net->delta;
}

const float *
flp_network_forward(struct flp_network *net, const float *params, size_t b)
{
	const struct flp_arch *a = net->arch;

	for (size_t i = 0; i < a->layers; i++) {
		const struct flp_layer *l = &a->layer[i];
		const float *x = net->value[i];
		float *y = net->value[i + 1];

		if (l->kind != FLP_LAYER_DENSE) {
			flp_activation_of(l->kind)->forward(x, y, b * l->out);
			continue;
		}
		for (size_t row = 0; row < b; row++)
			memcpy(y + row * l->out, params + l->bias, l->out * sizeof *y);
		if (net->packed && i == net->first)
			flp_gemm_nn(b, l->out, l->in, 1, x, params + l->weight, 1, y);
		else
			flp_gemm_nt(b, l->out, l->in, 1, x, params + l->weight, 1, y);
	}
	return net->value[a->layers];
}

void
flp_network_backward(struct flp_network *net, const float *params, size_t b,
    float alpha, float beta, float *to)
{
	const struct flp_arch *a = net->arch;

	for (size_t i = a->layers; i-- > net->first;) {
		const struct flp_layer *l = &a->layer[i];
		float *delta = net->delta;

		if (l->kind != FLP_LAYER_DENSE) {
			flp_activation_of(l->kind)->backward(net->value[i], net->value[i + 1],
			    delta, b * l->out);
			continue;
		}
		/* This comes before the weights change, if `to` is the parameters. */
		if (i > net->first)
			flp_gemm_nn(b, l->in, l->out, 1, delta, params + l->weight, 0,
			    net->other);
		if (net->packed && i == net->first)
			flp_gemm_tn(l->in, l->out, b, alpha, net->value[i], delta, beta,
			    to + l->weight);
		else
			flp_gemm_tn(l->out, l->in, b, alpha, delta, net->value[i], beta,
			    to + l->weight);
		flp_vector_columns(b, l->out, alpha, delta, beta, to + l->bias);
		net->delta = net->other;
		net->other = delta;
	}
}
