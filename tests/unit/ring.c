/* kernel/ring: values modulo 2^bits against plain loops, and writes beyond their memory. */
#include "kernel/ring.h"
#include "kernel/random.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 300, GUARD = 16 };

/* Numbers of all sizes, half of them near the bounds. */
static uint64_t
draw(struct flp_random *r, unsigned bits)
{
	switch (flp_random_below(r, 4)) {
	case 0: return flp_ring_most(bits) - flp_random_below(r, 2);
	case 1: return flp_random_below(r, 2);
	default: return flp_ring_reduce(flp_random_u64(r), bits);
	}
}

static void
widths(void)
{
	static const unsigned known[] = { 16, 24, 32, 48, 64, 0 };
	unsigned at = 0;

	for (size_t i = 0; i < 6; i++)
		CHECK(flp_ring_width(i) == known[i], "width %zu", i);
	CHECK(flp_ring_width(SIZE_MAX) == 0 && flp_ring_name(5) == NULL, "past the end");
	for (unsigned bits = 0; bits < 300; bits++) {
		int is = at < 5 && known[at] == bits;

		CHECK(flp_ring_bytes(bits) == (is ? bits / 8 : 0), "%u", bits);
		CHECK(!is || strtoul(flp_ring_name(at), NULL, 10) == bits, "%u", bits);
		at += (unsigned)is;
	}
	CHECK(at == 5, "%u widths", at);
}

static void
numbers(void)
{
	static const struct {
		unsigned bits;
		uint64_t number, value;
		int64_t back;
	} c[] = {
		{ 16, 0, 0, 0 }, { 16, 32767, 32767, 32767 }, { 16, 32768, 32768, -32768 },
		{ 16, (uint64_t)-1, 65535, -1 }, { 16, 65536, 0, 0 }, { 16, 65537, 1, 1 },
		{ 24, (uint64_t)-8388608, 8388608, -8388608 }, { 24, 8388607, 8388607, 8388607 },
		{ 48, (uint64_t)-5, 281474976710651, -5 }, { 64, UINT64_MAX, UINT64_MAX, -1 },
		{ 64, (uint64_t)1 << 63, (uint64_t)1 << 63, INT64_MIN },
	};

	for (size_t i = 0; i < sizeof c / sizeof c[0]; i++) {
		CHECK(flp_ring_reduce(c[i].number, c[i].bits) == c[i].value, "case %zu", i);
		CHECK(flp_ring_signed(c[i].value, c[i].bits) == c[i].back, "case %zu", i);
	}
}

/* n values there and back, in memory that ends with the last byte and at any alignment. */
static void
packed(struct flp_random *r, unsigned bits, size_t n)
{
	size_t size = n * flp_ring_bytes(bits), shift = n % 8;
	unsigned char *bytes = malloc(size + shift + 1), ref[8 * MOST];
	uint64_t *values = malloc((n + 1) * sizeof *values);
	uint64_t back[MOST + 1], plain[MOST + 1];

	for (size_t i = 0; i < n; i++)
		values[i] = draw(r, bits);
	memset(bytes, 0xa5, size + shift + 1);
	flp_ring_pack(bytes + shift, values, n, bits);
	flp_ring_pack_ref(ref, values, n, bits);
	CHECK(memcmp(bytes + shift, ref, size) == 0, "%u bits, %zu values: pack", bits, n);
	CHECK(bytes[size + shift] == 0xa5, "%u bits, %zu values: a byte more", bits, n);
	back[n] = plain[n] = 7;
	flp_ring_unpack(back, bytes + shift, n, bits);
	flp_ring_unpack_ref(plain, ref, n, bits);
	CHECK(memcmp(back, values, n * sizeof *back) == 0 && back[n] == 7, "%u bits, %zu: unpack",
	    bits, n);
	CHECK(memcmp(plain, values, n * sizeof *back) == 0 && plain[n] == 7, "%u bits, %zu: ref",
	    bits, n);
	free(bytes);
	free(values);
}

/* The first number beyond a ring, wherever it stands. */
static void
beyond(unsigned bits)
{
	uint64_t values[GUARD + 1], over = flp_ring_most(bits) + 1;

	for (size_t n = 0; n <= GUARD; n++) {
		for (size_t i = 0; i < GUARD + 1; i++)
			values[i] = i < n ? flp_ring_most(bits) : UINT64_MAX;
		CHECK(flp_ring_beyond(values, n, bits) == n, "%u bits, %zu values", bits, n);
		for (size_t i = 0; over != 0 && i < n; i++) {
			values[i] = over;
			values[n - 1] = i < n - 1 ? UINT64_MAX : over;
			CHECK(flp_ring_beyond(values, n, bits) == i, "%u bits, value %zu of %zu", bits, i, n);
			values[i] = values[n - 1] = flp_ring_most(bits);
		}
	}
}

static void
sums(struct flp_random *r, unsigned bits)
{
	uint64_t sum[MOST], values[MOST], want[MOST];

	for (size_t i = 0; i < MOST; i++) {
		unsigned __int128 exact;

		sum[i] = draw(r, bits);
		values[i] = draw(r, bits);
		exact = (unsigned __int128)sum[i] + values[i];
		want[i] = (uint64_t)(exact % ((unsigned __int128)1 << bits));
	}
	flp_ring_add(sum, values, MOST, bits);
	CHECK(memcmp(sum, want, sizeof sum) == 0, "%u bits", bits);
}

int
main(void)
{
	struct flp_random r;

	flp_random_init(&r, 1, 0, 0, FLP_PURPOSE_INIT);
	widths();
	numbers();
	for (size_t i = 0; flp_ring_width(i) != 0; i++) {
		for (size_t n = 0; n <= MOST; n += n < 70 ? 1 : 23)
			packed(&r, flp_ring_width(i), n);
		beyond(flp_ring_width(i));
		sums(&r, flp_ring_width(i));
	}
	return unit_done();
}
