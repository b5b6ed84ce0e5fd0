#include "rule/values.h"
#include "base/memory.h"
#include "kernel/ring.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT "must stay below 2^60 = 1.2e18"

/* Whether any of n floats, as integers without their signs, reaches `limit`. */
#define REACHES(type) do { \
	type limit = (type)(limit_bits), any = 0, u; \
	type mask = (type)~((type)1 << (8 * sizeof(type) - 1)); \
	for (size_t i = 0; i < n; i++) { \
		memcpy(&u, values + i * sizeof u, sizeof u); \
		any |= (type)((u & mask) >= limit); \
	} \
	return any != 0; \
} while (0)

/* Returns 0 if it is clear that all n values times the weight are below 2^60 in magnitude, 1 if
 * they must be checked one by one. */
static int
may_exceed(const unsigned char *values, enum flp_dtype dtype, size_t n, uint64_t weight)
{
	struct flp_dtype_layout layout = flp_dtype_layout(dtype);
	int bits = 64 - __builtin_clzll(weight);
	int exponent = FLP_VALUES_BITS - bits + layout.bias, infinite = 2 * layout.bias + 1;
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
	double limit = ldexp(1, FLP_VALUES_BITS) / (double)weight, x;
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
	if (fabs(x) >= ldexp(1, FLP_VALUES_BITS))
		return flp_error_bad(e, "value %llu: %g does not fit the grid: |x| " LIMIT, at, x);
	return flp_error_bad(e, "value %llu: %g times its weight %llu does not fit the grid: "
	    "|w x| " LIMIT, at, x, (unsigned long long)weight);
}

/* Checks sums, or 64-bit integers, of this many clients. A value is in units of 2^-unit. */
static int
check_sums(const unsigned char *values, int is_signed, size_t size, uint64_t first, size_t n,
    int unit, uint64_t clients, struct flp_error *e)
{
	unsigned __int128 limit = (unsigned __int128)clients << (FLP_VALUES_BITS + unit), t;
	int bounded = (unsigned __int128)clients >> (128 - FLP_VALUES_BITS - unit) == 0;

	for (size_t i = 0; bounded && i < n; i++) {
		__int128 v = 0;

		memcpy(&v, values + i * size, size);
		if (size == 8 && is_signed)
			v = (int64_t)v;
		t = v < 0 ? -(unsigned __int128)v : (unsigned __int128)v;
		if (t > limit)
			return flp_error_bad(e, "value %llu: expected at most 2^60 = 1.2e18 in magnitude for "
			    "each client, found %g for %llu", (unsigned long long)(first + i),
			    ldexp((double)v, -unit), (unsigned long long)clients);
	}
	return 0;
}

int
flp_values_bounds(const struct flp_rule *rule, enum flp_dtype dtype, uint64_t first,
    const void *values, size_t n, uint64_t weight, uint64_t clients, struct flp_error *e)
{
	if (!rule->kind->bounded)
		return 0;
	if (dtype & FLP_DTYPE_SUM)
		return check_sums(values, 1, 16, first, n, 64, clients, e);
	if (flp_dtype_is_float(dtype))
		return check_floats(dtype, first, values, n, weight, e);
	if (dtype == FLP_DTYPE_I64 || dtype == FLP_DTYPE_U64)
		return check_sums(values, dtype == FLP_DTYPE_I64, 8, first, n, 0, clients, e);
	return 0;
}

int
flp_values_modular(unsigned bits, uint64_t first, const void *values, size_t n,
    struct flp_error *e)
{
	size_t at;

	if (flp_ring_bytes(bits) == 0)
		return flp_error_misuse(e, "a ring of %u bits", bits);
	at = flp_ring_beyond(values, n, bits);
	return at == n ? 0 : flp_error_bad(e, "value %llu: expected one below 2^%u (bits)",
	    (unsigned long long)(first + at), bits);
}

/* Finds the line of text[n] that byte `at` is in. Returns its number, from 1; *from is where it
 * begins and *length its length. */
static size_t
find_line(const unsigned char *text, size_t n, size_t at, size_t *from, size_t *length)
{
	size_t line = 1, to = at;

	*from = 0;
	for (size_t i = 0; i < at; i++)
		if (text[i] == '\n') {
			*from = i + 1;
			line++;
		}
	while (to < n && text[to] != '\n')
		to++;
	*length = to - *from;
	return line;
}

/* Makes the error of two descriptions that first differ in byte `at`. `other` holds n bytes of the
 * second from byte `first` on; the bytes before these are equal. */
static int
differ(const struct flp_kept *kept, size_t first, const unsigned char *other, size_t n,
    size_t at, struct flp_error *e)
{
	size_t from, length, line = find_line(kept->values, kept->n, at, &from, &length);
	size_t to = at - first;

	while (to < n && other[to] != '\n')
		to++;
	flp_error_bad(e, "line %zu: expected \"%.*s\", found \"%.*s%.*s\"", line,
	    (int)(length < 80 ? length : 80), (const char *)kept->values + from,
	    (int)(at - from < 40 ? at - from : 40), (const char *)kept->values + from,
	    (int)(to - (at - first) < 40 ? to - (at - first) : 40), (const char *)other + at - first);
	return flp_error_add(e, "import by one schema, see fl-import --schema");
}

int
flp_values_equal(struct flp_kept *kept, const struct flp_tensor *t, uint64_t first,
    const void *values, size_t n, struct flp_error *e)
{
	size_t size = flp_dtype_size(t->dtype), at = (size_t)first * size, i = 0;
	const unsigned char *mine, *other = values;

	if (kept->n == first) {
		if (flp_memory_grow(&kept->values, &kept->room, at + n * size, 1, e) < 0)
			return -1;
		memcpy(kept->values + at, values, n * size);
		kept->n += n;
	}
	mine = kept->values + at;
	if (memcmp(mine, other, n * size) == 0)
		return 0;
	while (memcmp(mine + i * size, other + i * size, size) == 0)
		i++;
	if (flp_tensor_describes(t) && t->dtype == FLP_DTYPE_U8)
		return differ(kept, at, other, n, at + i, e);
	return flp_error_bad(e, "value %llu: expected the same %s",
	    (unsigned long long)(first + i), flp_tensor_describes(t) ? "description" : "integer");
}
