/* One measure on many data sets: its mean, and where it is worst. */
#ifndef FLP_LEARN_WORST_H
#define FLP_LEARN_WORST_H

#include "base/error.h"

#include <stdint.h>

/* All zero is none yet. */
struct flp_worst {
	uint64_t n; /* data sets that have the measure */
	double sum, worst;
	char *client; /* whose the worst value is; the first of equals. NULL when n = 0 */
};

/* Adds the value of one data set; `better` is as in struct flp_measure, 1 or -1. NaN, a measure
 * that does not exist there, is passed over. */
int flp_worst_add(struct flp_worst *w, double value, int better, const char *client,
    struct flp_error *e) FLP_CHECKED;
void flp_worst_free(struct flp_worst *w);

/* Each data set counts once, whatever its rows. NaN when n = 0. */
double flp_worst_mean(const struct flp_worst *w);
double flp_worst_value(const struct flp_worst *w);

#endif
