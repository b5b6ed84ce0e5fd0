/* Local optimizers, as torch.optim defines them. */
#ifndef FLP_LEARN_OPTIMIZER_H
#define FLP_LEARN_OPTIMIZER_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum flp_optimizer_kind { FLP_OPTIMIZER_SGD, FLP_OPTIMIZER_ADAM, FLP_OPTIMIZER_ADAMW };

/* Their names, as base/choice.h asks for them. */
const char *flp_optimizer_name(unsigned kind);

struct flp_optimizer_options {
	enum flp_optimizer_kind kind;
	double momentum; /* sgd: in [0, 1), without dampening */
	int nesterov;    /* sgd: needs momentum > 0 */
	double decay;    /* >= 0: weight decay, added to the gradient; in adamw, decoupled */
	double clip;     /* > 0: the greatest norm of the whole gradient; 0: any norm */
	double beta1, beta2, epsilon; /* adam, adamw: in [0, 1), [0, 1), >= 0 */
};

/* FLP_ERROR_USAGE if options that are each in their range can't be used together. */
int flp_optimizer_check(const struct flp_optimizer_options *o,
    struct flp_error *e) FLP_CHECKED;

/* Returns 1 if a step is only params -= rate * grad. */
int flp_optimizer_plain(const struct flp_optimizer_options *o);

struct flp_optimizer {
	struct flp_optimizer_options options;
	size_t n;
	float *first, *second; /* [n]: momentum, or both moments of adam; NULL if not used */
	double power1, power2; /* beta1^t, beta2^t after t steps */
};

/* flp_optimizer_init makes an optimizer of n parameters. flp_optimizer_reset takes it back to its
 * state before the first step. flp_optimizer_free frees what it holds. */
int flp_optimizer_init(struct flp_optimizer *o, const struct flp_optimizer_options *options,
    size_t n, struct flp_error *e) FLP_CHECKED;
void flp_optimizer_reset(struct flp_optimizer *o);
void flp_optimizer_free(struct flp_optimizer *o);

/* Does one step on params[n]. grad[n] is overwritten: it is first clipped as torch's
 * clip_grad_norm_ does, and then used as torch.optim's SGD (Sutskever et al. 2013),
 * Adam (Kingma and Ba 2015) or AdamW (Loshchilov and Hutter 2019) do. */
void flp_optimizer_step(struct flp_optimizer *o, double rate, float *params, float *grad);

#endif
