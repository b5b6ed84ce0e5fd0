/* A network's outputs for the rows of data, and how good they are. */
#ifndef FLP_LEARN_EVALUATE_H
#define FLP_LEARN_EVALUATE_H

#include "learn/metrics.h"
#include "learn/network.h"
#include "learn/view.h"

/* Takes the outputs [b,k] of the b rows of a view from `from` on, which are valid until it
 * returns, and the truth of these rows, if the view has it. */
typedef int flp_take_outputs(void *context, size_t from, size_t b, const float *output,
    struct flp_truth truth, struct flp_error *e);

/* Computes the network's outputs for all rows of a view, and gives them to `take` in batches and in
 * order, until it returns a negative number, which is then returned. A view without labels
 * and targets is allowed. FLP_ERROR_BAD if the view does not fit. What comes out for a row does
 * not depend on where it stands nor on other rows. */
#define FLP_OUTPUTS_ROWS ((size_t)240) /* of a batch, at most */
int flp_outputs(struct flp_network *net, const float *params, const struct flp_view *v,
    enum flp_loss loss, flp_take_outputs *take, void *context, struct flp_error *e) FLP_CHECKED;

/* Computes the network's outputs for the rows of a view, and adds them to the metrics m.
 * FLP_ERROR_BAD if flp_loader_open refuses the view, or if an output is not finite; the message
 * then names the rows. */
int flp_evaluate(struct flp_network *net, const float *params, const struct flp_view *v,
    struct flp_metrics *m, struct flp_error *e) FLP_CHECKED;

#endif
