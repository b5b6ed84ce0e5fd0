/* For tests/fft.py: reads a length and as many pairs of numbers, prints the pairs of their
 * transform. */
#include "kernel/fft.h"

#include <stdio.h>
#include <stdlib.h>

int
main(void)
{
	struct flp_error e;
	struct flp_fft fft;
	double *re, *im;
	size_t n;

	while (scanf("%zu", &n) == 1) {
		re = malloc(n * sizeof *re);
		im = malloc(n * sizeof *im);
		for (size_t i = 0; i < n; i++)
			if (scanf("%lf %lf", &re[i], &im[i]) != 2)
				return 1;
		if (flp_fft_init(&fft, n, &e) < 0)
			return 1;
		flp_fft_forward(&fft, re, im);
		for (size_t i = 0; i < n; i++)
			printf("%.17g %.17g\n", re[i], im[i]);
		flp_fft_free(&fft);
		free(re);
		free(im);
	}
	return 0;
}
