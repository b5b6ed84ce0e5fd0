/* Samples of fixed size: Wang, Balle, Kasiviswanathan, "Subsampled Renyi Differential Privacy
 * and Analytical Moments Accountant", 2019, theorem 27. */
#include "kernel/normal.h"
#include "privacy/divergence.h"

#include <math.h>

#define NEGLIGIBLE (-45.) /* ln of a term that does not count beside 1 */
#define EXACT 256         /* orders up to here use the differences */

/* ln E exp((i - 1) (i's divergence)) of the mechanism without sampling */
static double
log_power(double i, double sigma)
{
	return i * (i - 1) / (2 * sigma * sigma);
}

/* ln E (e^u - 1)^j, where e^u is the ratio of the densities of N(1) and N(0) at a value of the
 * latter; j is even. It is the j-th difference of exp(log_power). */
static double
log_difference(double j, double sigma)
{
	double step = sigma / 8, sum = 0, top = -INFINITY;

	for (double x = -12 * sigma; x <= j + 12 * sigma; x += step) {
		double u = (2 * x - 1) / (2 * sigma * sigma);
		double y = j * (u > 40 ? u : log(fabs(expm1(u)))) - x * x / (2 * sigma * sigma);

		if (y <= top) {
			sum += exp(y - top);
		} else {
			sum = sum * exp(top - y) + 1;
			top = y;
		}
	}
	return top + log(sum * step) - log(sigma * sqrt(2 * M_PI));
}

static double
log_moment(double rate, double sigma, double order, int proved)
{
	double log_choose = 0, sum = 0;

	for (double i = 0; i <= order; i++) {
		double drawn = log_choose + i * log(rate), term = M_LN2 + log_power(i, sigma);

		if (i == 2)
			term = fmin(term, log(4) + log(expm1(fmin(log_power(2, sigma), 700))));
		else if (i > 2 && !proved && order <= EXACT && drawn + term > NEGLIGIBLE)
			term = fmin(term, log(4) + (log_difference(2 * floor(i / 2), sigma) +
			    log_difference(2 * ceil(i / 2), sigma)) / 2);
		if (i >= 2)
			sum = flp_normal_log_add(sum, drawn + term);
		log_choose += log((order - i) / (i + 1));
	}
	return sum;
}

double
flp_divergence_fixed(double rate, double sigma, double order, int proved)
{
	double low = floor(order), share = order - low, sum;

	if (rate >= 1)
		return flp_divergence_gaussian(sigma, order);
	/* Between whole orders the bound is convex: corollary 10. */
	sum = low < 2 ? 0 : (1 - share) * log_moment(rate, sigma, low, proved);
	if (share > 0)
		sum += share * log_moment(rate, sigma, low + 1, proved);
	return fmin(sum / (order - 1), flp_divergence_gaussian(sigma, order));
}
