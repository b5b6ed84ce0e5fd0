/* kernel/fft: held to the transform by its definition. tests/fft.py has numpy's. */
#include "kernel/fft.h"
#include "unit.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static double
roll(void)
{
	static uint64_t state = 1;

	state = state * 6364136223846793005u + 1442695040888963407u;
	return (double)(state >> 11) * 0x1p-53 - 0.5;
}

static void
test_length(size_t n)
{
	double *re = malloc(n * sizeof *re), *im = malloc(n * sizeof *im);
	double *x = malloc(n * sizeof *x), *y = malloc(n * sizeof *y);
	double *want_re = malloc(n * sizeof *want_re), *want_im = malloc(n * sizeof *want_im);
	struct flp_error e;
	struct flp_fft fft;

	for (size_t i = 0; i < n; i++) {
		x[i] = re[i] = roll();
		y[i] = im[i] = roll();
	}
	CHECK(flp_fft_init(&fft, n, &e) == 0, "%s", e.text);
	flp_fft_ref(x, y, n, want_re, want_im);
	flp_fft_forward(&fft, re, im);
	for (size_t i = 0; i < n; i++)
		CHECK(hypot(re[i] - want_re[i], im[i] - want_im[i]) < 1e-15 * sqrt((double)n) * 10,
		    "%zu of %zu: %.17g %.17g", i, n, re[i], im[i]);
	flp_fft_inverse(&fft, re, im);
	for (size_t i = 0; i < n; i++)
		CHECK(hypot(re[i] - x[i], im[i] - y[i]) < 3e-15, "back, %zu of %zu", i, n);
	flp_fft_free(&fft);
	free(re), free(im), free(x), free(y), free(want_re), free(want_im);
}

static void
test_refused(void)
{
	static const size_t bad[] = { 0, 3, 12, 1023, (size_t)1 << 32 };
	struct flp_error e;
	struct flp_fft fft;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK(flp_fft_init(&fft, bad[i], &e) < 0 && e.code == FLP_ERROR_SYSTEM &&
		    strstr(e.text, "a power of two") != NULL, "%zu", bad[i]);
}

int
main(void)
{
	for (size_t n = 1; n <= 1024; n *= 2)
		test_length(n);
	test_refused();
	return unit_done();
}
