#include "privacy/loss.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK ((size_t)512)

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

/* Allocates all arrays. The spectrum of no releases is 1. */
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
	if (flp_loss_dots(loss, spent, loss->h, e) < 0)
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

/* Multiplies n numbers re + i im by x + i y, one by one. Both may be the same arrays. */
static void
multiply_block(double *re, double *im, const double *x, const double *y, size_t n)
{
	for (size_t k = 0; k < n; k++) {
		double a = re[k] * x[k] - im[k] * y[k], b = re[k] * y[k] + im[k] * x[k];

		re[k] = a;
		im[k] = b;
	}
}

/* Multiplies `all` by step^steps, by squaring. Blocks stay in the nearest cache. */
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
	status = flp_loss_tilt(loss, spent, n, then, (double)most, e);
	if (status == 0)
		status = flp_loss_size(loss, spent, n, then, (double)most, e);
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
		flp_loss_add(&loss->all[d], &loss->step[d], (double)steps);
	}
	for (int d = 0; d < 2; d++) {
		flp_loss_range(loss, d, 0, &least, &most);
		loss->least[d] = (long)least;
		loss->infinite[d] = fmin(FLP_LOSS_TAIL * exp(loss->all[d].scale - loss->tilt[d] * most *
		    loss->h) - expm1(loss->all[d].log_finite), 1);
	}
	for (size_t k = 0; k < loss->n; k++) {
		loss->mass[0][k] = x->re[k] - y->im[k];
		loss->mass[1][k] = x->im[k] + y->re[k];
	}
	flp_fft_inverse(&loss->fft, loss->mass[0], loss->mass[1]);
}
