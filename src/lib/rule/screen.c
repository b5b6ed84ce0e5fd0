#include "rule/screen.h"
#include "base/memory.h"
#include "kernel/exact.h"

#include <stdlib.h>
#include <string.h>

#define TRIAL ((size_t)4096) /* values that are added at once to see if they can be */

struct kept {
	unsigned char *values;
	size_t room;
};

struct flp_screen {
	enum flp_rule rule;
	int first_taken;         /* `kept` is a taken record's */
	struct kept *kept;       /* one a tensor */
	size_t tensors;
	struct flp_exact *trial; /* made when first needed */
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
	flp_exact_free(s->trial);
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

/* 0 where all n values are below 2^62 in magnitude even times the weight; 1
 * where that has to be tried. */
static int
may_exceed(const unsigned char *values, enum flp_dtype dtype, size_t n, uint64_t weight)
{
	static const struct {
		int mantissa, bias;
	} formats[] = {
		[FLP_F64] = { 52, 1023 },
		[FLP_F32] = { 23, 127 },
		[FLP_F16] = { 10, 15 },
		[FLP_BF16] = { 7, 127 },
	};
	int bits = 64 - __builtin_clzll(weight), bias = formats[dtype].bias;
	int exponent = 62 - bits + bias, infinite = 2 * bias + 1;
	uint64_t limit_bits = (uint64_t)(exponent < infinite ? exponent : infinite) <<
	    formats[dtype].mantissa;

	switch (dtype) {
	case FLP_F64: REACHES(uint64_t);
	case FLP_F32: REACHES(uint32_t);
	default: REACHES(uint16_t);
	}
}

static int
try_floats(struct flp_screen *s, enum flp_dtype dtype, uint64_t first,
    const unsigned char *values, size_t n, uint64_t weight, struct flp_error *e)
{
	size_t size = flp_dtype_size(dtype);

	if (!may_exceed(values, dtype, n, weight))
		return 0;
	if (s->trial == NULL && (s->trial = flp_exact_new(TRIAL, e)) == NULL)
		return -1;
	for (size_t at = 0, some; at < n; at += some) {
		some = n - at < TRIAL ? n - at : TRIAL;
		flp_exact_reset(s->trial, first + at);
		if (flp_exact_add(s->trial, 0, values + at * size, dtype, some, weight, e) < 0)
			return -1;
	}
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
	int describes = flp_tensor_describes(t), status = 0;

	if (describes || (!flp_dtype_is_float(t->dtype) && s->rule == FLP_MEAN))
		status = keep_or_compare(s, index, t, first, values, n, e);
	else if (flp_dtype_is_float(dtype))
		status = try_floats(s, dtype, first, values, n, weight, e);
	return status < 0 ? flp_error_at(e, "tensor %s", t->name) : 0;
}
