#include "learn/activation.h"
#include "base/simd.h"
#include "learn/arch.h"

#include <math.h>

#define SQRT_HALF 0.70710678118654752440f
#define SQRT_HALF_PI_INVERSE 0.39894228040143267794f /* 1 / sqrt(2 pi) */

FLP_SIMD static void
relu(const float *restrict x, float *restrict y, size_t n)
{
	for (size_t i = 0; i < n; i++)
		y[i] = x[i] < 0 ? 0 : x[i];
}

FLP_SIMD static void
relu_backward(const float *restrict x, const float *restrict y, float *restrict delta, size_t n)
{
	(void)x;
	for (size_t i = 0; i < n; i++)
		delta[i] = y[i] > 0 ? delta[i] : 0;
}

static void
hyperbolic(const float *x, float *y, size_t n)
{
	for (size_t i = 0; i < n; i++)
		y[i] = tanhf(x[i]);
}

static void
hyperbolic_backward(const float *x, const float *y, float *delta, size_t n)
{
	(void)x;
	for (size_t i = 0; i < n; i++)
		delta[i] *= 1 - y[i] * y[i];
}

static float
normal(float x)
{
	return 0.5f * (1 + erff(x * SQRT_HALF));
}

static void
gelu(const float *x, float *y, size_t n)
{
	for (size_t i = 0; i < n; i++)
		y[i] = x[i] * normal(x[i]);
}

static void
gelu_backward(const float *x, const float *y, float *delta, size_t n)
{
	(void)y;
	for (size_t i = 0; i < n; i++)
		delta[i] *= normal(x[i]) + x[i] * SQRT_HALF_PI_INVERSE * expf(-0.5f * x[i] * x[i]);
}

static void
sigmoid(const float *x, float *y, size_t n)
{
	for (size_t i = 0; i < n; i++)
		y[i] = 1 / (1 + expf(-x[i]));
}

static void
sigmoid_backward(const float *x, const float *y, float *delta, size_t n)
{
	(void)x;
	for (size_t i = 0; i < n; i++)
		delta[i] *= y[i] * (1 - y[i]);
}

static const struct flp_activation activations[] = {
	[FLP_LAYER_RELU] = { "relu", relu, relu_backward },
	[FLP_LAYER_TANH] = { "tanh", hyperbolic, hyperbolic_backward },
	[FLP_LAYER_GELU] = { "gelu", gelu, gelu_backward },
	[FLP_LAYER_SIGMOID] = { "sigmoid", sigmoid, sigmoid_backward },
};

const struct flp_activation *
flp_activation_of(unsigned kind)
{
	if (kind >= sizeof activations / sizeof *activations || activations[kind].name == NULL)
		return NULL;
	return &activations[kind];
}
