/* peak: the best rate of one thread's matrix products here, in GFLOP/s: the
 * limit that training is measured against. */
#include "kernel/gemm.h"
#include "base/memory.h"

#include <stdio.h>
#include <time.h>

#define N 1024

int
main(void)
{
	struct flp_error e;
	float *a = flp_memory_new(N * N, sizeof *a, &e), *b = flp_memory_new(N * N, sizeof *b, &e),
	    *c = flp_memory_new(N * N, sizeof *c, &e);
	double best = 0;

	if (a == NULL || b == NULL || c == NULL || flp_gemm_start(&e) < 0) {
		fprintf(stderr, "peak: %s\n", e.text);
		return e.code;
	}
	for (int i = 0; i < 20; i++) {
		struct timespec from, to;
		double seconds;

		clock_gettime(CLOCK_MONOTONIC, &from);
		flp_gemm_nn(N, N, N, 1, a, b, 0, c);
		clock_gettime(CLOCK_MONOTONIC, &to);
		seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
		if (2e-9 * N * N * N / seconds > best)
			best = 2e-9 * N * N * N / seconds;
	}
	printf("%.2f %s\n", best, flp_gemm_kernels());
	return 0;
}
