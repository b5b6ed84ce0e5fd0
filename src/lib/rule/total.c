#include "rule/total.h"
#include "base/memory.h"
#include "kernel/exact.h"
#include "kernel/ring.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct flp_total {
	const struct flp_rule *rule;
	enum flp_dtype dtype; /* of the tensor */
	enum flp_treatment treatment;
	unsigned bits; /* FLP_TREATMENT_MODULAR: values are modulo 2^bits */
	size_t n;
	uint64_t first;          /* index of the first value, for messages */
	uint64_t records, most;  /* records added; FLP_TREATMENT_COLUMN: the most there may be */
	struct flp_exact *sums;  /* for exact_n values; made when first needed */
	size_t exact_n;
	void *values;            /* integers, columns or values modulo 2^bits */
	size_t room;             /* bytes of `values` */
};

struct flp_total *
flp_total_new(struct flp_error *e)
{
	return flp_memory_new(1, sizeof(struct flp_total), e);
}

void
flp_total_free(struct flp_total *total)
{
	if (total == NULL)
		return;
	flp_exact_free(total->sums);
	free(total->values);
	free(total);
}

static int
begin_exact(struct flp_total *total, struct flp_error *e)
{
	if (total->exact_n < total->n) {
		flp_exact_free(total->sums);
		total->exact_n = 0;
		if ((total->sums = flp_exact_new(total->n, e)) == NULL)
			return -1;
		total->exact_n = total->n;
	}
	flp_exact_reset(total->sums, total->first);
	return 0;
}

int
flp_total_begin(struct flp_total *total, const struct flp_rule *rule, const struct flp_merged *m,
    size_t tensor, uint64_t first, size_t n, uint64_t records, struct flp_error *e)
{
	size_t size = m->tensor[tensor].treatment == FLP_TREATMENT_MODULAR ? sizeof(uint64_t) :
	    sizeof(__int128);

	total->rule = rule;
	total->dtype = m->header.tensor[tensor].dtype;
	total->treatment = m->tensor[tensor].treatment;
	total->bits = m->bits;
	total->n = n;
	total->first = first;
	total->records = 0;
	total->most = records;
	if (total->treatment == FLP_TREATMENT_EQUAL)
		return 0;
	if (total->treatment == FLP_TREATMENT_EXACT)
		return begin_exact(total, e);
	if ((total->treatment == FLP_TREATMENT_COLUMN &&
	    __builtin_mul_overflow(records, sizeof(double), &size)) ||
	    __builtin_mul_overflow(n, size, &size))
		return flp_error_system(e, ENOMEM, "memory for %zu values", n);
	if (total->room < size) {
		free(total->values);
		total->room = 0;
		if ((total->values = flp_memory_new(size, 1, e)) == NULL)
			return -1;
		total->room = size;
	}
	if (total->treatment != FLP_TREATMENT_COLUMN)
		memset(total->values, 0, size);
	return 0;
}

static int
check_range(const struct flp_total *total, size_t at, size_t n, struct flp_error *e)
{
	return n <= total->n && at <= total->n - n ? 0 :
	    flp_error_misuse(e, "values %zu to %zu of a total of %zu", at, at + n, total->n);
}

#define ADD(type) do { \
	const type *value = values; \
	__int128 *sum = (__int128 *)total->values + at; \
	for (size_t i = 0; i < n; i++) \
		sum[i] += value[i]; \
} while (0)

static int
add_integers(struct flp_total *total, size_t at, size_t n, const void *values,
    enum flp_dtype dtype, struct flp_error *e)
{
	switch (dtype) {
	case FLP_DTYPE_I8: ADD(int8_t); return 0;
	case FLP_DTYPE_I16: ADD(int16_t); return 0;
	case FLP_DTYPE_I32: ADD(int32_t); return 0;
	case FLP_DTYPE_I64: ADD(int64_t); return 0;
	case FLP_DTYPE_U8: ADD(uint8_t); return 0;
	case FLP_DTYPE_U16: ADD(uint16_t); return 0;
	case FLP_DTYPE_U32: ADD(uint32_t); return 0;
	case FLP_DTYPE_U64: ADD(uint64_t); return 0;
	default: return flp_error_misuse(e, "dtype %s is not added as integers",
	    flp_dtype_name(dtype));
	}
}

static int
add_modular(struct flp_total *total, size_t at, size_t n, const void *values,
    struct flp_error *e)
{
	if (flp_ring_bytes(total->bits) == 0)
		return flp_error_misuse(e, "a ring of %u bits", total->bits);
	flp_ring_add((uint64_t *)total->values + at, values, n, total->bits);
	return 0;
}

int
flp_total_add(struct flp_total *total, size_t at, size_t n, const void *values,
    enum flp_dtype dtype, uint64_t weight, struct flp_error *e)
{
	int status = 0;

	if (check_range(total, at, n, e) < 0)
		return -1;
	if (weight == 0)
		return 0;
	switch (total->treatment) {
	case FLP_TREATMENT_EQUAL:
		break;
	case FLP_TREATMENT_EXACT:
		status = dtype & FLP_DTYPE_SUM ?
		    flp_exact_add_partial(total->sums, at, values, n, e) :
		    flp_exact_add(total->sums, at, values, dtype, n, weight, e);
		break;
	case FLP_TREATMENT_INTEGER:
		status = add_integers(total, at, n, values, dtype, e);
		break;
	case FLP_TREATMENT_MODULAR:
		status = add_modular(total, at, n, values, e);
		break;
	case FLP_TREATMENT_COLUMN:
		if (total->records == total->most)
			return flp_error_misuse(e, "expected %llu records, found more",
			    (unsigned long long)total->most);
		flp_dtype_to_f64(values, dtype, n,
		    (double *)total->values + total->records * total->n + at);
		break;
	}
	total->records += at + n == total->n;
	return status;
}

/* Stores sums in the tensor's dtype. Since they are little-endian, these are their first bytes. */
static int
store_integers(const struct flp_total *total, size_t at, size_t n, unsigned char *values,
    struct flp_error *e)
{
	enum flp_dtype dtype = total->dtype;
	const __int128 *sum = (const __int128 *)total->values + at;
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
flp_total_result(struct flp_total *total, size_t at, size_t n, void *values,
    enum flp_dtype dtype, uint64_t weight, struct flp_error *e)
{
	const struct flp_rule_kind *kind = total->rule->kind;

	if (check_range(total, at, n, e) < 0)
		return -1;
	switch (total->treatment) {
	case FLP_TREATMENT_EXACT:
		return dtype & FLP_DTYPE_SUM ? flp_exact_store(total->sums, at, values, n, e) :
		    flp_exact_mean(total->sums, at, values, dtype, n,
		    kind->divides && weight > 0 ? weight : 1, e);
	case FLP_TREATMENT_INTEGER:
		return store_integers(total, at, n, values, e);
	case FLP_TREATMENT_MODULAR:
		memcpy(values, (const uint64_t *)total->values + at, n * sizeof(uint64_t));
		return 0;
	case FLP_TREATMENT_COLUMN:
		if (at != 0 || n != total->n || kind->combine == NULL)
			return flp_error_misuse(e, "expected whole columns of records");
		if (total->records > 0)
			return kind->combine(total->rule, total->values, (size_t)total->records, n,
			    dtype, values, e);
		/* fall through */
	case FLP_TREATMENT_EQUAL:
		memset(values, 0, n * flp_dtype_size(dtype));
	}
	return 0;
}

int
flp_total_doubles(struct flp_total *total, size_t at, size_t n, void *values,
    struct flp_error *e)
{
	if (check_range(total, at, n, e) < 0)
		return -1;
	if (total->treatment != FLP_TREATMENT_EXACT)
		return flp_error_misuse(e, "expected exact sums");
	return flp_exact_doubles(total->sums, at, values, n, e);
}
