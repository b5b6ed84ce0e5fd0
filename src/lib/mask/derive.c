#include "mask/derive.h"

#include <string.h>

static void
take_digest(struct flp_kdf *k, const struct flp_digest *digest)
{
	flp_kdf_bytes(k, digest->byte, sizeof digest->byte);
}

void
flp_derive_mask(unsigned char secret[FLP_KDF_BYTES], unsigned char public[FLP_KDF_BYTES],
    const unsigned char seed[FLP_KDF_BYTES])
{
	struct flp_kdf k;

	flp_kdf_begin(&k, seed, "mask secret");
	flp_kdf_end(&k, secret);
	flp_kdf_public(public, secret);
}

int
flp_derive_pair(unsigned char key[FLP_KDF_BYTES], const struct flp_derive *d,
    const unsigned char own_secret[FLP_KDF_BYTES], const unsigned char own_public[FLP_KDF_BYTES],
    const unsigned char other_public[FLP_KDF_BYTES], struct flp_error *e)
{
	int first = memcmp(own_public, other_public, FLP_KDF_BYTES) < 0;
	unsigned char shared[FLP_KDF_BYTES];
	struct flp_kdf k;

	if (flp_kdf_agree(shared, own_secret, other_public, e) < 0)
		return -1;
	flp_kdf_begin(&k, shared, "pair");
	sodium_memzero(shared, sizeof shared);
	flp_kdf_text(&k, d->session);
	flp_kdf_text(&k, d->purpose);
	flp_kdf_u64(&k, d->round);
	take_digest(&k, &d->base);
	flp_kdf_bytes(&k, first ? own_public : other_public, FLP_KDF_BYTES);
	flp_kdf_bytes(&k, first ? other_public : own_public, FLP_KDF_BYTES);
	take_digest(&k, &d->graph);
	flp_kdf_end(&k, key);
	return 0;
}

void
flp_derive_self(unsigned char key[FLP_KDF_BYTES], const struct flp_derive *d,
    const unsigned char b[FLP_KDF_BYTES])
{
	struct flp_kdf k;

	flp_kdf_begin(&k, b, "self");
	flp_kdf_text(&k, d->session);
	flp_kdf_u64(&k, d->round);
	take_digest(&k, &d->base);
	take_digest(&k, &d->graph);
	flp_kdf_end(&k, key);
}

int
flp_derive_box(unsigned char key[FLP_KDF_BYTES], const struct flp_derive *d,
    const unsigned char own_secret[FLP_KDF_BYTES],
    const unsigned char other_public[FLP_KDF_BYTES], const unsigned char from[FLP_KDF_BYTES],
    const unsigned char to[FLP_KDF_BYTES], struct flp_error *e)
{
	unsigned char shared[FLP_KDF_BYTES];
	struct flp_kdf k;

	if (flp_kdf_agree(shared, own_secret, other_public, e) < 0)
		return -1;
	flp_kdf_begin(&k, shared, "box");
	sodium_memzero(shared, sizeof shared);
	flp_kdf_text(&k, d->session);
	flp_kdf_u64(&k, d->round);
	take_digest(&k, &d->graph);
	flp_kdf_bytes(&k, from, FLP_KDF_BYTES);
	flp_kdf_bytes(&k, to, FLP_KDF_BYTES);
	flp_kdf_end(&k, key);
	return 0;
}

void
flp_derive_box_bound(unsigned char bound[FLP_KDF_BYTES], const struct flp_derive *d,
    uint32_t from, uint32_t to)
{
	struct flp_kdf k;

	flp_kdf_begin(&k, NULL, "box");
	flp_kdf_text(&k, d->session);
	flp_kdf_u64(&k, d->round);
	take_digest(&k, &d->graph);
	flp_kdf_u64(&k, from);
	flp_kdf_u64(&k, to);
	flp_kdf_end(&k, bound);
}

void
flp_derive_check(unsigned char check[FLP_DERIVE_CHECK], const struct flp_derive *d,
    uint32_t from, uint32_t to, enum flp_derive_share what,
    const unsigned char share[FLP_KDF_BYTES])
{
	unsigned char whole[FLP_KDF_BYTES];
	struct flp_kdf k;

	flp_kdf_begin(&k, NULL, "check");
	take_digest(&k, &d->graph);
	flp_kdf_u64(&k, from);
	flp_kdf_u64(&k, to);
	flp_kdf_text(&k, what == FLP_DERIVE_SEED ? "seed" : "self");
	flp_kdf_bytes(&k, share, FLP_KDF_BYTES);
	flp_kdf_end(&k, whole);
	memcpy(check, whole, FLP_DERIVE_CHECK);
}

void
flp_derive_commit(unsigned char commit[FLP_KDF_BYTES], const struct flp_derive *d,
    uint32_t client, const unsigned char b[FLP_KDF_BYTES])
{
	struct flp_kdf k;

	flp_kdf_begin(&k, NULL, "commit");
	take_digest(&k, &d->graph);
	flp_kdf_u64(&k, client);
	flp_kdf_bytes(&k, b, FLP_KDF_BYTES);
	flp_kdf_end(&k, commit);
}
