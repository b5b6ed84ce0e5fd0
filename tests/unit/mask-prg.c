/* mask-prg: masks are the cipher's stream, however it is cut into pieces, and look random. */
#include "mask/prg.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

enum { N = 20000, KEYS = 70 };

static const unsigned widths[] = { 16, 24, 32, 48, 64 };
enum { WIDTHS = sizeof widths / sizeof *widths };

static struct flp_error e;
static struct flp_prg_key keys[KEYS];
static uint64_t a[N], b[N];

/* Reproducible numbers, from a linear congruential generator. */
static uint64_t
step(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state >> 16;
}

static void
fill_keys(void)
{
	uint64_t state = 1;

	for (size_t i = 0; i < KEYS; i++) {
		for (size_t j = 0; j < sizeof keys[i].key; j++)
			keys[i].key[j] = (unsigned char)step(&state);
		keys[i].subtract = i % 3 == 1;
	}
}

static void
fill(uint64_t *to, unsigned bits)
{
	uint64_t state = bits;

	for (size_t i = 0; i < N; i++)
		to[i] = (step(&state) << 32 ^ step(&state)) & UINT64_MAX >> (64 - bits);
}

/* `openssl enc -aes-256-ctr` with 32 bytes 0x31 as the key and a counter of 0. */
static void
test_published(void)
{
	static const unsigned char stream[] = { 0xb0, 0x8e, 0xcf, 0x9e, 0xc7, 0xeb, 0x5f, 0x0d, 0x7b,
		0x78, 0xc4, 0x25, 0x56, 0xd6, 0x68, 0xac };
	struct flp_prg_key key = { .subtract = 0 };

	memset(key.key, 0x31, sizeof key.key);
	for (size_t w = 0; w < WIDTHS; w++) {
		size_t bytes = widths[w] / 8, n = sizeof stream / bytes;

		memset(a, 0, sizeof a);
		CHECK(flp_prg_add(a, 0, n, widths[w], &key, 1, &e) == 0, "%s", e.text);
		for (size_t i = 0; i < n * bytes; i++)
			CHECK((unsigned char)(a[i / bytes] >> 8 * (i % bytes)) == stream[i],
			    "%u bits, byte %zu", widths[w], i);
		CHECK(a[n] == 0, "%u bits: a value too many", widths[w]);
	}
}

/* With any length, beginning and number of keys the masks are as when made value by value. */
static void
test_twin(void)
{
	static const size_t lengths[] = { 0, 1, 2, 7, 8, 9, 63, 341, 2041, 5441, 4081, 8161 };
	static const size_t counts[] = { 0, 1, 2, 5, KEYS };
	uint64_t first = 0;

	for (size_t w = 0; w < WIDTHS; w++)
		for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
			for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
				if (counts[c] * lengths[l] > 9000)
					continue;
				fill(a, widths[w]);
				fill(b, widths[w]);
				CHECK(flp_prg_add(a, first, lengths[l], widths[w], keys, counts[c], &e) == 0 &&
				    flp_prg_add_ref(b, first, lengths[l], widths[w], keys, counts[c], &e) == 0,
				    "%s", e.text);
				CHECK(memcmp(a, b, sizeof a) == 0, "%u bits, %zu values from %llu, %zu keys",
				    widths[w], lengths[l], (unsigned long long)first, counts[c]);
				first = (first * 5 + 3) & UINT64_MAX >> 6;
			}
}

/* Values of 2^bits and more are reduced, and masks can be taken from the far end of a stream. */
static void
test_ends(void)
{
	const uint64_t far = UINT64_MAX / 8 - 4;

	for (size_t w = 0; w < WIDTHS; w++) {
		memset(a, 0xff, sizeof a);
		memset(b, 0xff, sizeof b);
		CHECK(flp_prg_add(a, far, 4, widths[w], keys, 3, &e) == 0 &&
		    flp_prg_add_ref(b, far, 4, widths[w], keys, 3, &e) == 0, "%s", e.text);
		CHECK(memcmp(a, b, sizeof a) == 0, "%u bits, the last values", widths[w]);
		CHECK(a[0] <= UINT64_MAX >> (64 - widths[w]), "%u bits", widths[w]);
		memset(a, 0xff, sizeof a);
		CHECK(flp_prg_add(a, 0, 1, widths[w], keys, 0, &e) == 0 &&
		    a[0] == UINT64_MAX >> (64 - widths[w]) && a[1] == UINT64_MAX, "no keys");
	}
}

static void
test_pieces(void)
{
	uint64_t state = 7;

	for (size_t w = 0; w < WIDTHS; w++) {
		fill(a, widths[w]);
		fill(b, widths[w]);
		CHECK(flp_prg_add(a, 0, N, widths[w], keys, KEYS, &e) == 0, "%s", e.text);
		for (size_t at = 0, n; at < N; at += n) {
			n = (size_t)(step(&state) % 4000);
			n = n < N - at ? n : N - at;
			CHECK(flp_prg_add(b + at, at, n, widths[w], keys, 30, &e) == 0 &&
			    flp_prg_add(b + at, at, n, widths[w], keys + 30, KEYS - 30, &e) == 0,
			    "%s", e.text);
		}
		CHECK(memcmp(a, b, sizeof a) == 0, "%u bits in pieces", widths[w]);
	}
}

/* What one side adds, the other subtracts. */
static void
test_cancel(void)
{
	static struct flp_prg_key other[KEYS];

	memcpy(other, keys, sizeof other);
	for (size_t i = 0; i < KEYS; i++)
		other[i].subtract = !keys[i].subtract;
	for (size_t w = 0; w < WIDTHS; w++) {
		fill(a, widths[w]);
		fill(b, widths[w]);
		CHECK(flp_prg_add(a, 9, N, widths[w], keys, KEYS, &e) == 0, "%s", e.text);
		CHECK(memcmp(a, b, sizeof a) != 0, "%u bits: masked", widths[w]);
		CHECK(flp_prg_add(a, 9, N, widths[w], other, KEYS, &e) == 0, "%s", e.text);
		CHECK(memcmp(a, b, sizeof a) == 0, "%u bits: opened", widths[w]);
	}
}

/* Chi-square of values in 101 equal bins: above 182.13 once in a million. */
static double
chi_square(const uint64_t *v, unsigned bits)
{
	double count[101] = { 0 }, expected = (double)N / 101, sum = 0;

	for (size_t i = 0; i < N; i++)
		count[(size_t)((unsigned __int128)v[i] * 101 >> bits)]++;
	for (size_t i = 0; i < 101; i++)
		sum += (count[i] - expected) * (count[i] - expected) / expected;
	return sum;
}

/* A constant update under one mask and under two, and the difference between these; and the low
 * bits of the values. */
static void
test_uniform(void)
{
	static uint64_t low[N];

	for (size_t w = 0; w < WIDTHS; w++) {
		const uint64_t most = UINT64_MAX >> (64 - widths[w]);
		size_t same = 0;

		for (size_t i = 0; i < N; i++)
			a[i] = b[i] = 5;
		CHECK(flp_prg_add(a, 0, N, widths[w], keys, 1, &e) == 0 &&
		    flp_prg_add(b, 0, N, widths[w], keys + 1, 2, &e) == 0, "%s", e.text);
		CHECK(chi_square(a, widths[w]) < 182.13, "%u bits: one mask", widths[w]);
		CHECK(chi_square(b, widths[w]) < 182.13, "%u bits: two masks", widths[w]);
		for (size_t i = 0; i < N; i++) {
			low[i] = a[i] & 0xffff;
			same += a[i] == b[i];
			b[i] = (a[i] - b[i]) & most;
		}
		CHECK(chi_square(low, 16) < 182.13, "%u bits: low bits", widths[w]);
		CHECK(chi_square(b, widths[w]) < 182.13, "%u bits: the difference", widths[w]);
		CHECK(same < 6, "%u bits: %zu values are the same under other masks", widths[w], same);
	}
	for (size_t i = 0; i < N; i++)
		a[i] = 5 + i % 2;
	CHECK(chi_square(a, 16) > 182.13, "what is not masked passes for chance");
}

static void
test_misuse(void)
{
	static const unsigned bad[] = { 0, 8, 17, 40, 65, 128 };

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK(flp_prg_add(a, 0, 1, bad[i], keys, 1, &e) == -1 && e.code == FLP_ERROR_SYSTEM,
		    "%u bits", bad[i]);
	CHECK(flp_prg_add(a, UINT64_MAX / 8 - 4, 5, 64, keys, 1, &e) == -1, "beyond the stream");
	CHECK(flp_prg_add(a, UINT64_MAX, 1, 16, keys, 1, &e) == -1, "beyond the stream");
	CHECK(flp_prg_add_ref(a, 0, 1, 12, keys, 1, &e) == -1, "12 bits");
}

int
main(void)
{
	fill_keys();
	test_published();
	test_twin();
	test_ends();
	test_pieces();
	test_cancel();
	test_uniform();
	test_misuse();
	return unit_done();
}
