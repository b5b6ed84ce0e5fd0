#include "rule/total.h"
#include "base/memory.h"
#include "kernel/exact.h"

#include <stdlib.h>
#include <string.h>

struct flp_total {
	size_t room, n;
	uint64_t first; /* index of the first value, for messages */
	const struct flp_tensor *tensor;
	enum flp_treatment treatment;
	int filled;             /* a record was added */
	struct flp_exact *sums; /* of floats; made when first needed */
	unsigned char *kept;    /* what must be equal, or sums of integers; likewise */
	size_t kept_bytes;
};

struct flp_total *
flp_total_new(size_t room, struct flp_error *e)
{
	struct flp_total *total = flp_memory_new(1, sizeof *total, e);

	if (total != NULL)
		total->room = room;
	return total;
}

void
flp_total_free(struct flp_total *total)
{
	if (total == NULL)
		return;
	flp_exact_free(total->sums);
	free(total->kept);
	free(total);
}

enum flp_treatment
flp_total_treatment(const struct flp_tensor *t, enum flp_rule rule)
{
	if (flp_tensor_describes(t))
		return FLP_TREATMENT_ALIKE;
	if (flp_dtype_is_float(t->dtype & ~FLP_DTYPE_SUM))
		return FLP_TREATMENT_SUMMED;
	return rule == FLP_RULE_SUM ? FLP_TREATMENT_COUNTED : FLP_TREATMENT_ALIKE;
}

int
flp_total_begin(struct flp_total *total, const struct flp_tensor *t, enum flp_rule rule,
    uint64_t first, size_t n, struct flp_error *e)
{
	total->tensor = t;
	total->treatment = flp_total_treatment(t, rule);
	total->first = first;
	total->n = n;
	total->filled = 0;
	if (total->treatment != FLP_TREATMENT_SUMMED) {
		size_t size = total->treatment == FLP_TREATMENT_COUNTED ? sizeof(__int128) : flp_dtype_size(t->dtype);

		if (flp_memory_grow(&total->kept, &total->kept_bytes, n * size + 1, 1, e) < 0)
			return -1;
		memset(total->kept, 0, n * size);
		return 0;
	}
	if (total->sums == NULL && (total->sums = flp_exact_new(total->room, e)) == NULL)
		return -1;
	flp_exact_reset(total->sums, first);
	return 0;
}

#define ADD(type) do { \
	__int128 *sum = (__int128 *)total->kept; \
	const type *value = values; \
	for (size_t i = 0; i < total->n; i++) \
		sum[i] += value[i]; \
	return; \
} while (0)

static void
add_integers(struct flp_total *total, const void *values)
{
	switch (total->tensor->dtype) {
	case FLP_DTYPE_I8: ADD(int8_t);
	case FLP_DTYPE_I16: ADD(int16_t);
	case FLP_DTYPE_I32: ADD(int32_t);
	case FLP_DTYPE_I64: ADD(int64_t);
	case FLP_DTYPE_U8: ADD(uint8_t);
	case FLP_DTYPE_U16: ADD(uint16_t);
	case FLP_DTYPE_U32: ADD(uint32_t);
	default: ADD(uint64_t);
	}
}

/* Sums back to their dtype: little-endian, so their low bytes. */
static int
store_integers(const struct flp_total *total, size_t at, size_t n, unsigned char *values,
    struct flp_error *e)
{
	enum flp_dtype dtype = total->tensor->dtype;
	const __int128 *sum = (const __int128 *)total->kept + at;
	size_t size = flp_dtype_size(dtype);
	int is_signed = dtype >= FLP_DTYPE_I8 && dtype <= FLP_DTYPE_I64;
	__int128 most = ((__int128)1 << (8 * size - (size_t)is_signed)) - 1;
	__int128 least = is_signed ? -most - 1 : 0;

	for (size_t i = 0; i < n; i++) {
		if (sum[i] < least || sum[i] > most)
			return flp_error_bad(e, "value %llu: the sum does not fit %s",
			    (unsigned long long)(total->first + at + i), flp_dtype_name(dtype));
		memcpy(values + i * size, &sum[i], size);
	}
	return 0;
}

int
flp_total_add(struct flp_total *total, const void *values, enum flp_dtype dtype,
    uint64_t weight, struct flp_error *e)
{
	size_t size = flp_dtype_size(total->tensor->dtype), i = 0;

	if (weight == 0)
		return 0;
	if (total->treatment == FLP_TREATMENT_SUMMED)
		return dtype & FLP_DTYPE_SUM ?
		    flp_exact_add_partial(total->sums, 0, values, total->n, e) :
		    flp_exact_add(total->sums, 0, values, dtype, total->n, weight, e);
	if (total->treatment == FLP_TREATMENT_COUNTED) {
		add_integers(total, values);
		return 0;
	}
	if (!total->filled) {
		memcpy(total->kept, values, total->n * size);
		total->filled = 1;
		return 0;
	}
	if (memcmp(total->kept, values, total->n * size) == 0)
		return 0;
	while (memcmp(total->kept + i * size, (const char *)values + i * size, size) == 0)
		i++;
	return flp_error_bad(e, "value %llu: expected the same %s as in the first record",
	    (unsigned long long)(total->first + i),
	    flp_tensor_describes(total->tensor) ? "description" : "integer");
}

int
flp_total_result(const struct flp_total *total, size_t at, size_t n, void *values,
    enum flp_dtype dtype, uint64_t divisor, struct flp_error *e)
{
	size_t size = flp_dtype_size(dtype);

	if (total->treatment == FLP_TREATMENT_COUNTED)
		return store_integers(total, at, n, values, e);
	if (total->treatment != FLP_TREATMENT_SUMMED) {
		memcpy(values, total->kept + at * size, n * size);
		return 0;
	}
	if (dtype & FLP_DTYPE_SUM)
		return flp_exact_store(total->sums, at, values, n, e);
	return flp_exact_mean(total->sums, at, values, dtype, n, divisor, e);
}
