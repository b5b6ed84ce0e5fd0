#include "mask/shamir.h"
#include "base/memory.h"
#include "base/secret.h"
#include "mask/hidden.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { BYTES = FLP_SHAMIR_BYTES };

_Static_assert(FLP_SHAMIR_BYTES == crypto_core_ed25519_SCALARBYTES, "a share is a scalar");

static const unsigned char one[BYTES] = { 1 };

static void
multiply(unsigned char x[BYTES], const unsigned char y[BYTES])
{
	crypto_core_ed25519_scalar_mul(x, x, y);
}

static void
number(unsigned char to[BYTES], uint32_t n)
{
	memset(to, 0, BYTES);
	for (size_t i = 0; n > 0; i++, n >>= 8)
		to[i] = (unsigned char)n;
}

int
flp_shamir_random(unsigned char scalar[FLP_SHAMIR_BYTES], struct flp_error *e)
{
	/* 512 bits modulo L: the probabilities of two scalars differ by a factor within 2^-259 of 1 */
	unsigned char wide[crypto_core_ed25519_NONREDUCEDSCALARBYTES];

	if (flp_secret_bytes(wide, sizeof wide, e) < 0)
		return -1;
	crypto_core_ed25519_scalar_reduce(scalar, wide);
	sodium_memzero(wide, sizeof wide);
	flp_hidden_tidy();
	return 0;
}

int
flp_shamir_is_scalar(const unsigned char bytes[FLP_SHAMIR_BYTES])
{
	unsigned char wide[crypto_core_ed25519_NONREDUCEDSCALARBYTES] = { 0 };
	unsigned char reduced[BYTES];
	int same;

	memcpy(wide, bytes, BYTES);
	crypto_core_ed25519_scalar_reduce(reduced, wide);
	same = sodium_memcmp(reduced, bytes, BYTES) == 0;
	sodium_memzero(wide, sizeof wide);
	sodium_memzero(reduced, sizeof reduced);
	return same;
}

static int
check_places(const uint32_t *x, size_t n, struct flp_error *e)
{
	for (size_t i = 0; i < n; i++) {
		if (x[i] == 0)
			return flp_error_bad(e, "share %zu: expected a place above 0, found 0", i + 1);
		for (size_t j = 0; j < i; j++)
			if (x[i] == x[j])
				return flp_error_bad(e,
				    "expected shares of distinct places, found place %lu twice",
				    (unsigned long)x[i]);
	}
	return 0;
}

/* The polynomial's value at x, by Horner. */
static void
value(unsigned char to[BYTES], const unsigned char (*coefficient)[BYTES], unsigned t, uint32_t x)
{
	unsigned char at[BYTES];

	number(at, x);
	memcpy(to, coefficient[t - 1], BYTES);
	for (unsigned i = t - 1; i-- > 0;) {
		multiply(to, at);
		crypto_core_ed25519_scalar_add(to, to, coefficient[i]);
	}
}

int
flp_shamir_split(const unsigned char secret[FLP_SHAMIR_BYTES], unsigned t, const uint32_t *x,
    size_t n, unsigned char (*share)[FLP_SHAMIR_BYTES], struct flp_error *e)
{
	unsigned char (*coefficient)[BYTES];
	int status = -1;

	if (t == 0 || t > n || !flp_shamir_is_scalar(secret))
		return flp_error_misuse(e, "a secret shared among %zu, of whom %u open it", n, t);
	if (check_places(x, n, e) < 0 || (coefficient = flp_hidden_new(t, BYTES, e)) == NULL)
		return -1;
	memcpy(coefficient[0], secret, BYTES);
	for (unsigned i = 1; i < t; i++)
		if (flp_shamir_random(coefficient[i], e) < 0)
			goto end;
	for (size_t i = 0; i < n; i++)
		value(share[i], (const unsigned char (*)[BYTES])coefficient, t, x[i]);
	status = 0;
end:
	flp_hidden_free(coefficient);
	flp_hidden_tidy();
	return status;
}

/* The product of numbers up to `most`: they are multiplied into words, words into a number of
 * 512 bits, and that is reduced modulo L, so that few multiplications of scalars are
 * needed. */
struct product {
	uint64_t limit; /* a word up to this one can be multiplied once more without overflow */
	uint64_t word;
	uint64_t wide[8];
	size_t words; /* in `wide` */
	unsigned char scalar[BYTES];
};

static struct product
product_begin(uint32_t most)
{
	struct product p = { .limit = UINT64_MAX / most, .word = 1, .wide = { 1 } };

	memcpy(p.scalar, one, BYTES);
	return p;
}

static void
take_wide(struct product *p)
{
	unsigned char bytes[8 * sizeof *p->wide], reduced[BYTES];

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (unsigned char)(p->wide[i / 8] >> 8 * (i % 8));
	crypto_core_ed25519_scalar_reduce(reduced, bytes);
	multiply(p->scalar, reduced);
	memset(p->wide, 0, sizeof p->wide);
	p->wide[0] = 1;
	p->words = 0;
}

static void
take_word(struct product *p)
{
	unsigned __int128 carry = 0;

	for (size_t i = 0; i <= p->words; i++, carry >>= 64) {
		carry += (unsigned __int128)p->wide[i] * p->word;
		p->wide[i] = (uint64_t)carry;
	}
	p->word = 1;
	if (++p->words == sizeof p->wide / sizeof *p->wide)
		take_wide(p);
}

static void
times(struct product *p, uint32_t factor)
{
	if (p->word > p->limit)
		take_word(p);
	p->word *= factor;
}

static void
product_end(struct product *p, unsigned char to[BYTES])
{
	take_word(p);
	take_wide(p);
	memcpy(to, p->scalar, BYTES);
}

/* x[i] times all (x[j] - x[i]). Weight i is x[0] * ... * x[t - 1] divided by this. */
static void
divisor(unsigned char to[BYTES], const uint32_t *x, unsigned t, unsigned i, uint32_t most)
{
	struct product p = product_begin(most);
	int negative = 0;

	times(&p, x[i]);
	for (unsigned j = 0; j < t; j++) {
		if (j == i)
			continue;
		times(&p, x[j] > x[i] ? x[j] - x[i] : x[i] - x[j]);
		negative ^= x[j] < x[i];
	}
	product_end(&p, to);
	if (negative)
		crypto_core_ed25519_scalar_negate(to, to);
}

/* The secret is the sum of share[i] times weight[i], and the weights follow from x alone
 * (Lagrange). A single inversion is needed: the product of all divisors is inverted, and the
 * weights are split off from it, the last one first. */
static int
find_weights(unsigned char (*weight)[FLP_SHAMIR_BYTES], unsigned t, const uint32_t *x,
    struct flp_error *e)
{
	unsigned char (*before)[BYTES], rest[BYTES], all[BYTES];
	uint32_t most = 1;
	struct product p;

	if (t == 0)
		return flp_error_misuse(e, "a secret without shares");
	if (check_places(x, t, e) < 0 || (before = flp_memory_new(t, BYTES, e)) == NULL)
		return -1;
	for (unsigned i = 0; i < t; i++)
		most = x[i] > most ? x[i] : most;
	p = product_begin(most);
	memcpy(rest, one, BYTES);
	for (unsigned i = 0; i < t; i++) {
		divisor(weight[i], x, t, i, most);
		memcpy(before[i], rest, BYTES);
		multiply(rest, weight[i]);
		times(&p, x[i]);
	}
	crypto_core_ed25519_scalar_invert(rest, rest);
	product_end(&p, all);
	multiply(rest, all);
	for (unsigned i = t; i-- > 0;) {
		multiply(before[i], rest);
		multiply(rest, weight[i]);
		memcpy(weight[i], before[i], BYTES);
	}
	free(before);
	return 0;
}

static int
weigh(unsigned char secret[FLP_SHAMIR_BYTES], unsigned t,
    const unsigned char (*weight)[FLP_SHAMIR_BYTES],
    const unsigned char (*share)[FLP_SHAMIR_BYTES], struct flp_error *e)
{
	unsigned char sum[BYTES] = { 0 }, term[BYTES];
	int status = 0;

	for (unsigned i = 0; i < t && status == 0; i++) {
		if (!flp_shamir_is_scalar(share[i]))
			status = flp_error_bad(e, "share %u: expected a number below the order of "
			    "Ed25519, found another", i + 1);
		crypto_core_ed25519_scalar_mul(term, share[i], weight[i]);
		crypto_core_ed25519_scalar_add(sum, sum, term);
	}
	if (status == 0)
		memcpy(secret, sum, BYTES);
	sodium_memzero(sum, sizeof sum);
	sodium_memzero(term, sizeof term);
	flp_hidden_tidy();
	return status;
}

int
flp_shamir_join(unsigned char secret[FLP_SHAMIR_BYTES], unsigned t, const uint32_t *x,
    const unsigned char (*share)[FLP_SHAMIR_BYTES], struct flp_error *e)
{
	unsigned char (*weight)[BYTES] = flp_memory_new(t, BYTES, e);
	int status;

	if (weight == NULL)
		return -1;
	status = find_weights(weight, t, x, e);
	if (status == 0)
		status = weigh(secret, t, (const unsigned char (*)[BYTES])weight, share, e);
	free(weight);
	return status;
}
