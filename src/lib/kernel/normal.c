#include "kernel/normal.h"

#include <math.h>

#define ASYMPTOTIC 25

/* Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.23. */
double
flp_normal_log_erfc(double x)
{
	double y = 1 / (x * x);

	if (x <= ASYMPTOTIC)
		return log(erfc(x));
	return -x * x - log(x) - log(M_PI) / 2 + log1p(y * (-0.5 + y * (0.75 - y * 1.875)));
}

double
flp_normal_tail(double x)
{
	return erfc(x * M_SQRT1_2) / 2;
}

double
flp_normal_log_tail(double x)
{
	return flp_normal_log_erfc(x * M_SQRT1_2) - M_LN2;
}

double
flp_normal_log_add(double x, double y)
{
	double more = fmax(x, y), less = fmin(x, y);

	return isinf(more) ? more : more + log1p(exp(less - more));
}

double
flp_normal_log_mixed(double q, double u)
{
	if (q >= 1)
		return u;
	return u > 30 ? u + log(q + (1 - q) * exp(-u)) : log1p(q * expm1(u));
}
