/* Local training of one model on many data sets, one record out for each, in
 * the order of the inputs whatever the number of threads. */
#ifndef FLP_MODEL_LOCAL_H
#define FLP_MODEL_LOCAL_H

#include "learn/train.h"
#include "loop/inputs.h"
#include "model/model.h"

#define FLP_LOCAL_THREADS 1024 /* at most */

struct flp_local {
	const struct flp_model *model;
	const struct flp_digest *base; /* of the model */
	struct flp_train_options options;
	int update;       /* write updates, new minus old, instead of models */
	uint64_t threads; /* 1 to FLP_LOCAL_THREADS; each holds one data set and one model */
	/* Told of every data set, in order: trained, or (result NULL) left out
	 * because of e. */
	void (*told)(void *context, const char *place, const struct flp_train_result *result,
	    const struct flp_error *e);
	void *context;
};

/* Trains on every record of the inputs and writes the results. A data set that
 * is bad is left out and told of, and so is the lack of any; *bad is their
 * number. -1 when the system failed or an option is wrong. */
int flp_local_train(const struct flp_local *local, struct flp_inputs *in,
    struct flp_out *out, uint64_t *bad, struct flp_error *e) FLP_CHECKED;

#endif
