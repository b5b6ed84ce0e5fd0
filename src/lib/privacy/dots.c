#include "privacy/dots.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

#define LOSS_MOST 600   /* e^600 leaves room in a double for what it is multiplied by */
#define TURN_MOST 700   /* e^700 is still a double */
#define LEAST_POWER -6  /* of 2 */
#define COARSE 1024     /* points */

double
flp_dots_power(int k)
{
	return ldexp(1, LEAST_POWER + k);
}

void
flp_dots_free(struct flp_dots dots[2])
{
	free(dots[0].mass);
	free(dots[1].mass);
	dots[0] = dots[1] = (struct flp_dots){ 0 };
}

/* Sets mass[zero + i] to the profile d at i h, for i from 0 up. At -i h the profile of the reverse
 * direction is 1 - e^(-i h) + e^(-i h) d(i h), and its mass[at - i] is set to the last term alone.
 * So both are small where little is lost, and no digits cancel. `bound` keeps rounding from making
 * the profile rise. */
static void
fill_profile(const struct flp_spent *spent, enum flp_direction direction, double h,
    struct flp_dots dots[2])
{
	const struct flp_profile *profile = spent->mechanism->profile(spent);
	size_t zero = (size_t)-dots[direction].first, at = (size_t)-dots[!direction].first;
	double bound = 0;

	for (size_t i = dots[direction].n - zero; i-- > 0;) {
		bound = fmin(fmax(profile->delta(spent, direction, (double)i * h), bound), 1);
		dots[direction].mass[zero + i] = bound;
		if (i > 0)
			dots[!direction].mass[at - i] = bound * exp((double)i * -h);
	}
}

/* From the profile d to masses. With D_i = d_(i+1) - d_i,
 *     p_0 = 1 - d_0 + D_0 / (e^h - 1), p_i = (D_i - e^h D_(i-1)) / (e^h - 1),
 *     p_(n-1) = D_(n-2) / (e^-h - 1),
 * and the loss is infinite with the probability d_(n-1). The term 1 - e^epsilon, which the points
 * below 0 lack, changes no mass but that of point 0, whose neighbours are on both sides of it. */
static void
connect(struct flp_dots *dots, double h)
{
	double *p = dots->mass, up = expm1(h), last;
	size_t n = dots->n, zero = (size_t)-dots->first;

	dots->infinite = p[n - 1];
	last = p[1] - p[0];
	p[0] = fmax(last / up - p[0], 0);
	for (size_t i = 1; i < n; i++) {
		double lacks = i == zero ? -expm1(-h) : 0;
		double rise = i + 1 < n ? p[i + 1] - p[i] : 0;
		double mass = i + 1 < n ? (rise - exp(h) * (last - lacks)) / up :
		    (last - lacks) / expm1(-h);

		p[i] = fmax(mass, 0);
		last = rise;
	}
}

int
flp_dots_make(struct flp_dots dots[2], const struct flp_spent *spent, double h,
    struct flp_error *e)
{
	const struct flp_profile *profile = spent->mechanism->profile(spent);
	double remove = fmin(profile->most(spent, FLP_DIRECTION_REMOVE), LOSS_MOST);
	double add = fmin(profile->most(spent, FLP_DIRECTION_ADD), LOSS_MOST);

	dots[0] = dots[1] = (struct flp_dots){ 0 };
	if (!((remove + add) / h < FLP_DOTS_MOST - 8.0))
		return 1;
	dots[FLP_DIRECTION_REMOVE].first = -2 - (long)(add / h);
	dots[FLP_DIRECTION_ADD].first = -2 - (long)(remove / h);
	for (int d = 0; d < 2; d++) {
		dots[d].n = (size_t)(1 - dots[0].first - dots[1].first);
		dots[d].mass = flp_memory_new(dots[d].n, sizeof *dots[d].mass, e);
		if (dots[d].mass == NULL) {
			flp_dots_free(dots);
			return -1;
		}
	}
	fill_profile(spent, FLP_DIRECTION_REMOVE, h, dots);
	fill_profile(spent, FLP_DIRECTION_ADD, h, dots);
	connect(&dots[0], h);
	connect(&dots[1], h);
	return 0;
}

double
flp_dots_coarse(const struct flp_spent *spent, double h)
{
	const struct flp_profile *profile = spent->mechanism->profile(spent);
	double range = fmin(profile->most(spent, FLP_DIRECTION_REMOVE), LOSS_MOST) +
	    fmin(profile->most(spent, FLP_DIRECTION_ADD), LOSS_MOST);

	while (range / h > COARSE && h < 1)
		h *= 2;
	return h;
}

/* By Horner's scheme from the far end, where nothing overflows. */
void
flp_dots_log_moments(const struct flp_dots *dots, double h, double plus[FLP_DOTS_POWERS],
    double minus[FLP_DOTS_POWERS])
{
	double falls[FLP_DOTS_POWERS], up[FLP_DOTS_POWERS] = { 0 }, down[FLP_DOTS_POWERS] = { 0 };
	double first = h * (double)dots->first, last = first + h * (double)(dots->n - 1);

	for (int k = 0; k < FLP_DOTS_POWERS; k++)
		falls[k] = exp(-flp_dots_power(k) * h);
	for (size_t i = 0; i < dots->n; i++)
		for (int k = 0; k < FLP_DOTS_POWERS; k++) {
			up[k] = up[k] * falls[k] + dots->mass[i];
			down[k] = down[k] * falls[k] + dots->mass[dots->n - 1 - i];
		}
	for (int k = 0; k < FLP_DOTS_POWERS; k++) {
		plus[k] = up[k] < 1e-300 ? INFINITY : log(up[k]) + flp_dots_power(k) * last;
		minus[k] = down[k] < 1e-300 ? INFINITY : log(down[k]) - flp_dots_power(k) * first;
	}
}

/* ln of the sum of mass[i] e^(tilt loss) over all points with a mass. */
static double
log_moment(const struct flp_dots *dots, double h, double tilt)
{
	double falls = exp(-tilt * h), sum = 0;
	long last = (long)dots->n - 1;

	while (last > 0 && !(dots->mass[last] > 0))
		last--;
	for (long i = 0; i <= last; i++)
		sum = sum * falls + dots->mass[i];
	return log(fmax(sum, 1e-300)) + tilt * h * (double)(dots->first + last);
}

void
flp_dots_tilt(struct flp_dots *dots, double h, double tilt)
{
	double scale = log_moment(dots, h, tilt);

	dots->tilt = tilt;
	dots->scale = scale;
	for (size_t i = 0; i < dots->n; i++) {
		double mass = dots->mass[i], turn = tilt * h * (double)(dots->first + (long)i) - scale;

		dots->mass[i] = turn < TURN_MOST ? mass * exp(turn) : mass > 0 ?
		    exp(log(mass) + turn) : 0;
	}
}
