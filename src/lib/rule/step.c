#include "rule/step.h"

#include <string.h>

void
flp_step_update(double *next, const double *model, const double *update, size_t n, double rate)
{
	for (size_t i = 0; i < n; i++)
		next[i] = model[i] + rate * update[i];
}

void
flp_step_params(double *next, const double *model, const double *mean, size_t n, double rate)
{
	if (rate == 1) {
		memcpy(next, mean, n * sizeof *next);
		return;
	}
	for (size_t i = 0; i < n; i++)
		next[i] = model[i] + rate * (mean[i] - model[i]);
}
