/* Evaluation of a model on data. */
#ifndef FLP_LEARN_EVALUATE_H
#define FLP_LEARN_EVALUATE_H

#include "learn/metrics.h"
#include "learn/network.h"
#include "learn/view.h"

/* Computes the network's outputs for the rows of a view, and adds them to the metrics m.
 * FLP_ERROR_BAD if flp_loader_open refuses the view, or if an output is not finite; the message
 * then names the rows. */
int flp_evaluate(struct flp_network *net, const float *params, const struct flp_view *v,
    struct flp_metrics *m, struct flp_error *e) FLP_CHECKED;

#endif
