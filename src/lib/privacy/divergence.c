#include "privacy/divergence.h"
#include "kernel/normal.h"

#include <math.h>

#define FRACTIONS 99 /* 1.1 to 10.9 */
#define WHOLE 53     /* 11 to 63 */

double
flp_divergence_order(unsigned i)
{
	static const double more[] = { 1.25, 128, 256, 512, 1024 };

	if (i < FRACTIONS)
		return (11 + i) / 10.0;
	return i < FRACTIONS + WHOLE ? 11.0 + (i - FRACTIONS) : more[i - FRACTIONS - WHOLE];
}

double
flp_divergence_epsilon(double divergence, double order, double delta)
{
	double epsilon;

	/* Total variation is at most the root of 1 - e^-KL, and KL at most the divergence. */
	if (delta * delta + expm1(-divergence) > 0)
		return 0;
	if (order <= 1.01)
		return INFINITY;
	epsilon = divergence + log1p(-1 / order) - log(delta * order) / (order - 1);
	return fmax(epsilon, 0);
}

double
flp_divergence_delta(double divergence, double order, double epsilon)
{
	double log_delta = (order - 1) * (divergence - epsilon + log1p(-1 / order)) - log(order);
	double by_variation = sqrt(-expm1(-divergence));

	return fmin(fmin(by_variation, exp(log_delta)), 1);
}

double
flp_divergence_gaussian(double sigma, double order)
{
	return order / (2 * sigma * sigma);
}

double
flp_divergence_pure(double epsilon, double order)
{
	double sum = epsilon * order + log1p(exp(epsilon * (1 - 2 * order))) -
	    (epsilon + log1p(exp(-epsilon)));

	return fmin(fmax(sum / (order - 1), 0), epsilon);
}

/* ln(e^x - 1), x > 0 */
static double
log_minus_one(double x)
{
	return x > 30 ? x + log1p(-exp(-x)) : log(expm1(x));
}

/* Whole orders. The binomial probabilities add up to 1, so A - 1 is a sum of positive terms
 *     binomial(order, i) (1-q)^(order-i) q^i (exp((i^2 - i) / 2 sigma^2) - 1). */
static double
log_moment_whole(double q, double sigma, double order)
{
	double log_choose = 0, sum = -INFINITY;

	for (double i = 0; i <= order; i++) {
		if (i > 1)
			sum = flp_normal_log_add(sum, log_choose + (order - i) * log1p(-q) +
			    i * log(q) + log_minus_one(i * (i - 1) / (2 * sigma * sigma)));
		log_choose += log((order - i) / (i + 1));
	}
	return flp_normal_log_add(0, sum);
}

/* ln of the integral of e^f(x), over [least, most], by the trapezoid rule. But for rounding it is
 * exact if e^f(x) falls off like a normal density at both ends. */
static double
log_integral(double (*f)(double x, const double *p), const double *p, double least, double most,
    double step)
{
	double top = -INFINITY, sum = 0;
	long n = (long)ceil((most - least) / step);

	for (long k = 0; k <= n; k++) {
		double y = f(least + (double)k * step, p);

		if (y <= top) {
			sum += exp(y - top);
		} else {
			sum = sum * exp(top - y) + 1;
			top = y;
		}
	}
	return top + log(sum * step);
}

enum { RATE, SIGMA, ORDER };

static double
log_normal(double x, double sigma)
{
	return -x * x / (2 * sigma * sigma) - log(sigma * sqrt(2 * M_PI));
}

static double
log_sampled(double x, const double *p)
{
	double s = 2 * p[SIGMA] * p[SIGMA];

	return p[ORDER] * flp_normal_log_mixed(p[RATE], (2 * x - 1) / s) + log_normal(x, p[SIGMA]);
}

static double
log_replaced(double x, const double *p)
{
	double s = 2 * p[SIGMA] * p[SIGMA];

	return p[ORDER] * flp_normal_log_mixed(p[RATE], (2 * x - 1) / s) +
	    (1 - p[ORDER]) * flp_normal_log_mixed(p[RATE], (-2 * x - 1) / s) + log_normal(x, p[SIGMA]);
}

/* The integrand is a density of deviation sigma times powers of a mixture, which has its
 * nearest zero at the distance pi sigma^2 from the real line. */
static double
quadrature_step(double sigma)
{
	return fmin(sigma / 25, sigma * sigma / 4);
}

#define QUADRATURE_SIGMA 0.02
#define QUADRATURE_MOST 2e5 /* points */
#define QUADRATURE_TAIL 25  /* deviations */

double
flp_divergence_sampled(double rate, double sigma, double order)
{
	double p[] = { [RATE] = rate, [SIGMA] = sigma, [ORDER] = order };
	double low = floor(order), share = order - low, sum;

	if (rate >= 1)
		return flp_divergence_gaussian(sigma, order);
	if (share == 0)
		return log_moment_whole(rate, sigma, order) / (order - 1);
	if (sigma >= QUADRATURE_SIGMA)
		sum = log_integral(log_sampled, p, -QUADRATURE_TAIL * sigma,
		    order + QUADRATURE_TAIL * sigma, quadrature_step(sigma));
	else
		/* ln A is convex in the order. */
		sum = (1 - share) * (low > 1 ? log_moment_whole(rate, sigma, low) : 0) +
		    share * log_moment_whole(rate, sigma, low + 1);
	return fmax(sum, 0) / (order - 1);
}

double
flp_divergence_replaced(double rate, double sigma, double order)
{
	double p[] = { [RATE] = rate, [SIGMA] = sigma, [ORDER] = order };
	double least = -QUADRATURE_TAIL * sigma, most = 2 * order + QUADRATURE_TAIL * sigma;

	if (rate >= 1)
		return flp_divergence_gaussian(sigma / 2, order);
	if ((most - least) / quadrature_step(sigma) > QUADRATURE_MOST)
		return INFINITY;
	return fmax(log_integral(log_replaced, p, least, most, quadrature_step(sigma)), 0) /
	    (order - 1);
}
