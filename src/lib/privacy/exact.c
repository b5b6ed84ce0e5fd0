#include "privacy/exact.h"
#include "kernel/normal.h"

#include <math.h>

double
flp_exact_delta(double square, double epsilon)
{
	double mu = sqrt(square), first = flp_normal_log_tail(epsilon / mu - mu / 2);
	double second = epsilon + flp_normal_log_tail(epsilon / mu + mu / 2);

	return exp(first) * -expm1(fmin(second - first, 0));
}

double
flp_exact_epsilon(double square, double delta)
{
	double low = 0, high = 1, middle;

	if (flp_exact_delta(square, 0) <= delta)
		return 0;
	while (flp_exact_delta(square, high) > delta)
		high *= 2;
	while (middle = low + (high - low) / 2, middle > low && middle < high) {
		if (flp_exact_delta(square, middle) > delta)
			low = middle;
		else
			high = middle;
	}
	return high;
}
