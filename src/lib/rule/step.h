/* Server optimizers: the next model from the last and what the round made of
 * it, a mean or a sum and what that is divided by. Plain:
 * next = model + rate * update (Reddi et al. 2021, "Adaptive federated
 * optimization", with SGD as the server's optimizer). */
#ifndef FLP_RULE_STEP_H
#define FLP_RULE_STEP_H

#include <stddef.h>

/* next[i] = model[i] + rate * (update[i] / divisor) */
void flp_step_update(double *next, const double *model, const double *update, size_t n,
    double rate, double divisor);

/* The same where the round made new parameters instead of an update:
 * next[i] = model[i] + rate * (mean[i] - model[i]), mean[i] itself at rate 1,
 * with mean[i] = params[i] / divisor */
void flp_step_params(double *next, const double *model, const double *params, size_t n,
    double rate, double divisor);

#endif
