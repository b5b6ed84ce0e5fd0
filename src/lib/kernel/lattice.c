#include "kernel/lattice.h"
#include "kernel/quantise.h"

#include <math.h>

#ifdef __FAST_MATH__
#error "the lattice needs the arithmetic of IEEE 754: build without -ffast-math"
#endif

#define BLOCK ((size_t)1024) /* values at a time */

uint64_t
flp_lattice_most(const struct flp_lattice *l, double norm)
{
	int own = ilogb(norm), shift = 52 - (own - l->exponent); /* norm / g = mantissa / 2^shift */
	uint64_t mantissa = (uint64_t)ldexp(norm, 52 - own);

	return shift > 63 ? 0 : (uint64_t)((unsigned __int128)mantissa * mantissa >> 2 * shift);
}

int
flp_lattice_init(struct flp_lattice *l, double clip, unsigned grid, struct flp_error *e)
{
	if (!(clip >= FLP_LATTICE_CLIP_LEAST && clip <= FLP_LATTICE_CLIP_MOST))
		return flp_error_bad(e, "clip: expected %g to %g, found %.9g", FLP_LATTICE_CLIP_LEAST,
		    FLP_LATTICE_CLIP_MOST, clip);
	if (grid < FLP_LATTICE_GRID_LEAST || grid > FLP_LATTICE_GRID_MOST)
		return flp_error_bad(e, "grid: expected %d to %d, found %u", FLP_LATTICE_GRID_LEAST,
		    FLP_LATTICE_GRID_MOST, grid);
	l->clip = clip;
	l->grid = grid;
	l->exponent = ilogb(clip) - (int)grid;
	l->step = ldexp(1, l->exponent);
	l->most = flp_lattice_most(l, clip);
	return 0;
}

/* Turns a value into a number of steps. If that is above 2^25 in magnitude, which is more than any
 * clip allows, *steps is 2^25. Returns -1 if the value is not a multiple of the step. */
static int
find_steps(const struct flp_lattice *l, double value, int64_t *steps)
{
	int exponent, shift;
	int64_t mantissa;

	*steps = 0;
	if (value == 0)
		return 0;
	if (!isfinite(value))
		return -1;
	mantissa = (int64_t)ldexp(frexp(value, &exponent), 53);
	shift = exponent - 53 - l->exponent; /* value / g = mantissa * 2^shift */
	if (shift <= -54 || (shift < 0 && (mantissa & (((int64_t)1 << -shift) - 1)) != 0))
		return -1;
	*steps = shift < 0 ? mantissa / ((int64_t)1 << -shift) : INT64_MAX;
	if (*steps > 1 << 25 || *steps < -(1 << 25))
		*steps = 1 << 25;
	return 0;
}

int
flp_lattice_add_ref(const struct flp_lattice *l, uint64_t *squares, const void *values,
    enum flp_dtype dtype, size_t n, size_t *where)
{
	const unsigned char *from = values;
	int64_t steps;
	double value;

	for (size_t i = 0; i < n; i++) {
		flp_dtype_to_f64(from + i * flp_dtype_size(dtype), dtype, 1, &value);
		if (find_steps(l, value, &steps) < 0) {
			*where = i;
			return -1;
		}
		if (__builtin_add_overflow(*squares, (uint64_t)(steps * steps), squares))
			*squares = UINT64_MAX;
	}
	return 0;
}

int
flp_lattice_add(const struct flp_lattice *l, uint64_t *squares, const void *values,
    enum flp_dtype dtype, size_t n, size_t *where)
{
	const unsigned char *from = values;
	size_t size = flp_dtype_size(dtype);
	double block[BLOCK], steps[BLOCK];

	for (size_t at = 0, k; at < n; at += k) {
		uint64_t sum = 0;

		k = n - at < BLOCK ? n - at : BLOCK;
		flp_dtype_to_f64(from + at * size, dtype, k, block);
		if (flp_quantise_exact(block, l->step, k, steps) == k)
			flp_quantise_squares(steps, k, &sum);
		else
			sum = UINT64_MAX;
		if (sum == UINT64_MAX) {
			if (flp_lattice_add_ref(l, squares, from + at * size, dtype, k, where) == 0)
				continue;
			*where += at;
			return -1;
		}
		if (__builtin_add_overflow(*squares, sum, squares))
			*squares = UINT64_MAX;
	}
	return 0;
}
