/* Measures of a model on data, gathered row by row. Those of several data sets
 * merge: the result is the measure of all rows together, not a mean of
 * measures. A measure that does not exist (AUC of one class, R2 of a constant,
 * anything of no rows) is NaN. */
#ifndef FLP_LEARN_METRICS_H
#define FLP_LEARN_METRICS_H

#include "learn/loss.h"

#include <stddef.h>
#include <stdint.h>

#define FLP_METRICS_BINS 15
#define FLP_METRICS_CLASSES 1024 /* with more there is no confusion matrix */

struct flp_metrics_bin {
	uint64_t rows, correct;
	double confidence; /* sum */
};

struct flp_metrics_score {
	float score;
	uint32_t positive;
};

struct flp_metrics {
	enum flp_loss loss;
	size_t outputs;
	size_t classes; /* 2 for binary, 0 for mse */
	uint64_t rows, correct;
	double loss_sum;
	uint64_t *truth; /* [classes]: rows of each class */
	/* [classes,classes] rows by true class, then by predicted class; NULL
	 * for mse and for too many classes. */
	uint64_t *confusion;
	/* Bin i holds the rows whose predicted class has probability in
	 * (i/15, (i+1)/15] (Guo et al. 2017). */
	struct flp_metrics_bin bin[FLP_METRICS_BINS];
	/* With two classes: the logit of class 1, or what it is above that of
	 * class 0. */
	struct flp_metrics_score *score;
	size_t scores, room;
	double *probability; /* [classes]: of the row at hand */
	/* mse: the sum of absolute errors; the targets' mean and sum of squared
	 * differences from it. */
	double absolutes, mean, spread;
};

/* Empty measures for a model; flp_metrics_free frees what they hold. */
int flp_metrics_init(struct flp_metrics *m, enum flp_loss loss, size_t outputs,
    struct flp_error *e) FLP_CHECKED;
void flp_metrics_free(struct flp_metrics *m);

/* Adds b rows with output[b,outputs]. FLP_ERROR_BAD where an output is not finite. */
int flp_metrics_add(struct flp_metrics *m, const float *output, struct flp_truth truth,
    size_t b, struct flp_error *e) FLP_CHECKED;

/* Adds what another gathered, for as many classes. */
int flp_metrics_merge(struct flp_metrics *m, const struct flp_metrics *other,
    struct flp_error *e) FLP_CHECKED;

double flp_metrics_loss(const struct flp_metrics *m); /* mean over rows */

/* Classes. The predicted class is that of flp_loss_class. */
double flp_metrics_accuracy(const struct flp_metrics *m);
double flp_metrics_ece(const struct flp_metrics *m); /* expected calibration error */
double flp_metrics_majority(const struct flp_metrics *m); /* the share of the commonest class */

/* Two classes: the probability that a row of class 1 scores above one of class
 * 0, equal scores counting half (Mann and Whitney 1947), exact but for the
 * last division. Puts the scores in order. */
double flp_metrics_auc(const struct flp_metrics *m);

/* mse: the mean absolute error; 1 - squared errors / squared differences of the
 * targets from their mean. */
double flp_metrics_mae(const struct flp_metrics *m);
double flp_metrics_r2(const struct flp_metrics *m);

#define FLP_METRICS_MOST 5 /* the most measures that go with a loss */

struct flp_measure {
	const char *name;
	double (*value)(const struct flp_metrics *m); /* NaN: it does not exist for these rows */
	int better;   /* 1: the greater the better; -1: the smaller; 0: it is not about the model */
	int compared; /* 1: by this two models are compared first */
};

/* The n measures that go with a loss, in the order in which they are printed. */
const struct flp_measure *flp_metrics_measures(enum flp_loss loss, size_t *n);

#endif
