/* Parameters of a new model. */
#ifndef FLP_LEARN_INIT_H
#define FLP_LEARN_INIT_H

#include "learn/arch.h"

#include <stdint.h>

/* Fills params[a->parameters] as torch.nn.Linear does: weights and biases of
 * a layer of n inputs are uniform on [-1/sqrt(n), 1/sqrt(n)]. Tensor i draws
 * from the stream (seed, round 0, client i, FLP_PURPOSE_INIT). The result has
 * the same bits on every machine. */
void flp_init_uniform(const struct flp_arch *a, uint64_t seed, float *params);

#endif
