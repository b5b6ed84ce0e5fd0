/* Before losses are composed: how they are tilted, and how many points they need. */
#include "privacy/loss.h"

#include <math.h>
#include <string.h>

#define FEW -7    /* ln of the greatest share of delta that rounding errors may be */
#define WIDER 1.3 /* a tilt is too much if it makes the ring wider than this */
#define TILTS 5   /* halvings of a tilt */
#define RING_MOST ((size_t)1 << 21)

void
flp_loss_add(struct flp_loss_part *to, const struct flp_loss_part *part, double steps)
{
	for (int k = 0; k < FLP_DOTS_POWERS; k++) {
		to->plus[k] += steps * part->plus[k];
		to->minus[k] += steps * part->minus[k];
	}
	to->log_finite += steps * part->log_finite;
	to->scale += steps * part->scale;
}

int
flp_loss_dots(struct flp_loss *loss, const struct flp_spent *spent, double h, struct flp_error *e)
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

/* Sets all but the spectrum of `part`, for one release on a grid of step h. */
static int
measure(struct flp_loss *loss, struct flp_loss_part part[2], const struct flp_spent *spent,
    double h, struct flp_error *e)
{
	int status = flp_loss_dots(loss, spent, h, e);

	for (int d = 0; status == 0 && d < 2; d++) {
		const struct flp_dots *dots = &loss->dots[d];

		flp_dots_log_moments(dots, h, part[d].plus, part[d].minus);
		part[d].log_finite = log1p(-dots->infinite);
		part[d].scale = dots->scale;
	}
	return status;
}

void
flp_loss_range(const struct flp_loss *loss, int d, double steps, double *least, double *most)
{
	const struct flp_loss_part *all = &loss->all[d], *step = &loss->step[d];
	double low = -INFINITY, high = INFINITY, tail = log(FLP_LOSS_TAIL);

	for (int k = 0; k < FLP_DOTS_POWERS; k++) {
		double power = flp_dots_power(k);

		high = fmin(high, (all->plus[k] + steps * step->plus[k] - tail) / power);
		low = fmax(low, -(all->minus[k] + steps * step->minus[k] - tail) / power);
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
	struct flp_loss_part part[2] = { 0 };
	double least, greatest;
	int status;

	memset(loss->all, 0, sizeof loss->all);
	loss->dots_of = NULL; /* they are of another grid or tilt */
	for (size_t i = 0; i < n + (then != NULL); i++) {
		const struct flp_spent *s = i < n ? &spent[i] : then;

		status = measure(loss, part, s, coarse ? flp_dots_coarse(s, loss->h) : loss->h, e);
		if (status != 0)
			return status;
		for (int d = 0; d < 2 && i < n; d++)
			flp_loss_add(&loss->all[d], &part[d], (double)s->steps);
		if (i == n)
			memcpy(loss->step, part, sizeof part);
	}
	for (int d = 0; d < 2; d++) {
		flp_loss_range(loss, d, most, &least, &greatest);
		points[d] = greatest - least + 1;
	}
	return 0;
}

/* The least tilt, in one direction, with which the rounding errors at epsilon are small beside
 * delta, or if there is none, the tilt with which they are smallest. Undoing the tilt scales
 * them as Chernoff's bound on the probability of a greater loss. */
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

/* Chooses the tilts, but takes smaller ones if they would make the ring much larger. */
int
flp_loss_tilt(struct flp_loss *loss, const struct flp_spent *spent, size_t n,
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

int
flp_loss_size(struct flp_loss *loss, const struct flp_spent *spent, size_t n,
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
