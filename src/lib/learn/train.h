/* Local training: the steps that one client does in one round. */
#ifndef FLP_LEARN_TRAIN_H
#define FLP_LEARN_TRAIN_H

#include "learn/arch.h"
#include "learn/loss.h"
#include "learn/optimizer.h"
#include "learn/schedule.h"
#include "learn/view.h"

#include <stddef.h>
#include <stdint.h>

/* The most rows that go through the network at a time. The gradient of a larger batch is summed
 * from parts, so memory does not grow with the batch. */
#define FLP_TRAIN_ROWS 256

struct flp_train_options {
	enum flp_loss loss;
	struct flp_optimizer_options optimizer; /* these must have passed flp_optimizer_check */
	double rate; /* learning rate, > 0, which the schedule's factor multiplies */
	struct flp_schedule schedule;
	uint64_t batch;         /* rows in a batch; 0: all */
	uint64_t epochs, steps; /* how long a run is: one of them is above 0, the other 0 */
	uint64_t seed;          /* of the order of rows */

	/* Called from time to time with the number of steps done so far; may be NULL. */
	void (*progress)(uint64_t done, uint64_t total);
};

struct flp_train_result {
	uint64_t steps;
	double loss; /* mean over the rows of the last steps, as many as an epoch has, each row's loss
	              * as it was before its step */
};

/* What training needs besides data. A trainer is for one thread. It trains on any number of
 * data sets, one after the other, and no result depends on earlier ones. `arch` stays the
 * caller's and must outlive it. NULL on failure. */
struct flp_trainer *flp_trainer_new(const struct flp_arch *arch,
    const struct flp_train_options *options, struct flp_error *e) FLP_CHECKED;
void flp_trainer_free(struct flp_trainer *t);

/* Trains params[arch->parameters] on a view, in a round counted from 0. `client` is a hash of the
 * client's name, so that clients take their rows in different orders. There are S steps, given or
 * as many as the epochs have, which take the batches from number round * S on (batches.h). The
 * optimizer starts anew. FLP_ERROR_BAD if flp_loader_open refuses the view, or if the loss or the
 * parameters become infinite or NaN; params are then useless. FLP_ERROR_USAGE if the number of
 * the last batch is too large. */
int flp_trainer_run(struct flp_trainer *t, float *params, const struct flp_view *v,
    uint32_t round, uint64_t client, struct flp_train_result *result,
    struct flp_error *e) FLP_CHECKED;

#endif
