/* mask-shamir: any t shares open a secret, t - 1 say nothing about it, and bytes that are not a
 * share are refused. tests/shamir.py compares with integers modulo L. */
#include "mask/shamir.h"
#include "unit.h"

#include <sodium.h>
#include <string.h>

enum { BYTES = FLP_SHAMIR_BYTES, MOST = 120 };

typedef const unsigned char (*shares)[BYTES];

static struct flp_error e;

/* L, little-endian. */
static const unsigned char order[BYTES] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6,
	0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10 };

/* All subsets of t shares of n open the secret. */
static void
all_subsets(unsigned n, unsigned t)
{
	unsigned char secret[BYTES], share[8][BYTES], some[8][BYTES], out[BYTES];
	uint32_t x[8], at[8];

	for (unsigned i = 0; i < n; i++)
		x[i] = i + 1;
	CHECK(flp_shamir_random(secret, &e) == 0 &&
	    flp_shamir_split(secret, t, x, n, share, &e) == 0, "%s", e.text);
	for (unsigned set = 0; set < 1u << n; set++) {
		unsigned m = 0;

		for (unsigned i = n; i-- > 0;)
			if (set >> i & 1) {
				at[m] = x[i];
				memcpy(some[m++], share[i], BYTES);
			}
		if (m != t && (m != t - 1 || m == 0))
			continue;
		CHECK(flp_shamir_join(out, m, at, (shares)some, &e) == 0, "%s", e.text);
		CHECK((memcmp(out, secret, BYTES) == 0) == (m == t), "%u of %u, t %u", m, n, t);
	}
}

static void
test_subsets(void)
{
	for (unsigned n = 1; n <= 7; n++)
		for (unsigned t = 1; t <= n; t++)
			all_subsets(n, t);
}

/* Many shares at places far apart, in any order; and the two halves of joining them. */
static void
test_many(void)
{
	static unsigned char share[MOST][BYTES];
	unsigned char secret[BYTES], out[BYTES];
	static uint32_t x[MOST];

	for (uint32_t i = 0; i < MOST; i++)
		x[i] = i % 5 == 0 ? UINT32_MAX - i : i * 7919 % 1000003 + 1;
	for (unsigned t = 1; t <= MOST; t += 17) {
		CHECK(flp_shamir_random(secret, &e) == 0 &&
		    flp_shamir_split(secret, t, x, MOST, share, &e) == 0, "%s", e.text);
		for (unsigned from = 0; from + t <= MOST; from += 13) {
			CHECK(flp_shamir_join(out, t, x + from, (shares)share + from, &e) == 0, "%s", e.text);
			CHECK(memcmp(out, secret, BYTES) == 0, "t %u from %u", t, from);
		}
	}
}

/* Secrets at both ends of the range of scalars. */
static void
test_ends(void)
{
	static const uint32_t x[] = { 3, 1, 2 };
	unsigned char secret[BYTES] = { 0 }, share[3][BYTES], out[BYTES];

	for (int i = 0; i < 2; i++) {
		CHECK(flp_shamir_split(secret, 2, x, 3, share, &e) == 0 &&
		    flp_shamir_join(out, 2, x, (shares)share, &e) == 0, "%s", e.text);
		CHECK(memcmp(out, secret, BYTES) == 0, "end %d", i);
		memcpy(secret, order, BYTES);
		secret[0]--;
	}
}

/* For t - 1 shares of one secret and any other secret there is a last share with which they open
 * that one. To find it, a polynomial is added that is 0 at the places of the shares and the
 * difference of the secrets at 0. */
static void
test_each_possible(void)
{
	static const uint32_t x[] = { 4, 9, 2, 7 };
	unsigned char secret[BYTES], other[BYTES], share[4][BYTES], out[BYTES], more[BYTES];

	for (int i = 0; i < 200; i++) {
		unsigned char at[4][BYTES] = { { 4 }, { 9 }, { 2 }, { 7 } }, factor[BYTES];

		CHECK(flp_shamir_random(secret, &e) == 0 && flp_shamir_random(other, &e) == 0 &&
		    flp_shamir_split(secret, 4, x, 4, share, &e) == 0, "%s", e.text);
		crypto_core_ed25519_scalar_sub(more, other, secret);
		for (size_t j = 0; j < 3; j++) { /* (x3 - xj) / -xj */
			crypto_core_ed25519_scalar_sub(factor, at[3], at[j]);
			crypto_core_ed25519_scalar_mul(more, more, factor);
			crypto_core_ed25519_scalar_negate(factor, at[j]);
			crypto_core_ed25519_scalar_invert(factor, factor);
			crypto_core_ed25519_scalar_mul(more, more, factor);
		}
		crypto_core_ed25519_scalar_add(share[3], share[3], more);
		CHECK(flp_shamir_join(out, 4, x, (shares)share, &e) == 0, "%s", e.text);
		CHECK(memcmp(out, other, BYTES) == 0, "time %d", i);
	}
}

/* t - 1 shares are uniformly distributed, whatever the secret: two shares of three, in 10 x 10
 * bins by their value. Chi-square of 99 degrees is above 250 less than once in 10^14. */
static void
test_nothing_told(void)
{
	static const uint32_t x[] = { 1, 2, 3 };
	unsigned char secret[2][BYTES] = { { 0 }, { 0 } }, share[3][BYTES];
	enum { TIMES = 5000 };

	memcpy(secret[1], order, BYTES);
	secret[1][0]--;
	for (int s = 0; s < 2; s++) {
		double count[100] = { 0 }, sum = 0;

		for (int i = 0; i < TIMES; i++) {
			CHECK(flp_shamir_split(secret[s], 3, x, 3, share, &e) == 0, "%s", e.text);
			count[(share[0][31] * 256 + share[0][30]) * 10 / 4097 * 10 +
			    (share[1][31] * 256 + share[1][30]) * 10 / 4097]++;
		}
		for (int i = 0; i < 100; i++)
			sum += (count[i] - TIMES / 100) * (count[i] - TIMES / 100) / (TIMES / 100);
		CHECK(sum < 250, "secret %d: chi-square %g", s, sum);
	}
}

static void
test_scalars(void)
{
	static const struct {
		int first, last; /* bytes of L, changed by so much */
		int good;
	} rows[] = { { 0, 0, 0 }, { -1, 0, 1 }, { 1, 0, 0 }, { 0, 1, 0 }, { 0, -1, 1 }, { 0, 0xef, 0 } };
	unsigned char bytes[BYTES], out[BYTES], share[2][BYTES] = { { 1 }, { 2 } };
	static const uint32_t x[] = { 1, 2 };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		memcpy(bytes, order, BYTES);
		bytes[0] = (unsigned char)(bytes[0] + rows[i].first);
		bytes[31] = (unsigned char)(bytes[31] + rows[i].last);
		CHECK(flp_shamir_is_scalar(bytes) == rows[i].good, "row %zu", i);
		memcpy(share[1], bytes, BYTES);
		CHECK((flp_shamir_join(out, 2, x, (shares)share, &e) == 0) == rows[i].good, "row %zu", i);
		CHECK(rows[i].good || (e.code == FLP_ERROR_BAD &&
		    strncmp(e.text, "share 2: expected a number below", 32) == 0), "%s", e.text);
		CHECK((flp_shamir_split(bytes, 1, x, 1, share, &e) == 0) == rows[i].good, "row %zu", i);
		share[0][0] = 1;
	}
}

static void
test_refused(void)
{
	static const uint32_t zero[] = { 1, 0, 3 }, twice[] = { 5, 3, 5 }, good[] = { 1, 2, 3 };
	unsigned char secret[BYTES] = { 1 }, share[3][BYTES] = { { 1 }, { 2 }, { 3 } };

	CHECK(flp_shamir_join(secret, 3, zero, (shares)share, &e) == -1 && e.code == FLP_ERROR_BAD &&
	    strcmp(e.text, "share 2: expected a place above 0, found 0") == 0, "%s", e.text);
	CHECK(flp_shamir_join(secret, 3, twice, (shares)share, &e) == -1 && e.code == FLP_ERROR_BAD &&
	    strcmp(e.text, "expected shares of distinct places, found place 5 twice") == 0, "%s",
	    e.text);
	CHECK(flp_shamir_split(secret, 2, zero, 3, share, &e) == -1 && e.code == FLP_ERROR_BAD, "zero");
	CHECK(flp_shamir_split(secret, 2, twice, 3, share, &e) == -1 && e.code == FLP_ERROR_BAD, "twice");
	CHECK(flp_shamir_split(secret, 0, good, 3, share, &e) == -1, "t = 0");
	CHECK(flp_shamir_split(secret, 4, good, 3, share, &e) == -1, "t > n");
	CHECK(flp_shamir_join(secret, 0, good, (shares)share, &e) == -1, "no shares");
}

int
main(void)
{
	CHECK(sodium_init() >= 0, "libsodium");
	test_subsets();
	test_many();
	test_ends();
	test_each_possible();
	test_nothing_told();
	test_scalars();
	test_refused();
	return unit_done();
}
