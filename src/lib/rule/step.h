/* Server optimizers compute the next model from the last one and the result of the round. That
 * is a mean, with divisor 1, or a sum and its divisor. The plain optimizer is
 * next = model + rate * update (Reddi et al. 2021, "Adaptive federated optimization", with SGD
 * as the server's optimizer). */
#ifndef FLP_RULE_STEP_H
#define FLP_RULE_STEP_H

#include <stddef.h>

/* next[i] = model[i] + rate * (update[i] / divisor) */
void flp_step_update(double *next, const double *model, const double *update, size_t n,
    double rate, double divisor);

/* The same for a round that made new parameters instead of updates:
 * next[i] = model[i] + rate * (mean[i] - model[i]), with mean[i] = params[i] / divisor.
 * At rate 1 it is mean[i] itself, not rounded again. */
void flp_step_params(double *next, const double *model, const double *params, size_t n,
    double rate, double divisor);

#endif
