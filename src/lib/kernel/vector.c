#include "kernel/vector.h"
#include "base/simd.h"

/* These are exported, which not every compiler can do with clones. */
#ifdef __clang__
#define CLONED
#else
#define CLONED FLP_SIMD
#endif

#define LANES 8
#define COLUMNS 64 /* summed at a time: they fit in the registers */
#define TILE 16    /* transposed at a time: one cache line wide */

CLONED double
flp_vector_squares(const float *x, size_t n)
{
	double sum[LANES] = { 0 };
	size_t i;

	for (i = 0; i + LANES <= n; i += LANES)
		for (size_t l = 0; l < LANES; l++)
			sum[l] += (double)x[i + l] * x[i + l];
	for (size_t l = 0; i + l < n; l++)
		sum[l] += (double)x[i + l] * x[i + l];
	return ((sum[0] + sum[1]) + (sum[2] + sum[3])) +
	    ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

double
flp_vector_squares_ref(const float *x, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (double)x[i] * x[i];
	return sum;
}

CLONED void
flp_vector_scale(float *x, size_t n, float factor)
{
	for (size_t i = 0; i < n; i++)
		x[i] *= factor;
}

CLONED void
flp_vector_columns(size_t m, size_t n, float alpha, const float *x, float beta, float *out)
{
	for (size_t from = 0; from < n; from += COLUMNS) {
		size_t width = n - from < COLUMNS ? n - from : COLUMNS;
		float sum[COLUMNS] = { 0 };

		for (size_t i = 0; i < m; i++)
			for (size_t j = 0; j < width; j++)
				sum[j] += x[i * n + from + j];
		for (size_t j = 0; j < width; j++)
			out[from + j] = alpha * sum[j] +
			    (beta == 0 ? 0 : beta * out[from + j]);
	}
}

void
flp_vector_columns_ref(size_t m, size_t n, float alpha, const float *x, float beta,
    float *out)
{
	for (size_t j = 0; j < n; j++) {
		float sum = 0;

		for (size_t i = 0; i < m; i++)
			sum += x[i * n + j];
		out[j] = alpha * sum + (beta == 0 ? 0 : beta * out[j]);
	}
}

CLONED void
flp_vector_standardise_f32(float *restrict out, const float *restrict x,
    const double *restrict center, const double *restrict inverse, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (float)((x[i] - center[i]) * inverse[i]);
}

CLONED void
flp_vector_standardise_u8(float *restrict out, const uint8_t *restrict x,
    const float *restrict center, const float *restrict inverse, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (x[i] - center[i]) * inverse[i];
}

CLONED void
flp_vector_from_u8(float *restrict out, const uint8_t *restrict x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = x[i];
}

void
flp_vector_transpose(size_t m, size_t n, const float *restrict x, float *restrict out)
{
	for (size_t from = 0; from < m; from += TILE) {
		size_t to = m - from < TILE ? m : from + TILE;

		for (size_t j = 0; j < n; j++)
			for (size_t i = from; i < to; i++)
				out[j * m + i] = x[i * n + j];
	}
}

void
flp_vector_transpose_ref(size_t m, size_t n, const float *x, float *out)
{
	for (size_t i = 0; i < m; i++)
		for (size_t j = 0; j < n; j++)
			out[j * m + i] = x[i * n + j];
}
