#include "kernel/norm.h"

#include <math.h>

#define BLOCK ((size_t)1024) /* a multiple of the lanes */

static void
add_block(struct flp_norm *norm, size_t lane, const double *x, size_t n)
{
	size_t i = 0;

	for (; i < n && (lane + i) % FLP_NORM_LANES != 0; i++)
		norm->lane[(lane + i) % FLP_NORM_LANES] += x[i] * x[i];
	for (; n - i >= FLP_NORM_LANES; i += FLP_NORM_LANES)
		for (size_t j = 0; j < FLP_NORM_LANES; j++)
			norm->lane[j] += x[i + j] * x[i + j];
	for (size_t j = 0; i < n; i++, j++)
		norm->lane[j] += x[i] * x[i];
}

void
flp_norm_add(struct flp_norm *norm, uint64_t first, const void *values, enum flp_dtype dtype,
    size_t n)
{
	size_t size = flp_dtype_size(dtype);
	double block[BLOCK];

	for (size_t at = 0, k; at < n; at += k) {
		k = n - at < BLOCK ? n - at : BLOCK;
		flp_dtype_to_f64((const unsigned char *)values + at * size, dtype, k, block);
		add_block(norm, (size_t)((first + at) % FLP_NORM_LANES), block, k);
	}
}

double
flp_norm_value(const struct flp_norm *norm)
{
	const double *x = norm->lane;

	return sqrt(((x[0] + x[1]) + (x[2] + x[3])) + ((x[4] + x[5]) + (x[6] + x[7])));
}
