/* sampler SIGMA N: draws N values of the discrete Gaussian of SIGMA steps, and prints how many
 * millions a second. */
#include "privacy/sampler.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int
main(int argc, char **argv)
{
	uint64_t sigma = argc == 3 ? strtoull(argv[1], NULL, 10) : 0;
	uint64_t n = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
	struct timespec before, after;
	struct flp_gaussian g;
	struct flp_stream s;
	struct flp_error e;
	int64_t sum = 0;
	double seconds;

	if (sigma == 0 || sigma > FLP_SIGMA_MOST || n == 0 || flp_stream_secret(&s, &e) < 0)
		return 2;
	flp_gaussian_begin(&g, sigma);
	clock_gettime(CLOCK_MONOTONIC, &before);
	for (uint64_t i = 0; i < n; i++)
		sum += flp_gaussian_draw(&g, &s);
	clock_gettime(CLOCK_MONOTONIC, &after);
	seconds = (double)(after.tv_sec - before.tv_sec) +
	    (double)(after.tv_nsec - before.tv_nsec) / 1e9;
	printf("%.1f\n", (double)n / seconds / 1e6);
	return sum == INT64_MIN; /* never; but the draws are used */
}
