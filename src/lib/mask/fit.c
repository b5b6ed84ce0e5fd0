#include "mask/fit.h"
#include "kernel/ring.h"

#include <math.h>

#define F64_MOST ((uint64_t)1 << 53) /* an f64 represents every whole number up to this */

/* Sets *most to n W M. Fails if that is more than an f64 can represent exactly. */
static int
find_most(const struct flp_fit *f, uint64_t *most, struct flp_error *e)
{
	if (f->clients == 0 || f->weight == 0 || f->steps == 0)
		return flp_error_misuse(e, "a sum of nothing");
	if (!__builtin_mul_overflow(f->clients, f->weight, most) &&
	    !__builtin_mul_overflow(*most, f->steps, most) && *most <= F64_MOST)
		return 0;
	return flp_error_bad(e, "expected a sum of at most 2^53 steps, found %llu clients times weight "
	    "%llu times %llu steps (a smaller --grid has larger steps)",
	    (unsigned long long)f->clients, (unsigned long long)f->weight,
	    (unsigned long long)f->steps);
}

int
flp_fit_bits(struct flp_fit *f, struct flp_error *e)
{
	uint64_t most = 0;

	if (find_most(f, &most, e) < 0)
		return -1;
	for (size_t i = 0; (f->bits = flp_ring_width(i)) != 0; i++)
		if (2 * most <= flp_ring_most(f->bits)) /* 2 most + 1 <= 2^bits */
			return 0;
	return flp_error_misuse(e, "no ring holds 2^53");
}

double
flp_fit_headroom(const struct flp_fit *f)
{
	return (double)flp_ring_most(f->bits) / 2 / (double)f->clients / (double)f->weight /
	    (double)f->steps;
}

uint64_t
flp_fit_steps(const struct flp_lattice *l)
{
	return (uint64_t)ceil(ldexp(l->clip, -l->exponent));
}

/* Returns 1 if the step is fine enough for this many values, as in privacy/clip.h. */
static int
is_fine(const struct flp_lattice *l, uint64_t values)
{
	return values == 0 || l->step * sqrt((double)values) / 2 < l->clip / 10;
}

int
flp_fit_choose(struct flp_fit *f, struct flp_lattice *l, double most, uint64_t values,
    struct flp_error *e)
{
	struct flp_fit one = *f;
	unsigned best = 0;
	struct flp_error unused;

	for (unsigned grid = FLP_FIT_GRID; grid <= FLP_LATTICE_GRID_MOST; grid++) {
		if (flp_lattice_init(l, most, grid, e) < 0)
			return -1;
		one.steps = flp_fit_steps(l);
		if (!is_fine(l, values))
			continue;
		if (flp_fit_bits(&one, best == 0 ? e : &unused) < 0) {
			if (best == 0)
				return -1;
			break;
		}
		if (best != 0 && one.bits > f->bits)
			break;
		*f = one;
		best = grid;
	}
	return best != 0 ? flp_lattice_init(l, most, best, e) : flp_error_bad(e, "expected fewer "
	    "values: steps of 2^-%d of the norm are too coarse for %llu", FLP_LATTICE_GRID_MOST,
	    (unsigned long long)values);
}
