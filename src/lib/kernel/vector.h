/* Loops over f32 arrays. Sums are made in a fixed order, so a result never depends
 * on the width of the machine's vectors. */
#ifndef FLP_KERNEL_VECTOR_H
#define FLP_KERNEL_VECTOR_H

#include <stddef.h>
#include <stdint.h>

/* The sum of x[i]^2 in f64. Eight partial sums, value i in sum i mod 8, are
 * added in pairs; _ref adds in the order of the array. */
double flp_vector_squares(const float *x, size_t n);
double flp_vector_squares_ref(const float *x, size_t n);

/* x[i] *= factor */
void flp_vector_scale(float *x, size_t n, float factor);

/* out[n] = alpha * (column sums of x[m,n]) + beta * out; with beta = 0, out is
 * not read. Every column is summed in the order of its rows, as _ref does. */
void flp_vector_columns(size_t m, size_t n, float alpha, const float *x, float beta,
    float *out);
void flp_vector_columns_ref(size_t m, size_t n, float alpha, const float *x, float beta,
    float *out);

/* out[i] = (x[i] - center[i]) * inverse[i]. For f32 it is computed in f64 and
 * rounded once; for bytes, which have no digits to lose, in f32. */
void flp_vector_standardise_f32(float *out, const float *x, const double *center,
    const double *inverse, size_t n);
void flp_vector_standardise_u8(float *out, const uint8_t *x, const float *center,
    const float *inverse, size_t n);

/* out[n,m] = x[m,n]^T; out and x don't overlap. */
void flp_vector_transpose(size_t m, size_t n, const float *x, float *out);
void flp_vector_transpose_ref(size_t m, size_t n, const float *x, float *out);

/* out[i] = x[i] */
void flp_vector_from_u8(float *out, const uint8_t *x, size_t n);

#endif
