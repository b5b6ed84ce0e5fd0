#include "privacy/loss.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TAIL 1e-15 /* tilted probability beyond the ring, which counts as an infinite loss */
#define RING_MOST ((size_t)1 << 21)
#define BLOCK ((size_t)512)
#define FEW -7 /* ln */
#define ROUNDING 1e-14 /* of the tilted probabilities, which add up to 1 */
#define WIDER 1.3 /* a tilt is too much if it makes the ring wider than this */
#define TILTS 5   /* halvings of a tilt */

void
flp_loss_free(struct flp_loss *loss)
{
	for (int d = 0; d < 2; d++) {
		free(loss->all[d].re);
		free(loss->all[d].im);
		free(loss->step[d].re);
		free(loss->step[d].im);
		free(loss->mass[d]);
	}
	flp_dots_free(loss->dots);
	flp_fft_free(&loss->fft);
	*loss = (struct flp_loss){ 0 };
}

static void
add_part(struct flp_loss_part *to, const struct flp_loss_part *part, double steps)
{
	for (int k = 0; k < FLP_DOTS_POWERS; k++) {
		to->plus[k] += steps * part->plus[k];
		to->minus[k] += steps * part->minus[k];
	}
	to->log_finite += steps * part->log_finite;
	to->scale += steps * part->scale;
}

/* Makes the dots of a group, or has them still. */
static int
make_dots(struct flp_loss *loss, const struct flp_spent *spent, double h, struct flp_error *e)
{
	int status;

	if (loss->dots_of == spent)
		return 0;
	flp_dots_free(loss->dots);
	loss->dots_of = NULL;
	if ((status = flp_dots_make(loss->dots, spent, h, e)) != 0)
		return status;
	for (int d = 0; d < 2; d++)
		flp_dots_tilt(&loss->dots[d], h, loss->tilt[d]);
	loss->dots_of = spent;
	return 0;
}

/* What is to be known of one release before the ring, on a grid of step h. */
static int
measure(struct flp_loss *loss, struct flp_loss_part part[2], const struct flp_spent *spent,
    double h, struct flp_error *e)
{
	int status = make_dots(loss, spent, h, e);

	for (int d = 0; status == 0 && d < 2; d++) {
		const struct flp_dots *dots = &loss->dots[d];

		flp_dots_log_moments(dots, h, part[d].plus, part[d].minus);
		part[d].log_finite = log1p(-dots->infinite);
		part[d].scale = dots->scale;
	}
	return status;
}

/* Chernoff's bound: the points outside which the tilted loss of `all` and of `steps` more has
 * less probability than TAIL on each side. */
static void
find_range(const struct flp_loss *loss, int d, double steps, double *least, double *most)
{
	const struct flp_loss_part *all = &loss->all[d], *step = &loss->step[d];
	double low = -INFINITY, high = INFINITY;

	for (int k = 0; k < FLP_DOTS_POWERS; k++) {
		double power = flp_dots_power(k);

		high = fmin(high, (all->plus[k] + steps * step->plus[k] - log(TAIL)) / power);
		low = fmax(low, -(all->minus[k] + steps * step->minus[k] - log(TAIL)) / power);
	}
	*least = floor(low / loss->h);
	*most = ceil(high / loss->h);
}

/* Measures all groups and finds how many points the ring needs; if `coarse`, roughly. */
static int
measure_all(struct flp_loss *loss, const struct flp_spent *spent, size_t n,
    const struct flp_spent *then, double most, int coarse, double points[2],
    struct flp_error *e)
{
	struct flp_loss_part part[2];
	double least, greatest;
	int status;

	memset(loss->all, 0, sizeof loss->all);
	loss->dots_of = NULL; /* of another grid or tilt */
	for (size_t i = 0; i < n + (then != NULL); i++) {
		const struct flp_spent *s = i < n ? &spent[i] : then;

		status = measure(loss, part, s, coarse ? flp_dots_coarse(s, loss->h) : loss->h, e);
		if (status != 0)
			return status;
		for (int d = 0; d < 2 && i < n; d++)
			add_part(&loss->all[d], &part[d], (double)s->steps);
		if (i == n)
			memcpy(loss->step, part, sizeof part);
	}
	for (int d = 0; d < 2; d++) {
		find_range(loss, d, most, &least, &greatest);
		points[d] = greatest - least + 1;
	}
	return 0;
}

/* In one direction, the least tilt with which few of the rounding errors, measured by delta, are
 * left at epsilon, or the one with which fewest are. Chernoff's bound on the probability of a
 * greater loss is what is left of them. */
static double
best_tilt(const struct flp_loss *loss, int d, double most)
{
	double least = 0, tilt = 0;

	for (int k = 0; k < FLP_DOTS_POWERS && least > log(loss->delta) + FEW; k++) {
		double bound = loss->all[d].plus[k] + most * loss->step[d].plus[k] -
		    loss->epsilon * flp_dots_power(k);

		if (bound < least) {
			least = bound;
			tilt = flp_dots_power(k);
		}
	}
	return tilt;
}

/* Chooses the tilts, but smaller ones where the ring would be much larger for them. */
static int
choose_tilt(struct flp_loss *loss, const struct flp_spent *spent, size_t n,
    const struct flp_spent *then, double most, struct flp_error *e)
{
	double plain[2], points[2];
	int status = measure_all(loss, spent, n, then, most, 1, plain, e), wide = 1;

	for (int d = 0; d < 2; d++)
		loss->tilt[d] = status == 0 ? best_tilt(loss, d, most) : 0;
	for (int i = 0; status == 0 && wide; i++) {
		wide = 0;
		status = measure_all(loss, spent, n, then, most, 1, points, e);
		for (int d = 0; d < 2; d++)
			if (points[d] > WIDER * plain[d]) {
				loss->tilt[d] = i < TILTS ? loss->tilt[d] / 2 : 0;
				wide = i <= TILTS;
			}
	}
	return status;
}

static int
size_ring(struct flp_loss *loss, const struct flp_spent *spent, size_t n,
    const struct flp_spent *then, double most, struct flp_error *e)
{
	double points[2];
	int status = measure_all(loss, spent, n, then, most, 0, points, e);

	if (status != 0)
		return status;
	if (!(fmax(points[0], points[1]) <= (double)RING_MOST))
		return 1;
	for (loss->n = 2; (double)loss->n < fmax(points[0], points[1]); loss->n *= 2)
		;
	return 0;
}

static int
new_spectrum(struct flp_loss_part *part, size_t n, double value, struct flp_error *e)
{
	if ((part->re = flp_memory_new(n, sizeof *part->re, e)) == NULL ||
	    (part->im = flp_memory_new(n, sizeof *part->im, e)) == NULL)
		return -1;
	for (size_t k = 0; k < n; k++)
		part->re[k] = value;
	return 0;
}

/* Room for all: the spectrum of no releases is 1. */
static int
new_ring(struct flp_loss *loss, struct flp_error *e)
{
	if (flp_fft_init(&loss->fft, loss->n, e) < 0)
		return -1;
	for (int d = 0; d < 2; d++) {
		if (new_spectrum(&loss->all[d], loss->n, 1, e) < 0 ||
		    new_spectrum(&loss->step[d], loss->n, 1, e) < 0 ||
		    (loss->mass[d] = flp_memory_new(loss->n, sizeof **loss->mass, e)) == NULL)
			return -1;
	}
	return 0;
}

/* The two directions are real, so one transform of x + i y has the spectra of both:
 * X[k] = (Z[k] + conj Z[n-k]) / 2 and Y[k] = (Z[k] - conj Z[n-k]) / 2i. */
static void
part_spectra(struct flp_loss *loss)
{
	size_t n = loss->n;
	double *re = loss->mass[0], *im = loss->mass[1];

	flp_fft_forward(&loss->fft, re, im);
	for (size_t k = 0; k < n; k++) {
		size_t j = (n - k) % n;

		loss->step[0].re[k] = (re[k] + re[j]) / 2;
		loss->step[0].im[k] = (im[k] - im[j]) / 2;
		loss->step[1].re[k] = (im[k] + im[j]) / 2;
		loss->step[1].im[k] = (re[j] - re[k]) / 2;
	}
}

/* Sets the spectra of `step` to those of one release. */
static int
transform(struct flp_loss *loss, const struct flp_spent *spent, struct flp_error *e)
{
	if (make_dots(loss, spent, loss->h, e) < 0)
		return -1;
	for (int d = 0; d < 2; d++) {
		const struct flp_dots *dots = &loss->dots[d];

		for (size_t k = 0; k < loss->n; k++)
			loss->mass[d][k] = 0;
		for (size_t i = 0; i < dots->n; i++)
			loss->mass[d][(size_t)(dots->first + (long)i) & (loss->n - 1)] +=
			    dots->mass[i];
	}
	part_spectra(loss);
	return 0;
}

/* Multiplies n numbers re + i im by x + i y, one by one; those may be the same numbers. */
static void
multiply_block(double *re, double *im, const double *x, const double *y, size_t n)
{
	for (size_t k = 0; k < n; k++) {
		double a = re[k] * x[k] - im[k] * y[k], b = re[k] * y[k] + im[k] * x[k];

		re[k] = a;
		im[k] = b;
	}
}

/* all *= step^steps, by squaring. Blocks stay in the nearest cache. */
static void
multiply(struct flp_loss_part *all, const struct flp_loss_part *step, size_t n, uint64_t steps)
{
	double x[BLOCK], y[BLOCK];

	for (size_t at = 0, k; at < n; at += k) {
		k = n - at < BLOCK ? n - at : BLOCK;
		memcpy(x, step->re + at, k * sizeof *x);
		memcpy(y, step->im + at, k * sizeof *y);
		for (uint64_t left = steps; left > 0; left >>= 1) {
			if (left & 1)
				multiply_block(all->re + at, all->im + at, x, y, k);
			multiply_block(x, y, x, y, k);
		}
	}
}

int
flp_loss_init(struct flp_loss *loss, const struct flp_spent *spent, size_t n,
    const struct flp_spent *then, uint64_t most, double h, double epsilon, double delta,
    struct flp_error *e)
{
	int status;

	*loss = (struct flp_loss){ .h = h, .epsilon = epsilon, .delta = delta };
	status = choose_tilt(loss, spent, n, then, (double)most, e);
	if (status == 0)
		status = size_ring(loss, spent, n, then, (double)most, e);
	if (status == 0)
		status = new_ring(loss, e);
	for (size_t i = 0; status == 0 && i < n; i++) {
		status = transform(loss, &spent[i], e);
		for (int d = 0; status == 0 && d < 2; d++)
			multiply(&loss->all[d], &loss->step[d], loss->n, spent[i].steps);
	}
	if (status == 0 && then != NULL)
		status = transform(loss, then, e);
	if (status != 0)
		flp_loss_free(loss);
	return status;
}

void
flp_loss_read(struct flp_loss *loss, uint64_t steps)
{
	const struct flp_loss_part *x = &loss->all[0], *y = &loss->all[1];
	double most, least;

	for (int d = 0; d < 2 && steps > 0; d++) {
		multiply(&loss->all[d], &loss->step[d], loss->n, steps);
		add_part(&loss->all[d], &loss->step[d], (double)steps);
	}
	for (int d = 0; d < 2; d++) {
		find_range(loss, d, 0, &least, &most);
		loss->least[d] = (long)least;
		loss->infinite[d] = fmin(TAIL * exp(loss->all[d].scale - loss->tilt[d] * most *
		    loss->h) - expm1(loss->all[d].log_finite), 1);
	}
	for (size_t k = 0; k < loss->n; k++) {
		loss->mass[0][k] = x->re[k] - y->im[k];
		loss->mass[1][k] = x->im[k] + y->re[k];
	}
	flp_fft_inverse(&loss->fft, loss->mass[0], loss->mass[1]);
}

/* From the greatest loss down: `above` is the probability of a loss above k h, and `weighed`
 * the sum of it times e^(k h - loss). From k h to the next point, delta is
 * above - weighed e^(epsilon - k h). */
struct scan {
	const struct flp_loss *loss;
	int d;
	long k;
	double above, weighed, falls;
};

static struct scan
scan_begin(const struct flp_loss *loss, int d)
{
	return (struct scan){ loss, d, loss->least[d] + (long)loss->n - 1, loss->infinite[d], 0,
		exp(-loss->h) };
}

/* What the tilt made of a probability at k h, for the rounding errors and for the mass. */
static double
untilted(const struct scan *s)
{
	return exp(s->loss->all[s->d].scale - s->loss->tilt[s->d] * s->loss->h * (double)s->k);
}

static void
scan_down(struct scan *s)
{
	double mass = s->loss->mass[s->d][(size_t)s->k & (s->loss->n - 1)] * untilted(s);

	s->above += mass;
	s->weighed = (s->weighed + mass) * s->falls;
	s->k--;
}

/* Rounding errors count: they may make epsilon and delta greater, not smaller. */
static double
epsilon_one(const struct flp_loss *loss, int d, double delta)
{
	struct scan s = scan_begin(loss, d);
	double left;

	if (!(loss->infinite[d] <= delta))
		return INFINITY;
	while (s.k >= 0 && s.k >= loss->least[d] &&
	    s.above - s.weighed + ROUNDING * untilted(&s) <= delta)
		scan_down(&s);
	left = s.above + ROUNDING * untilted(&s) - delta;
	return left <= 0 ? 0 : fmax((double)s.k * loss->h + fmin(log(left / s.weighed), loss->h), 0);
}

static double
delta_one(const struct flp_loss *loss, int d, double epsilon)
{
	struct scan s = scan_begin(loss, d);

	while (s.k >= loss->least[d] && (double)s.k * loss->h > epsilon)
		scan_down(&s);
	return fmin(fmax(s.above - s.weighed * exp(epsilon - (double)s.k * loss->h), 0) +
	    ROUNDING * untilted(&s), 1);
}

double
flp_loss_epsilon(const struct flp_loss *loss, double delta)
{
	return fmax(epsilon_one(loss, 0, delta), epsilon_one(loss, 1, delta));
}

double
flp_loss_delta(const struct flp_loss *loss, double epsilon)
{
	return fmax(delta_one(loss, 0, epsilon), delta_one(loss, 1, epsilon));
}
