#include "learn/activation.h"
#include "base/simd.h"

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
relu_backward(const float *restrict y, float *restrict delta, size_t n)
{
	for (size_t i = 0; i < n; i++)
		delta[i] = y[i] > 0 ? delta[i] : 0;
}

static float
normal(float x)
{
	return 0.5f * (1 + erff(x * SQRT_HALF));
}

void
flp_activation_forward(enum flp_layer_kind kind, const float *x, float *y, size_t n)
{
	if (kind == FLP_LAYER_RELU)
		relu(x, y, n);
	else if (kind == FLP_LAYER_TANH)
		for (size_t i = 0; i < n; i++)
			y[i] = tanhf(x[i]);
	else if (kind == FLP_LAYER_GELU)
		for (size_t i = 0; i < n; i++)
			y[i] = x[i] * normal(x[i]);
	else
		for (size_t i = 0; i < n; i++)
			y[i] = 1 / (1 + expf(-x[i]));
}

void
flp_activation_backward(enum flp_layer_kind kind, const float *x, const float *y,
    float *delta, size_t n)
{
	if (kind == FLP_LAYER_RELU)
		relu_backward(y, delta, n);
	else if (kind == FLP_LAYER_TANH)
		for (size_t i = 0; i < n; i++)
			delta[i] *= 1 - y[i] * y[i];
	else if (kind == FLP_LAYER_GELU)
		for (size_t i = 0; i < n; i++)
			delta[i] *= normal(x[i]) +
			    x[i] * SQRT_HALF_PI_INVERSE * expf(-0.5f * x[i] * x[i]);
	else
		for (size_t i = 0; i < n; i++)
			delta[i] *= y[i] * (1 - y[i]);
}
