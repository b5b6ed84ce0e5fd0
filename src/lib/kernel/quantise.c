#include "kernel/quantise.h"
#include "base/simd.h"

#include <math.h>

#define LANES 8
#define BLOCK ((size_t)1024)
#define MOST 0x1p52 /* up to here lanes add whole numbers without rounding */
#define ROUNDS 0x1.8p52 /* x + ROUNDS - ROUNDS is x rounded to whole, for |x| <= 2^51 */

FLP_SIMD static void
nearest(const double *value, double factor, size_t n, double *steps)
{
	for (size_t i = 0; i < n; i++)
		steps[i] = (value[i] * factor + ROUNDS) - ROUNDS;
}

void
flp_quantise_nearest(const double *value, double factor, size_t n, double *steps)
{
	nearest(value, factor, n, steps);
}

void
flp_quantise_down(const double *value, double factor, size_t n, double *steps)
{
	for (size_t i = 0; i < n; i++)
		steps[i] = trunc(value[i] * factor);
}

FLP_SIMD static double
squares(const double *x, size_t n)
{
	double lane[LANES] = { 0 }, sum = 0;
	size_t i = 0;

	for (; n - i >= LANES; i += LANES)
		for (size_t j = 0; j < LANES; j++)
			lane[j] += x[i + j] * x[i + j];
	for (; i < n; i++)
		sum += x[i] * x[i];
	for (size_t j = 0; j < LANES; j++)
		sum += lane[j];
	return sum;
}

/* A sum of whole numbers that are not negative is exact unless it comes out above MOST: all
 * sums on the way to it are smaller. Infinity and NaN are above it too. */
static void
add(uint64_t *sum, double more)
{
	if (*sum <= (uint64_t)MOST && more <= MOST)
		*sum += (uint64_t)more;
	else
		*sum = UINT64_MAX;
	if (*sum > (uint64_t)MOST)
		*sum = UINT64_MAX;
}

void
flp_quantise_squares(const double *steps, size_t n, uint64_t *sum)
{
	for (size_t at = 0; at < n; at += BLOCK)
		add(sum, squares(steps + at, n - at < BLOCK ? n - at : BLOCK));
}

void
flp_quantise_sizes(const double *steps, size_t n, uint64_t *sum)
{
	for (size_t i = 0; i < n; i++)
		add(sum, fabs(steps[i]));
}

/* 1 if all values are multiples of the step, of at most 2^51 steps. */
FLP_SIMD static int
divide(const double *restrict value, double step, double inverse, size_t n,
    double *restrict steps)
{
	int64_t odd = 0;

	for (size_t i = 0; i < n; i++) {
		double whole = (value[i] * inverse + ROUNDS) - ROUNDS;

		odd |= -(int64_t)!(whole * step == value[i]);
		odd |= -(int64_t)!(fabs(whole) <= 0x1p51);
		steps[i] = whole;
	}
	return odd == 0;
}

size_t
flp_quantise_exact(const double *value, double step, size_t n, double *steps)
{
	if (divide(value, step, 1 / step, n, steps))
		return n;
	for (size_t i = 0; i < n; i++) {
		steps[i] = value[i] / step;
		if (!(fabs(steps[i]) <= 0x1p53) || steps[i] != trunc(steps[i]) ||
		    steps[i] * step != value[i])
			return i;
	}
	return n;
}
