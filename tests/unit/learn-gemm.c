/* Products by BLIS against sums in f64, with memory after the operands that can't be
 * read, and the same bits from any thread. */
#include "kernel/gemm.h"
#include "kernel/random.h"
#include "kernel/vector.h"
#include "unit.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define THREADS 4

/* Whole pages for n values, and a page after them that can't be read. */
static size_t
pages(size_t n)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (n * sizeof(float) + page - 1) / page * page;
}

/* n numbers that end where a page ends. */
static float *
numbers(size_t n, uint64_t seed)
{
	size_t size = pages(n), page = (size_t)sysconf(_SC_PAGESIZE);
	struct flp_random r;
	char *start;
	float *x;

	start = mmap(NULL, size + page, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (start == MAP_FAILED || mprotect(start + size, page, PROT_NONE) < 0)
		abort();
	x = (float *)(start + size) - n;
	flp_random_init(&r, seed, 0, 0, FLP_PURPOSE_INIT);
	for (size_t i = 0; i < n; i++)
		x[i] = (float)(2 * flp_random_unit(&r) - 1);
	return x;
}

static void
drop(float *x, size_t n)
{
	size_t size = pages(n);

	munmap((char *)(x + n) - size, size + (size_t)sysconf(_SC_PAGESIZE));
}

typedef void product(size_t, size_t, size_t, float, const float *, const float *, float,
    float *);

static product *const products[] = { flp_gemm_nt, flp_gemm_tn, flp_gemm_nn,
	flp_gemm_nt_ref, flp_gemm_tn_ref, flp_gemm_nn_ref };

/* The largest error in units of f32 rounding of the longest possible sum. */
static double
error_of(int which, size_t m, size_t n, size_t k, float alpha, float beta)
{
	float *a = numbers(m * k, 1), *b = numbers(k * n, 2), *c = numbers(m * n, 3);
	float *d = numbers(m * n, 3);
	double worst = 0;

	if (beta == 0)
		for (size_t i = 0; i < m * n; i++)
			d[i] = NAN;
	products[which](m, n, k, alpha, a, b, beta, d);
	for (size_t i = 0; i < m; i++)
		for (size_t j = 0; j < n; j++) {
			double sum = 0;

			for (size_t l = 0; l < k; l++)
				sum += (double)a[which % 3 == 1 ? l * m + i : i * k + l] *
				    b[which % 3 == 0 ? j * k + l : l * n + j];
			sum = alpha * sum + (beta == 0 ? 0 : (double)beta * c[i * n + j]);
			sum = fabs(sum - d[i * n + j]) / ((double)k + 1) * 0x1p23;
			worst = sum <= worst ? worst : sum; /* NaN too */
		}
	drop(a, m * k);
	drop(b, k * n);
	drop(c, m * n);
	drop(d, m * n);
	return worst;
}

static void
shapes(void)
{
	static const size_t sizes[] = { 1, 3, 8, 10, 31, 67 };
	size_t count = sizeof sizes / sizeof sizes[0];

	for (int which = 0; which < 6; which++)
		for (size_t i = 0; i < count * count * count; i++) {
			size_t m = sizes[i % count], n = sizes[i / count % count];
			size_t k = sizes[i / count / count];
			double error = error_of(which, m, n, k, -0.5f, (float)(i % 3) / 2);

			CHECK(error < 1, "%d %zu %zu %zu: %g", which, m, n, k, error);
		}
}

/* A product of the same numbers in other places of a cache line. */
static void
places(int which, size_t m, size_t n, size_t k)
{
	float *a = numbers(m * k, 1), *b = numbers(k * n, 2), *c = numbers(m * n, 3);
	float *moved[3] = { malloc((m * k + 16) * sizeof *a), malloc((k * n + 16) * sizeof *b),
		malloc((m * n + 16) * sizeof *c) };

	products[which](m, n, k, -0.1f, a, b, 1, c);
	for (size_t by = 0; by < 16; by += 5) {
		float *other = numbers(m * n, 3);

		memcpy(moved[0] + by, a, m * k * sizeof *a);
		memcpy(moved[1] + by / 2, b, k * n * sizeof *b);
		memcpy(moved[2] + by / 3, other, m * n * sizeof *c);
		products[which](m, n, k, -0.1f, moved[0] + by, moved[1] + by / 2, 1,
		    moved[2] + by / 3);
		CHECK(memcmp(moved[2] + by / 3, c, m * n * sizeof *c) == 0,
		    "%d %zu %zu %zu: moved by %zu", which, m, n, k, by);
		drop(other, m * n);
	}
	drop(a, m * k);
	drop(b, k * n);
	drop(c, m * n);
	for (int i = 0; i < 3; i++)
		free(moved[i]);
}

/* Products of several shapes, over and over, into one array. */
static void *
work(void *to)
{
	static const size_t sizes[][3] = { { 10, 200, 784 }, { 200, 784, 10 },
		{ 210, 210, 210 }, { 3, 4, 5 }, { 64, 10, 784 } };
	float *a = numbers(784 * 210, 4), *b = numbers(784 * 210, 5), *c = to;

	for (int round = 0; round < 2; round++)
		for (size_t s = 0; s < 5; s++)
			for (int which = 0; which < 3; which++) {
				const size_t *z = sizes[s];

				products[which](z[0], z[1], z[2], 1e-3f, a, b,
				    round == 0 && s == 0 && which == 0 ? 0 : 0.5f, c);
			}
	drop(a, 784 * 210);
	drop(b, 784 * 210);
	return NULL;
}

static void
threads(void)
{
	pthread_t thread[THREADS];
	float *c[THREADS + 1];
	size_t n = 784 * 210;

	for (int i = 0; i <= THREADS; i++)
		c[i] = calloc(n, sizeof **c);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_create(&thread[i], NULL, work, c[i]) == 0, "thread %d", i);
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	work(c[THREADS]);
	for (int i = 0; i < THREADS; i++)
		CHECK(memcmp(c[i], c[THREADS], n * sizeof **c) == 0, "thread %d", i);
	for (int i = 0; i <= THREADS; i++)
		free(c[i]);
}

/* Shapes around the widths that are worked on together. */
static void
matrices(void)
{
	static const size_t sizes[] = { 1, 15, 16, 17, 63, 64, 65, 150 };
	size_t count = sizeof sizes / sizeof sizes[0];

	for (size_t i = 0; i < count * count; i++) {
		size_t m = sizes[i % count], n = sizes[i / count];
		float *x = numbers(m * n, 6), *y = numbers(m * n, 7), *z = numbers(m * n, 8);
		float beta = (float)(i % 3) / 2;

		flp_vector_transpose(m, n, x, y);
		flp_vector_transpose_ref(m, n, x, z);
		CHECK(memcmp(y, z, m * n * sizeof *y) == 0, "transpose %zu %zu", m, n);
		for (size_t j = 0; j < n; j++)
			y[j] = z[j] = beta == 0 ? NAN : x[j];
		flp_vector_columns(m, n, -0.3f, x, beta, y);
		flp_vector_columns_ref(m, n, -0.3f, x, beta, z);
		CHECK(memcmp(y, z, n * sizeof *y) == 0, "columns %zu %zu", m, n);
		drop(x, m * n);
		drop(y, m * n);
		drop(z, m * n);
	}
}

static void
vectors(void)
{
	float *x = numbers(1003, 6), sums[2] = { 1, 1 }, square[4];
	double a, b;

	for (size_t n = 0; n <= 1003; n += 59) {
		a = flp_vector_squares(x, n);
		b = flp_vector_squares_ref(x, n);
		CHECK(fabs(a - b) <= 1e-13 * b, "%zu: %g %g", n, a, b);
	}
	flp_vector_transpose_ref(2, 2, (float[]){ 1, 2, 3, 4 }, square);
	CHECK(square[0] == 1 && square[1] == 3 && square[2] == 2 && square[3] == 4, "transposed");
	flp_vector_columns(3, 2, 2, (float[]){ 1, 2, 3, 4, 5, 6 }, 10, sums);
	CHECK(sums[0] == 28 && sums[1] == 34, "columns: %g %g", sums[0], sums[1]);
	sums[0] = sums[1] = NAN;
	flp_vector_columns(3, 2, -1, (float[]){ 1, 2, 3, 4, 5, 6 }, 0, sums);
	CHECK(sums[0] == -9 && sums[1] == -12, "columns: %g %g", sums[0], sums[1]);
	drop(x, 1003);
}

int
main(void)
{
	struct flp_error e;

	CHECK(flp_gemm_start(&e) == 0, "%s", e.text);
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		CHECK(strcmp(flp_gemm_kernels(), "haswell") == 0, "%s", flp_gemm_kernels());
#endif
	shapes();
	for (int which = 0; which < 3; which++) {
		places(which, 10, 50, 131);
		places(which, 203, 1, 77);
		places(which, 64, 66, 9);
		places(which, 203, 204, 205);
	}
	threads();
	matrices();
	vectors();
	return unit_done();
}
