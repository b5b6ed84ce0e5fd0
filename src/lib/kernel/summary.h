/* A summary of a tensor's values: extremes, mean, norm. All zero is the summary of nothing. */
#ifndef FLP_KERNEL_SUMMARY_H
#define FLP_KERNEL_SUMMARY_H

#include <stddef.h>
#include <stdint.h>

struct flp_summary {
	uint64_t count, nonfinite; /* values seen, and how many of them are NaN or infinite */
	double min, max;           /* of the finite ones */
	double sum, squares;       /* of the finite ones, in f64, in the order seen */
};

/* Adds n values. */
void flp_summary_add(struct flp_summary *s, const double *value, size_t n);

double flp_summary_mean(const struct flp_summary *s); /* of the finite values */
double flp_summary_norm(const struct flp_summary *s); /* their Euclidean norm */

#endif
