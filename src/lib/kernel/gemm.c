#include "kernel/gemm.h"

#include <blis.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

/* A call of BLIS costs 0.4 us in itself, as much as this many multiplications in a plain loop. */
#define SMALL 512

/* BLIS is started once in a process, whichever thread comes first, and all of them ask here
 * whether that went well. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int refused, failed; /* failed: an errno */

/* BLIS 0.9 reads the kernel set from the environment, as a number, at its
 * first use. */
static void
start(void)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
		char number[16];

		snprintf(number, sizeof number, "%d", (int)BLIS_ARCH_HASWELL);
		if (setenv("BLIS_ARCH_TYPE", number, 1) < 0) {
			failed = errno;
			return;
		}
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
	if (failed)
		return flp_error_system(e, failed, "BLIS");
	if (refused)
		return flp_error_system(e, 0, "BLIS: expected kernels haswell, found %s",
		    flp_gemm_kernels());
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
struct operand {
	const float *at;
	size_t row, column; /* strides */
};

/* y[m] = alpha A[m,k] x[k] + beta y */
static void
multiply_vector(size_t m, size_t k, float alpha, struct operand a, const float *x,
    size_t stride, float beta, float *y)
{
	bli_sgemv(BLIS_NO_TRANSPOSE, BLIS_NO_CONJUGATE, (dim_t)m, (dim_t)k, &alpha,
	    (float *)(uintptr_t)a.at, (inc_t)a.row, (inc_t)a.column,
	    (float *)(uintptr_t)x, (inc_t)stride, &beta, y, 1);
}

/* Some haswell kernels of BLIS 0.9 read, but don't use, what lies after the
 * last row of A or after the end of C (its issues 635 and 821). They come
 * last in the rows of C, so where `beyond` says that they may come, the last
 * row goes by itself. */
static void
multiply(size_t m, size_t n, size_t k, float alpha, struct operand a, struct operand b,
    float beta, float *c, int beyond)
{
	size_t rows = beyond ? m - 1 : m;
	struct operand turned = { b.at, b.column, b.row };

	pthread_once(&once, start);
	if (n == 1) {
		multiply_vector(m, k, alpha, a, b.at, b.row, beta, c);
		return;
	}
	if (rows > 0)
		bli_sgemm(BLIS_NO_TRANSPOSE, BLIS_NO_TRANSPOSE, (dim_t)rows, (dim_t)n,
		    (dim_t)k, &alpha, (float *)(uintptr_t)a.at, (inc_t)a.row, (inc_t)a.column,
		    (float *)(uintptr_t)b.at, (inc_t)b.row, (inc_t)b.column, &beta, c,
		    (inc_t)n, 1);
	if (rows < m)
		multiply_vector(n, k, alpha, turned, a.at + rows * a.row, a.column, beta,
		    c + rows * n);
}

/* Rows go by six, the rest of them by three, two and one, columns of the
 * depth by eight: the single row reads another one where some are left. */
static int
beyond_a(size_t m, size_t k)
{
	return k % 8 != 0 && (m % 6 == 1 || m % 6 == 4);
}

/* Columns go by sixteen, eight, four, two and one: where two are left, four are read. */
static int
beyond_c(size_t n)
{
	return n % 4 >= 2;
}

void
flp_gemm_nt(size_t m, size_t n, size_t k, float alpha, const float *a,
    const float *b, float beta, float *c)
{
	if (small(m, n, k))
		flp_gemm_nt_ref(m, n, k, alpha, a, b, beta, c);
	else
		multiply(m, n, k, alpha, (struct operand){ a, k, 1 },
		    (struct operand){ b, 1, k }, beta, c, beyond_a(m, k));
}

void
flp_gemm_tn(size_t m, size_t n, size_t k, float alpha, const float *a,
    const float *b, float beta, float *c)
{
	if (small(m, n, k))
		flp_gemm_tn_ref(m, n, k, alpha, a, b, beta, c);
	else
		multiply(m, n, k, alpha, (struct operand){ a, 1, m },
		    (struct operand){ b, n, 1 }, beta, c, beyond_c(n));
}

void
flp_gemm_nn(size_t m, size_t n, size_t k, float alpha, const float *a,
    const float *b, float beta, float *c)
{
	if (small(m, n, k))
		flp_gemm_nn_ref(m, n, k, alpha, a, b, beta, c);
	else
		multiply(m, n, k, alpha, (struct operand){ a, k, 1 },
		    (struct operand){ b, n, 1 }, beta, c, beyond_c(n));
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
