/* Stockham's algorithm (Cochran et al. 1967): numbers move between two arrays, so that no
 * order of bits has to be reversed and all is read in sequence. */
#include "kernel/fft.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define GREATEST ((size_t)1 << 31)

int
flp_fft_init(struct flp_fft *fft, size_t n, struct flp_error *e)
{
	*fft = (struct flp_fft){ .n = n };
	if (n == 0 || n > GREATEST || (n & (n - 1)) != 0)
		return flp_error_misuse(e, "expected a power of two, found %zu", n);
	if ((fft->cosine = flp_memory_new(n / 2 + 1, sizeof *fft->cosine, e)) == NULL ||
	    (fft->sine = flp_memory_new(n / 2 + 1, sizeof *fft->sine, e)) == NULL ||
	    (fft->re = flp_memory_new(n, sizeof *fft->re, e)) == NULL ||
	    (fft->im = flp_memory_new(n, sizeof *fft->im, e)) == NULL) {
		flp_fft_free(fft);
		return -1;
	}
	for (size_t k = 0; k < n / 2; k++) {
		fft->cosine[k] = cos(2 * M_PI * (double)k / (double)n);
		fft->sine[k] = sin(2 * M_PI * (double)k / (double)n);
	}
	return 0;
}

void
flp_fft_free(struct flp_fft *fft)
{
	free(fft->cosine);
	free(fft->sine);
	free(fft->re);
	free(fft->im);
	*fft = (struct flp_fft){ 0 };
}

/* One step: pairs at distance n / 2 become sums and turned differences, in runs of `run`. */
static void
step(const struct flp_fft *fft, size_t run, const double *restrict re,
    const double *restrict im, double *restrict to_re, double *restrict to_im)
{
	size_t half = fft->n / 2;

	for (size_t at = 0; at < half; at += run) {
		double c = fft->cosine[at], s = fft->sine[at];

		for (size_t i = at; i < at + run; i++) {
			double x = re[i] - re[i + half], y = im[i] - im[i + half];

			to_re[i + at] = re[i] + re[i + half];
			to_im[i + at] = im[i] + im[i + half];
			to_re[i + at + run] = x * c + y * s;
			to_im[i + at + run] = y * c - x * s;
		}
	}
}

void
flp_fft_forward(struct flp_fft *fft, double *re, double *im)
{
	double *from_re = re, *from_im = im, *to_re = fft->re, *to_im = fft->im, *swap;

	for (size_t run = 1; run < fft->n; run *= 2) {
		step(fft, run, from_re, from_im, to_re, to_im);
		swap = from_re, from_re = to_re, to_re = swap;
		swap = from_im, from_im = to_im, to_im = swap;
	}
	if (from_re != re) {
		memcpy(re, from_re, fft->n * sizeof *re);
		memcpy(im, from_im, fft->n * sizeof *im);
	}
}

/* Swapping the parts before and after conjugates what is transformed and the result. */
void
flp_fft_inverse(struct flp_fft *fft, double *re, double *im)
{
	flp_fft_forward(fft, im, re);
	for (size_t k = 0; k < fft->n; k++) {
		re[k] /= (double)fft->n;
		im[k] /= (double)fft->n;
	}
}

void
flp_fft_ref(const double *re, const double *im, size_t n, double *to_re, double *to_im)
{
	for (size_t k = 0; k < n; k++) {
		long double x = 0, y = 0;

		for (size_t j = 0; j < n; j++) {
			long double turn = 2 * M_PIl * (long double)(j * k % n) / (long double)n;

			x += re[j] * cosl(turn) + im[j] * sinl(turn);
			y += im[j] * cosl(turn) - re[j] * sinl(turn);
		}
		to_re[k] = (double)x;
		to_im[k] = (double)y;
	}
}
