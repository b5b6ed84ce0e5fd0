/* Activations, which are computed value by value. relu(x) = max(x, 0) (NaN stays NaN), sigmoid(x)
 * = 1 / (1 + exp(-x)), gelu(x) = x Phi(x) with the exact normal distribution
 * (Hendrycks and Gimpel 2016), as torch's default. */
#ifndef FLP_LEARN_ACTIVATION_H
#define FLP_LEARN_ACTIVATION_H

#include <stddef.h>

struct flp_activation {
	const char *name; /* its word in the text of an architecture */

	/* y[n] = f(x[n]); x and y don't overlap. */
	void (*forward)(const float *x, float *y, size_t n);

	/* delta[n] *= f'(x[n]), where y = f(x). */
	void (*backward)(const float *x, const float *y, float *delta, size_t n);
};

/* The activation that a layer of this kind (learn/arch.h) computes; NULL for
 * FLP_LAYER_DENSE and for a kind that is not in the table. */
const struct flp_activation *flp_activation_of(unsigned kind);

#endif
