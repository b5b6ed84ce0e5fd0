#include "learn/init.h"
#include "kernel/random.h"

#include <math.h>

void
flp_init_uniform(const struct flp_arch *a, uint64_t seed, float *params)
{
	struct flp_random random;
	size_t index = 0;

	for (const struct flp_layer *l = a->layer; l < a->layer + a->layers; l++) {
		double bound = 1 / sqrt((double)l->in);

		for (int bias = 0; bias < 2 && l->kind == FLP_LAYER_DENSE; bias++) {
			float *p = params + (bias ? l->bias : l->weight);
			size_t n = bias ? l->out : l->out * l->in;

			flp_random_init(&random, seed, 0, index++, FLP_PURPOSE_INIT);
			for (size_t i = 0; i < n; i++)
				p[i] = (float)((2 * flp_random_unit(&random) - 1) * bound);
		}
	}
}
