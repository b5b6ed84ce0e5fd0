/* Local training: the steps one client does in one round. */
#ifndef FLP_LEARN_TRAIN_H
#define FLP_LEARN_TRAIN_H

#include "learn/arch.h"
#include "learn/loss.h"
#include "learn/optimizer.h"
#include "learn/schedule.h"
#include "learn/view.h"

#include <stddef.h>
#include <stdint.h>

/* Rows that go through the network at a time: a larger batch is summed from
 * parts, so that memory does not grow with it. */
#define FLP_TRAIN_ROWS 256

struct flp_train_options {
	enum flp_loss loss;
	struct flp_optimizer_options optimizer; /* that pass flp_optimizer_check */
	double rate; /* learning rate, > 0, times the schedule's factor */
	struct flp_schedule schedule;
	uint64_t batch;         /* rows; 0 = all */
	uint64_t epochs, steps; /* one of them above 0, the other 0 */
	uint64_t seed;          /* of the order of rows */
	/* Told now and then how far a run is; may be NULL. */
	void (*progress)(uint64_t done, uint64_t total);
};

struct flp_train_result {
	uint64_t steps;
	double loss; /* mean over the rows of the last epoch's worth of steps, each
	              * before its step */
};

/* What training needs besides data: one trainer serves one thread, any number
 * of data sets one after another; the result does not depend on which came
 * before. `arch` stays the caller's and must outlive it. NULL on failure. */
struct flp_trainer *flp_trainer_new(const struct flp_arch *arch,
    const struct flp_train_options *options, struct flp_error *e) FLP_CHECKED;
void flp_trainer_free(struct flp_trainer *t);

/* Trains params[arch->parameters] on a view in round 0, 1, ... of the client
 * with that number (a hash, to tell orders apart). S steps, or as many as the
 * epochs have, run from global batch round * S on (batches.h); the optimizer
 * starts anew. FLP_ERROR_BAD where the view does not fit, or where the loss or the
 * parameters are no longer finite; params are then of no use. */
int flp_trainer_run(struct flp_trainer *t, float *params, const struct flp_view *v,
    uint32_t round, uint64_t client, struct flp_train_result *result,
    struct flp_error *e) FLP_CHECKED;

#endif
