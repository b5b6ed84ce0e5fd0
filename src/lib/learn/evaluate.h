/* Evaluation of a model on data. */
#ifndef FLP_LEARN_EVALUATE_H
#define FLP_LEARN_EVALUATE_H

#include "learn/metrics.h"
#include "learn/network.h"
#include "learn/view.h"

/* Adds the rows of a view, as params' network sees them, to m. FLP_ERROR_BAD where
 * the view does not fit, or names the rows where an output is not finite. */
int flp_evaluate(struct flp_network *net, const float *params, const struct flp_view *v,
    struct flp_metrics *m, struct flp_error *e) FLP_CHECKED;

#endif
