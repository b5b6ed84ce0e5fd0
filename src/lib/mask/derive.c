#include "mask/derive.h"
#include "mask/kdf.h"

#include <sodium.h>
#include <string.h>

static void
add_digest(struct flp_kdf *k, const struct flp_digest *digest)
{
	flp_kdf_bytes(k, digest->byte, sizeof digest->byte);
}

void
flp_derive_check(unsigned char check[FLP_DERIVE_CHECK], const struct flp_gathering *g,
    uint32_t dealer, uint32_t holder, enum flp_dealt which, const unsigned char share[32])
{
	unsigned char digest[FLP_KDF_BYTES];
	struct flp_kdf k;

	flp_kdf_begin(&k, NULL, "check");
	add_digest(&k, &g->round.graph);
	flp_kdf_u64(&k, dealer);
	flp_kdf_u64(&k, holder);
	flp_kdf_text(&k, which == FLP_DEALT_SEED ? "seed" : "self");
	flp_kdf_bytes(&k, share, 32);
	flp_kdf_end(&k, digest);
	memcpy(check, digest, FLP_DERIVE_CHECK);
}

void
flp_derive_commit(unsigned char commit[32], const struct flp_gathering *g, uint32_t client,
    const unsigned char b[32])
{
	struct flp_kdf k;

	flp_kdf_begin(&k, NULL, "commit");
	add_digest(&k, &g->round.graph);
	flp_kdf_u64(&k, client);
	flp_kdf_bytes(&k, b, 32);
	flp_kdf_end(&k, commit);
}

void
flp_derive_bound(unsigned char bound[32], const struct flp_gathering *g, uint32_t from,
    uint32_t to)
{
	struct flp_kdf k;

	flp_kdf_begin(&k, NULL, "box");
	flp_kdf_text(&k, g->round.session);
	flp_kdf_u64(&k, g->round.number);
	add_digest(&k, &g->round.graph);
	flp_kdf_u64(&k, from);
	flp_kdf_u64(&k, to);
	flp_kdf_end(&k, bound);
}

int
flp_derive_box(unsigned char key[32], const struct flp_gathering *g, uint32_t from, uint32_t to,
    uint32_t own, const unsigned char secret[32], struct flp_error *e)
{
	unsigned char shared[FLP_KDF_BYTES];
	struct flp_kdf k;

	if (flp_kdf_agree(shared, secret, g->encrypt[own == from ? to : from], e) < 0)
		return -1;
	flp_kdf_begin(&k, shared, "box");
	sodium_memzero(shared, sizeof shared);
	flp_kdf_text(&k, g->round.session);
	flp_kdf_u64(&k, g->round.number);
	add_digest(&k, &g->round.graph);
	flp_kdf_bytes(&k, g->encrypt[from], 32);
	flp_kdf_bytes(&k, g->encrypt[to], 32);
	flp_kdf_end(&k, key);
	return 0;
}

void
flp_derive_self(unsigned char key[32], const struct flp_gathering *g, const unsigned char b[32])
{
	struct flp_kdf k;

	flp_kdf_begin(&k, b, "self");
	flp_kdf_text(&k, g->round.session);
	flp_kdf_u64(&k, g->round.number);
	add_digest(&k, &g->round.base);
	add_digest(&k, &g->round.graph);
	flp_kdf_end(&k, key);
}

void
flp_derive_mask_secret(unsigned char secret[32], const unsigned char seed[32])
{
	struct flp_kdf k;

	flp_kdf_begin(&k, seed, "mask secret");
	flp_kdf_end(&k, secret);
}

int
flp_derive_pair(unsigned char key[32], const struct flp_gathering *g, const char *purpose,
    uint32_t own, uint32_t other, const unsigned char secret[32], struct flp_error *e)
{
	const unsigned char *lesser = g->mask[own], *greater = g->mask[other], *swap = lesser;
	unsigned char shared[FLP_KDF_BYTES];
	struct flp_kdf k;

	if (flp_kdf_agree(shared, secret, g->mask[other], e) < 0)
		return -1;
	if (memcmp(lesser, greater, 32) > 0) {
		lesser = greater;
		greater = swap;
	}
	flp_kdf_begin(&k, shared, "pair");
	sodium_memzero(shared, sizeof shared);
	flp_kdf_text(&k, g->round.session);
	flp_kdf_text(&k, purpose);
	flp_kdf_u64(&k, g->round.number);
	add_digest(&k, &g->round.base);
	flp_kdf_bytes(&k, lesser, 32);
	flp_kdf_bytes(&k, greater, 32);
	add_digest(&k, &g->round.graph);
	flp_kdf_end(&k, key);
	return 0;
}
