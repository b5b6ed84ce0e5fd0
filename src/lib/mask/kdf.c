#include "mask/kdf.h"

#include <string.h>

static void
take(struct flp_kdf *k, const void *bytes, size_t n)
{
	crypto_generichash_blake2b_update(&k->state, bytes, n);
}

static void
little(unsigned char to[8], uint64_t number)
{
	for (int i = 0; i < 8; i++)
		to[i] = (unsigned char)(number >> 8 * i);
}

void
flp_kdf_begin(struct flp_kdf *k, const unsigned char secret[FLP_KDF_BYTES], const char *label)
{
	static const char name[] = "flmask1 ";
	unsigned char length[8];

	crypto_generichash_blake2b_init(&k->state, secret, secret == NULL ? 0 : FLP_KDF_BYTES,
	    FLP_KDF_BYTES);
	little(length, strlen(name) + strlen(label));
	take(k, length, sizeof length);
	take(k, name, strlen(name));
	take(k, label, strlen(label));
}

void
flp_kdf_bytes(struct flp_kdf *k, const void *bytes, size_t n)
{
	unsigned char length[8];

	little(length, n);
	take(k, length, sizeof length);
	take(k, bytes, n);
}

void
flp_kdf_text(struct flp_kdf *k, const char *text)
{
	flp_kdf_bytes(k, text, strlen(text));
}

void
flp_kdf_u64(struct flp_kdf *k, uint64_t number)
{
	unsigned char bytes[8];

	little(bytes, number);
	flp_kdf_bytes(k, bytes, sizeof bytes);
}

void
flp_kdf_end(struct flp_kdf *k, unsigned char key[FLP_KDF_BYTES])
{
	crypto_generichash_blake2b_final(&k->state, key, FLP_KDF_BYTES);
	sodium_memzero(k, sizeof *k);
}

int
flp_kdf_agree(unsigned char shared[FLP_KDF_BYTES], const unsigned char own_secret[FLP_KDF_BYTES],
    const unsigned char other_public[FLP_KDF_BYTES], struct flp_error *e)
{
	if (crypto_scalarmult_curve25519(shared, own_secret, other_public) == 0)
		return 0;
	sodium_memzero(shared, FLP_KDF_BYTES);
	return flp_error_bad(e, "expected a public key of X25519, found a point of small order");
}

int
flp_kdf_check(const unsigned char public[FLP_KDF_BYTES], struct flp_error *e)
{
	static const unsigned char any[FLP_KDF_BYTES] = { 1 };
	unsigned char shared[FLP_KDF_BYTES];

	return flp_kdf_agree(shared, any, public, e);
}

void
flp_kdf_public(unsigned char to[FLP_KDF_BYTES], const unsigned char secret[FLP_KDF_BYTES])
{
	crypto_scalarmult_curve25519_base(to, secret);
}
