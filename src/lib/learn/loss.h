/* Losses of a batch, and their gradients with respect to the outputs. They are computed and
 * summed in f64, row by row. */
#ifndef FLP_LEARN_LOSS_H
#define FLP_LEARN_LOSS_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum flp_loss {
	FLP_LOSS_AUTO,    /* "auto": one of the others, which depends on what is predicted */
	FLP_LOSS_MSE,     /* "mse": (output - target)^2 */
	FLP_LOSS_BINARY,  /* "binary": cross-entropy of one logit, labels 0 and 1 */
	FLP_LOSS_SOFTMAX, /* "softmax": cross-entropy of k >= 2 logits */
};

/* The names of the losses, as base/choice.h asks for them; and the loss with a name. The loss of a
 * model is never auto, so flp_loss_find refuses that name, and unknown ones, with
 * FLP_ERROR_USAGE. */
const char *flp_loss_name(unsigned loss);
int flp_loss_find(const char *name, enum flp_loss *loss, struct flp_error *e) FLP_CHECKED;

/* What the outputs of a batch should be: label[b], each below 2 for binary and below k for
 * softmax, or target[b] for mse. The other of the two is not read. */
struct flp_truth {
	const uint32_t *label;
	const float *target;
};

/* The sum of the losses of the rows of output[b,k]; k is 1 except for softmax. If grad is not NULL,
 * grad[b,k] is set to the gradient of that sum divided by `mean`. With mean = b this is the
 * gradient of torch's MSELoss, BCEWithLogitsLoss and CrossEntropyLoss. */
double flp_loss_sum(enum flp_loss loss, const float *output, struct flp_truth truth,
    size_t b, size_t k, double mean, float *grad);

/* The probability of each class, from the logits of one row: p[2] from the one logit of binary,
 * p[k] from the k of softmax. */
void flp_loss_probability(enum flp_loss loss, const float *output, size_t k, double *p);

/* How many classes are told apart by k outputs: 2 for binary, k for softmax, 0 for mse. */
size_t flp_loss_classes(enum flp_loss loss, size_t k);

/* The class that is predicted by the logits of one row: the class with the largest logit, or the
 * first of several; with one logit, class 1 if p >= 1/2. */
size_t flp_loss_class(enum flp_loss loss, const float *output, size_t k);

#endif
