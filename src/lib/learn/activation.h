/* Activations, value by value. relu(x) = max(x, 0) (NaN stays NaN), sigmoid(x)
 * = 1 / (1 + exp(-x)), gelu(x) = x Phi(x) with the exact normal distribution
 * (Hendrycks and Gimpel 2016), as torch's default. */
#ifndef FLP_LEARN_ACTIVATION_H
#define FLP_LEARN_ACTIVATION_H

#include "learn/arch.h"

#include <stddef.h>

/* y[n] = f(x[n]); kind is not FLP_LAYER_DENSE; x and y don't overlap. */
void flp_activation_forward(enum flp_layer_kind kind, const float *x, float *y, size_t n);

/* delta[n] *= f'(x[n]), where y = f(x). */
void flp_activation_backward(enum flp_layer_kind kind, const float *x, const float *y,
    float *delta, size_t n);

#endif
