#include "kernel/gemm.h"

#include <blis.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

/* Entering BLIS costs 0.4 us, as much as this many multiplications cost in a
 * plain loop. */
#define SMALL 512

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int refused;

/* BLIS 0.9 reads the kernel set from the environment, as a number, at its
 * first use. */
static void
start(void)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
		char number[16];

		snprintf(number, sizeof number, "%d", (int)BLIS_ARCH_HASWELL);
		setenv("BLIS_ARCH_TYPE", number, 1);
		bli_init();
		refused = bli_arch_query_id() != BLIS_ARCH_HASWELL;
		return;
	}
#endif
	bli_init();
}

int
flp_gemm_start(struct flp_error *e)
{
	pthread_once(&once, start);
	if (refused) {
		errno = 0;
		return flp_error_system(e, "BLIS: expected kernels haswell, found %s",
		    flp_gemm_kernels());
	}
	return 0;
}

const char *
flp_gemm_kernels(void)
{
	pthread_once(&once, start);
	return bli_arch_string(bli_arch_query_id());
}

static int
small(size_t m, size_t n, size_t k)
{
	return m <= SMALL && n <= SMALL && k <= SMALL && m * n * k <= SMALL;
}

/* BLIS takes strides of rows and of columns, so a transposed operand is one
 * whose strides change places; and it takes no pointers to const. */
static void
multiply(size_t m, size_t n, size_t k, float alpha, const float *a, size_t ra,
    size_t ca, const float *b, size_t rb, size_t cb, float beta, float *c)
{
	pthread_once(&once, start);
	bli_sgemm(BLIS_NO_TRANSPOSE, BLIS_NO_TRANSPOSE, (dim_t)m, (dim_t)n, (dim_t)k,
	    &alpha, (float *)(uintptr_t)a, (inc_t)ra, (inc_t)ca,
	    (float *)(uintptr_t)b, (inc_t)rb, (inc_t)cb, &beta, c, (inc_t)n, 1);
}

void
flp_gemm_nt(size_t m, size_t n, size_t k, float alpha, const float *a,
    const float *b, float beta, float *c)
{
	if (small(m, n, k))
		flp_gemm_nt_ref(m, n, k, alpha, a, b, beta, c);
	else
		multiply(m, n, k, alpha, a, k, 1, b, 1, k, beta, c);
}

void
flp_gemm_tn(size_t m, size_t n, size_t k, float alpha, const float *a,
    const float *b, float beta, float *c)
{
	if (small(m, n, k))
		flp_gemm_tn_ref(m, n, k, alpha, a, b, beta, c);
	else
		multiply(m, n, k, alpha, a, 1, m, b, n, 1, beta, c);
}

void
flp_gemm_nn(size_t m, size_t n, size_t k, float alpha, const float *a,
    const float *b, float beta, float *c)
{
	if (small(m, n, k))
		flp_gemm_nn_ref(m, n, k, alpha, a, b, beta, c);
	else
		multiply(m, n, k, alpha, a, k, 1, b, n, 1, beta, c);
}

static inline void
loops(size_t m, size_t n, size_t k, float alpha, const float *a, size_t ra,
    size_t ca, const float *b, size_t rb, size_t cb, float beta, float *c)
{
	for (size_t i = 0; i < m; i++)
		for (size_t j = 0; j < n; j++) {
			float sum = 0;

			for (size_t l = 0; l < k; l++)
				sum += a[i * ra + l * ca] * b[l * rb + j * cb];
			sum *= alpha;
			c[i * n + j] = beta == 0 ? sum : sum + beta * c[i * n + j];
		}
}

void
flp_gemm_nt_ref(size_t m, size_t n, size_t k, float alpha, const float *a,
    const float *b, float beta, float *c)
{
	loops(m, n, k, alpha, a, k, 1, b, 1, k, beta, c);
}

void
flp_gemm_tn_ref(size_t m, size_t n, size_t k, float alpha, const float *a,
    const float *b, float beta, float *c)
{
	loops(m, n, k, alpha, a, 1, m, b, n, 1, beta, c);
}

void
flp_gemm_nn_ref(size_t m, size_t n, size_t k, float alpha, const float *a,
    const float *b, float beta, float *c)
{
	loops(m, n, k, alpha, a, k, 1, b, n, 1, beta, c);
}
