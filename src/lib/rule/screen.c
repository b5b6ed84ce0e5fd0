#include "rule/screen.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT "must stay below 2^60 = 1.2e18"

struct kept {
	unsigned char *values;
	size_t room;
};

struct flp_screen {
	enum flp_rule rule;
	int first_taken;   /* `kept` is a taken record's */
	struct kept *kept; /* one a tensor */
	size_t tensors;
};

struct flp_screen *
flp_screen_new(enum flp_rule rule, struct flp_error *e)
{
	struct flp_screen *s = flp_memory_new(1, sizeof *s, e);

	if (s != NULL)
		s->rule = rule;
	return s;
}

void
flp_screen_free(struct flp_screen *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->tensors; i++)
		free(s->kept[i].values);
	free(s->kept);
	free(s);
}

void
flp_screen_done(struct flp_screen *s)
{
	s->first_taken = 1;
}

/* Whether any of n floats, as integers without their signs, reaches `limit`. */
#define REACHES(type) do { \
	type limit = (type)(limit_bits), mask = (type)~((type)1 << (8 * sizeof(type) - 1)), u, any = 0; \
	for (size_t i = 0; i < n; i++) { \
		memcpy(&u, values + i * sizeof u, sizeof u); \
		any |= (type)((u & mask) >= limit); \
	} \
	return any != 0; \
} while (0)

/* 0 where all n values are below 2^60 in magnitude even times the weight; 1
 * where that has to be looked at one by one. */
static int
may_exceed(const unsigned char *values, enum flp_dtype dtype, size_t n, uint64_t weight)
{
	struct flp_dtype_layout layout = flp_dtype_layout(dtype);
	int bits = 64 - __builtin_clzll(weight);
	int exponent = FLP_SCREEN_BITS - bits + layout.bias, infinite = 2 * layout.bias + 1;
	uint64_t limit_bits = (uint64_t)(exponent < infinite ? exponent : infinite) <<
	    (layout.precision - 1);

	switch (dtype) {
	case FLP_DTYPE_F64: REACHES(uint64_t);
	case FLP_DTYPE_F32: REACHES(uint32_t);
	default: REACHES(uint16_t);
	}
}

static int
check_floats(enum flp_dtype dtype, uint64_t first, const unsigned char *values, size_t n,
    uint64_t weight, struct flp_error *e)
{
	double limit = ldexp(1, FLP_SCREEN_BITS) / (double)weight, x;
	size_t size = flp_dtype_size(dtype), i = 0;
	unsigned long long at;

	if (!may_exceed(values, dtype, n, weight))
		return 0;
	do
		flp_dtype_to_f64(values + i * size, dtype, 1, &x);
	while (fabs(x) < limit && ++i < n);
	at = (unsigned long long)(first + i);
	if (i == n)
		return 0;
	if (fabs(x) >= ldexp(1, FLP_SCREEN_BITS))
		return flp_error_bad(e, "value %llu: %g does not fit the grid: |x| " LIMIT, at, x);
	return flp_error_bad(e, "value %llu: %g times its weight %llu does not fit the grid: "
	    "|w x| " LIMIT, at, x, (unsigned long long)weight);
}

/* Sums of floats or integers that are to be of `clients`. */
static int
check_sums(const unsigned char *values, int is_signed, size_t size, uint64_t first, size_t n,
    int unit, uint64_t clients, struct flp_error *e)
{
	unsigned __int128 limit = (unsigned __int128)clients << (FLP_SCREEN_BITS + unit), t;

	for (size_t i = 0; i < n && (unsigned __int128)clients >> (128 - FLP_SCREEN_BITS - unit) == 0; i++) {
		__int128 v = 0;

		memcpy(&v, values + i * size, size);
		if (size == 8 && is_signed)
			v = (int64_t)v;
		t = v < 0 ? -(unsigned __int128)v : (unsigned __int128)v;
		if (t > limit)
			return flp_error_bad(e, "value %llu: %g as a sum of %llu: each " LIMIT,
			    (unsigned long long)(first + i), ldexp((double)v, -unit),
			    (unsigned long long)clients);
	}
	return 0;
}

int
flp_screen_bounds(const struct flp_tensor *t, enum flp_rule rule, enum flp_dtype dtype,
    uint64_t first, const void *values, size_t n, uint64_t weight, struct flp_error *e)
{
	if (flp_total_treatment(t, rule) == FLP_TREATMENT_ALIKE)
		return 0;
	if (dtype & FLP_DTYPE_SUM)
		return check_sums(values, 1, 16, first, n, 64, weight, e);
	if (flp_dtype_is_float(dtype))
		return check_floats(dtype, first, values, n, weight, e);
	if (dtype == FLP_DTYPE_I64 || dtype == FLP_DTYPE_U64)
		return check_sums(values, dtype == FLP_DTYPE_I64, 8, first, n, 0, weight, e);
	return 0;
}

static int
room_for(struct flp_screen *s, size_t index, struct flp_error *e)
{
	size_t old = s->tensors;

	if (flp_memory_grow(&s->kept, &s->tensors, index + 1, sizeof *s->kept, e) < 0)
		return -1;
	if (s->tensors > old)
		memset(s->kept + old, 0, (s->tensors - old) * sizeof *s->kept);
	return 0;
}

/* What must be equal: kept of the first record, compared with any other's. */
static int
keep_or_compare(struct flp_screen *s, size_t index, const struct flp_tensor *t, uint64_t first,
    const unsigned char *values, size_t n, struct flp_error *e)
{
	size_t size = flp_dtype_size(t->dtype), i = 0;
	unsigned char *kept;

	if (!s->first_taken && (room_for(s, index, e) < 0 || flp_memory_grow(&s->kept[index].values,
	    &s->kept[index].room, (first + n) * size, 1, e) < 0))
		return -1;
	kept = s->kept[index].values + first * size;
	if (!s->first_taken)
		memcpy(kept, values, n * size);
	if (memcmp(kept, values, n * size) == 0)
		return 0;
	while (memcmp(kept + i * size, values + i * size, size) == 0)
		i++;
	return flp_error_bad(e, "value %llu: expected the same %s as in the first record",
	    (unsigned long long)(first + i), flp_tensor_describes(t) ? "description" : "integer");
}

int
flp_screen_values(struct flp_screen *s, size_t index, const struct flp_tensor *t,
    enum flp_dtype dtype, uint64_t first, const void *values, size_t n, uint64_t weight,
    struct flp_error *e)
{
	int status = 0;

	if (flp_total_treatment(t, s->rule) != FLP_TREATMENT_ALIKE)
		status = flp_screen_bounds(t, s->rule, dtype, first, values, n, weight, e);
	else if (weight > 0) /* a partial of nothing knows no values */
		status = keep_or_compare(s, index, t, first, values, n, e);

	return status < 0 ? flp_error_at(e, "tensor %s", t->name) : 0;
}
