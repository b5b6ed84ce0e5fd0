/* Losses of a batch, with their gradient by the outputs. Values are computed
 * and summed in f64, row by row. */
#ifndef FLP_LEARN_LOSS_H
#define FLP_LEARN_LOSS_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum flp_loss {
	FLP_LOSS_AUTO,    /* "auto": one of the others, by what there is to predict */
	FLP_LOSS_MSE,     /* "mse": (output - target)^2 */
	FLP_LOSS_BINARY,  /* "binary": cross-entropy of one logit, labels 0 and 1 */
	FLP_LOSS_SOFTMAX, /* "softmax": cross-entropy of k >= 2 logits */
};

/* Names as base/choice.h says. A model has any loss but auto, which flp_loss_find
 * refuses. */
const char *flp_loss_name(unsigned loss);
int flp_loss_find(const char *name, enum flp_loss *loss, struct flp_error *e) FLP_CHECKED;

/* The truth of a batch: label[b] (below 2 or below k) for the cross-entropies,
 * target[b] for mse. The other is not read. */
struct flp_truth {
	const uint32_t *label;
	const float *target;
};

/* The sum over the rows of output[b,k] of the loss; k is 1 but for softmax. Where grad[b,k] is not
 * NULL it receives the gradient of that sum divided by `mean`: with mean = b
 * that of torch's MSELoss, BCEWithLogitsLoss and CrossEntropyLoss. */
double flp_loss_sum(enum flp_loss loss, const float *output, struct flp_truth truth,
    size_t b, size_t k, double mean, float *grad);

/* The probability of each class by the logits of one row: p[2] of one logit,
 * p[k] of k. */
void flp_loss_probability(enum flp_loss loss, const float *output, size_t k, double *p);

/* The class that is predicted by the logits of one row: that of the largest, the lowest of
 * equals; of one logit 1 where p >= 1/2. */
size_t flp_loss_class(enum flp_loss loss, const float *output, size_t k);

#endif
