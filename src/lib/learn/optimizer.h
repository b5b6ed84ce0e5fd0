/* Local optimizers, as torch.optim defines them. */
#ifndef FLP_LEARN_OPTIMIZER_H
#define FLP_LEARN_OPTIMIZER_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum flp_optimizer_kind { FLP_OPTIMIZER_SGD, FLP_OPTIMIZER_ADAM, FLP_OPTIMIZER_ADAMW };

/* Names as base/choice.h says. */
const char *flp_optimizer_name(unsigned kind);

struct flp_optimizer_options {
	enum flp_optimizer_kind kind;
	double momentum; /* sgd: in [0, 1); dampening is 0 */
	int nesterov;    /* sgd: needs momentum > 0 */
	double decay;    /* >= 0: L2 added to the gradient; adamw: decoupled */
	double clip;     /* > 0: the largest norm of the whole gradient; 0: any */
	double beta1, beta2, epsilon; /* adam, adamw: in [0, 1), [0, 1), >= 0 */
};

/* FLP_ERROR_USAGE where an option, itself in its range, does not go with another. */
int flp_optimizer_check(const struct flp_optimizer_options *o,
    struct flp_error *e) FLP_CHECKED;

/* 1 where a step is params -= rate * grad and no more. */
int flp_optimizer_plain(const struct flp_optimizer_options *o);

struct flp_optimizer {
	struct flp_optimizer_options options;
	size_t n;
	float *first, *second; /* momentum; adam: both moments. NULL if unused */
	double power1, power2; /* beta1^t, beta2^t after t steps */
};

/* An optimizer of n parameters before its first step. flp_optimizer_reset
 * takes it back there; flp_optimizer_free frees what it holds. */
int flp_optimizer_init(struct flp_optimizer *o, const struct flp_optimizer_options *options,
    size_t n, struct flp_error *e) FLP_CHECKED;
void flp_optimizer_reset(struct flp_optimizer *o);
void flp_optimizer_free(struct flp_optimizer *o);

/* One step down grad[n], which is destroyed: first clipped as torch's
 * clip_grad_norm_ does, then as torch.optim's SGD (Sutskever et al. 2013),
 * Adam (Kingma and Ba 2015) or AdamW (Loshchilov and Hutter 2019). */
void flp_optimizer_step(struct flp_optimizer *o, double rate, float *params, float *grad);

#endif
