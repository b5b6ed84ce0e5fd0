#include "kernel/ring.h"
#include "base/bits.h"
#include "base/simd.h"

static const struct {
	unsigned bits;
	const char *name;
} table[] = { { 16, "16" }, { 24, "24" }, { 32, "32" }, { 48, "48" }, { 64, "64" } };
#define WIDTHS (sizeof table / sizeof *table)

unsigned
flp_ring_width(size_t i)
{
	return i < WIDTHS ? table[i].bits : 0;
}

const char *
flp_ring_name(unsigned i)
{
	return i < WIDTHS ? table[i].name : NULL;
}

size_t
flp_ring_bytes(unsigned bits)
{
	for (size_t i = 0; i < WIDTHS; i++)
		if (table[i].bits == bits)
			return bits / 8;
	return 0;
}

FLP_SIMD static uint64_t
any_of(const uint64_t *values, size_t n)
{
	uint64_t any = 0;

	for (size_t i = 0; i < n; i++)
		any |= values[i];
	return any;
}

size_t
flp_ring_beyond(const uint64_t *values, size_t n, unsigned bits)
{
	uint64_t most = flp_ring_most(bits);
	size_t i = 0;

	if (any_of(values, n) <= most)
		return n;
	while (values[i] <= most)
		i++;
	return i;
}

FLP_SIMD static void
add(uint64_t *restrict sum, const uint64_t *restrict values, size_t n, uint64_t most)
{
	for (size_t i = 0; i < n; i++)
		sum[i] = (sum[i] + values[i]) & most;
}

void
flp_ring_add(uint64_t *sum, const uint64_t *values, size_t n, unsigned bits)
{
	add(sum, values, n, flp_ring_most(bits));
}

/* In memory as in a file numbers are little-endian, so the low bytes of a number come first.
 * All but the last value are stored and loaded with bytes of the next one. */
#define PACK(size, type) do { \
	for (size_t i = 0; i + 1 < n; i++) { \
		type u = (type)values[i]; \
		memcpy(bytes + i * (size), &u, sizeof u); \
	} \
	if (n > 0) \
		memcpy(bytes + (n - 1) * (size), &values[n - 1], (size)); \
} while (0)

#define UNPACK(size, type) do { \
	for (size_t i = 0; i + 1 < n; i++) { \
		type u; \
		memcpy(&u, bytes + i * (size), sizeof u); \
		values[i] = u & (UINT64_MAX >> (64 - 8 * (size))); \
	} \
	if (n > 0) { \
		values[n - 1] = 0; \
		memcpy(&values[n - 1], bytes + (n - 1) * (size), (size)); \
	} \
} while (0)

void
flp_ring_pack(unsigned char *restrict bytes, const uint64_t *restrict values, size_t n,
    unsigned bits)
{
	switch (bits) {
	case 16: PACK(2, uint16_t); break;
	case 24: PACK(3, uint32_t); break;
	case 32: PACK(4, uint32_t); break;
	case 48: PACK(6, uint64_t); break;
	case 64: PACK(8, uint64_t); break;
	default: flp_ring_pack_ref(bytes, values, n, bits);
	}
}

void
flp_ring_unpack(uint64_t *restrict values, const unsigned char *restrict bytes, size_t n,
    unsigned bits)
{
	switch (bits) {
	case 16: UNPACK(2, uint16_t); break;
	case 24: UNPACK(3, uint32_t); break;
	case 32: UNPACK(4, uint32_t); break;
	case 48: UNPACK(6, uint64_t); break;
	case 64: UNPACK(8, uint64_t); break;
	default: flp_ring_unpack_ref(values, bytes, n, bits);
	}
}

void
flp_ring_pack_ref(unsigned char *bytes, const uint64_t *values, size_t n, unsigned bits)
{
	size_t size = bits / 8;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < size; j++)
			bytes[i * size + j] = (unsigned char)(values[i] >> (8 * j));
}

void
flp_ring_unpack_ref(uint64_t *values, const unsigned char *bytes, size_t n, unsigned bits)
{
	size_t size = bits / 8;

	for (size_t i = 0; i < n; i++) {
		values[i] = 0;
		for (size_t j = 0; j < size; j++)
			values[i] |= (uint64_t)bytes[i * size + j] << (8 * j);
	}
}
