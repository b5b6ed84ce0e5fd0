#include "privacy/steps.h"
#include "base/number.h"
#include "privacy/adapt.h"

#include <string.h>

#define BLOCK ((size_t)256) /* integers that are looked at together */

int
flp_steps_lattice(struct flp_lattice *l, const struct flp_meta *meta, struct flp_error *e)
{
	size_t n;
	const char *text = flp_meta_get(meta, "clip", &n);
	uint64_t grid;
	double clip;
	int has;

	if (text == NULL)
		return flp_error_bad(e, "metadata: clip: expected with grid, found nothing");
	if (flp_number_f64(text, n, &clip) < 0)
		return flp_error_bad(e, "metadata: clip: expected a number, found %.*s",
		    (int)(n < 80 ? n : 80), text);
	has = flp_meta_u64(meta, "grid", FLP_LATTICE_GRID_LEAST, FLP_LATTICE_GRID_MOST, &grid, e);
	if (has == 0)
		flp_error_bad(e, "metadata: grid: expected with clip, found nothing");
	if (has <= 0)
		return -1;
	return flp_lattice_init(l, clip, (unsigned)grid, e) < 0 ? flp_error_at(e, "metadata") : 0;
}

static int
check_zero(enum flp_dtype dtype, uint64_t first, const unsigned char *values, size_t n,
    struct flp_error *e)
{
	double block[BLOCK];

	for (size_t at = 0, k; at < n; at += k) {
		k = n - at < BLOCK ? n - at : BLOCK;
		flp_dtype_to_f64(values + at * flp_dtype_size(dtype), dtype, k, block);
		for (size_t i = 0; i < k; i++)
			if (block[i] != 0)
				return flp_error_bad(e, "value %llu: expected 0 in integers of a clipped "
				    "update", (unsigned long long)(first + at + i));
	}
	return 0;
}

static int
check_vote(enum flp_dtype dtype, const void *values, struct flp_error *e)
{
	int32_t vote = 0;

	if (dtype == FLP_DTYPE_I32)
		memcpy(&vote, values, sizeof vote);
	return vote == FLP_ADAPT_VOTE || vote == -FLP_ADAPT_VOTE ? 0 : flp_error_bad(e, "expected "
	    "i32 of value 2^20 or -2^20");
}

int
flp_steps_values(const struct flp_lattice *l, uint64_t *squares, const struct flp_tensor *t,
    enum flp_dtype dtype, uint64_t first, const void *values, size_t n, struct flp_error *e)
{
	size_t where;

	if (flp_tensor_describes(t))
		return 0;
	if (strcmp(t->name, FLP_ADAPT_TENSOR) == 0)
		return check_vote(dtype, values, e);
	if (!flp_dtype_is_float(dtype))
		return check_zero(dtype, first, values, n, e);
	if (flp_lattice_add(l, squares, values, dtype, n, &where) == 0)
		return 0;
	return flp_error_bad(e, "value %llu: expected a multiple of the step 2^%d (clip, grid)",
	    (unsigned long long)(first + where), l->exponent);
}

int
flp_steps_norm(const struct flp_lattice *l, uint64_t squares, struct flp_error *e)
{
	char clip[FLP_NUMBER_TEXT];

	if (squares <= l->most)
		return 0;
	flp_number_print(clip, l->clip);
	return flp_error_bad(e, "expected a norm of at most %s (clip), found more", clip);
}
