/* Local training of one model on many data sets. It writes one record for each, in the order of the
 * inputs, whatever the number of threads is. */
#ifndef FLP_MODEL_LOCAL_H
#define FLP_MODEL_LOCAL_H

#include "learn/train.h"
#include "loop/each.h"
#include "model/model.h"
#include "privacy/site.h"

#define FLP_LOCAL_THREADS 1024 /* at most */
#define FLP_LOCAL_FACTOR 100 /* columns whose deviations differ by more need a scaling */

/* A data set whose columns need a scaling and have none. */
struct flp_unscaled {
	double factor;                  /* between the deviations of these two columns */
	char wide[256], narrow[256];    /* their names, or "column 3"; cut if they are longer */
};

struct flp_local {
	const struct flp_model *model;
	const struct flp_digest *base; /* of the model */
	const struct flp_site *site;   /* its policy says how many rows a data set must have */
	struct flp_train_options options;
	int update;       /* 1: writes updates, new minus old; 0: writes models */
	uint64_t threads; /* 1 to FLP_LOCAL_THREADS; each has one data set and one model in memory */
	struct flp_bad bad; /* what is done with bad data sets; they are reported in order */
	/* Called for every data set that was trained on, in order. */
	void (*trained)(void *context, const char *place,
	    const struct flp_train_result *result);
	/* If not NULL, called once, for the first data set whose columns need a scaling and have
	 * none, before `trained` is called for it. Data of u8 are passed over: their columns have
	 * one range. */
	void (*unscaled)(void *context, const char *place, const struct flp_unscaled *found);
	void *context;
};

/* Trains on every record of the inputs and writes the results. A data set is also bad if the model
 * can't be trained on it, or if it has fewer rows than the site's policy requires. Returns -1 if
 * the system failed or an option is wrong or, under `strict`, at the first bad data set; the
 * results of the data sets before it are still written. */
int flp_local_train(struct flp_local *local, struct flp_inputs *in, struct flp_out *out,
    struct flp_error *e) FLP_CHECKED;

#endif
