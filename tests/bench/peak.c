/* peak: the best rates of one thread here, the limits that tools are measured against.
 * Two lines: of matrix products in GFLOP/s, and what kernels make them; of libsodium's
 * BLAKE2b-256 in GB/s. */
#include "kernel/gemm.h"
#include "base/memory.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define N 1024
#define BYTES (N * N * sizeof(float))
#define TIMES 20

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static float *
matrix(void)
{
	struct flp_error e;
	float *m = flp_memory_new(N * N, sizeof *m, &e);

	if (m != NULL)
		return m;
	fprintf(stderr, "peak: %s\n", e.text);
	exit(e.code);
}

/* The least time of some products, in seconds. */
static double
multiply(const float *a, const float *b, float *c)
{
	double best = 1e9;

	for (int i = 0; i < TIMES; i++) {
		double from = now(), took;

		flp_gemm_nn(N, N, N, 1, a, b, 0, c);
		if ((took = now() - from) < best)
			best = took;
	}
	return best;
}

/* The same of digests of BYTES bytes. */
static double
digest(const float *a)
{
	unsigned char made[32];
	double best = 1e9;

	for (int i = 0; i < TIMES; i++) {
		double from = now(), took;

		crypto_generichash(made, sizeof made, (const unsigned char *)a, BYTES, NULL, 0);
		if ((took = now() - from) < best)
			best = took;
	}
	return best;
}

int
main(void)
{
	float *a = matrix(), *b = matrix(), *c = matrix();
	struct flp_error e;

	if (flp_gemm_start(&e) < 0 || sodium_init() < 0) {
		fprintf(stderr, "peak: cannot start\n");
		return 4;
	}
	printf("%.2f %s\n", 2e-9 * N * N * N / multiply(a, b, c), flp_gemm_kernels());
	printf("%.2f\n", 1e-9 * BYTES / digest(a));
	return 0;
}
