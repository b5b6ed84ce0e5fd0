/* Server optimizers: they compute the next model from the last one and from the
 * result of the round, which is a mean, or a sum and its divisor. The plain one
 * is next = model + rate * update (Reddi et al. 2021, "Adaptive federated
 * optimization", with SGD as the server's optimizer). */
#ifndef FLP_RULE_STEP_H
#define FLP_RULE_STEP_H

#include <stddef.h>

/* next[i] = model[i] + rate * (update[i] / divisor) */
void flp_step_update(double *next, const double *model, const double *update, size_t n,
    double rate, double divisor);

/* The same if the round made new parameters instead of an update:
 * next[i] = model[i] + rate * (mean[i] - model[i]), where
 * mean[i] = params[i] / divisor; at rate 1 it is mean[i] itself. */
void flp_step_params(double *next, const double *model, const double *params, size_t n,
    double rate, double divisor);

#endif
