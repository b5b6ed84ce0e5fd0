#include "rule/step.h"

void
flp_step_update(double *next, const double *model, const double *update, size_t n, double rate,
    double divisor)
{
	for (size_t i = 0; i < n; i++)
		next[i] = model[i] + rate * (update[i] / divisor);
}

void
flp_step_params(double *next, const double *model, const double *params, size_t n, double rate,
    double divisor)
{
	for (size_t i = 0; i < n; i++) {
		double mean = params[i] / divisor;

		next[i] = rate == 1 ? mean : model[i] + rate * (mean - model[i]);
	}
}
