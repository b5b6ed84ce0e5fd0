/* Matrix products in f32, row-major, by BLIS. No other file uses BLIS.
 *
 * The result of a product depends only on its shape and values, never on what
 * ran before it or at the same time. On x86-64 with AVX2 and FMA it is the same
 * on every machine: BLIS is told to use its haswell kernels there. Elsewhere
 * BLIS chooses. Any number of threads may multiply at the same time. */
#ifndef FLP_KERNEL_GEMM_H
#define FLP_KERNEL_GEMM_H

#include "base/error.h"

#include <stddef.h>

/* Starts BLIS (a fraction of a millisecond, once in a process), setting
 * BLIS_ARCH_TYPE in the environment, and fails with FLP_ERROR_SYSTEM if BLIS did
 * not take the kernels asked for. The products start it themselves if this was
 * not called, but can't say that it failed. */
int flp_gemm_start(struct flp_error *e) FLP_CHECKED;

/* The name of BLIS's kernel set in use: "haswell". */
const char *flp_gemm_kernels(void);

/* C[m,n] = alpha op(A) op(B) + beta C. With beta = 0, C is not read. C
 * overlaps neither A nor B; every dimension is at least 1.
 *   nt: A[m,k] B[n,k]^T    tn: A[k,m]^T B[k,n]    nn: A[m,k] B[k,n] */
void flp_gemm_nt(size_t m, size_t n, size_t k, float alpha, const float *a,
    const float *b, float beta, float *c);
void flp_gemm_tn(size_t m, size_t n, size_t k, float alpha, const float *a,
    const float *b, float beta, float *c);
void flp_gemm_nn(size_t m, size_t n, size_t k, float alpha, const float *a,
    const float *b, float beta, float *c);

/* The same as plain loops, which is also how the smallest products are done. */
void flp_gemm_nt_ref(size_t m, size_t n, size_t k, float alpha, const float *a,
    const float *b, float beta, float *c);
void flp_gemm_tn_ref(size_t m, size_t n, size_t k, float alpha, const float *a,
    const float *b, float beta, float *c);
void flp_gemm_nn_ref(size_t m, size_t n, size_t k, float alpha, const float *a,
    const float *b, float beta, float *c);

#endif
