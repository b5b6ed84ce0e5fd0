/* What the clients and the server of a round must derive alike: the keys of masks, and the
 * digests that tell a false share (mask/kdf.h has the fields). Clients are indices of the
 * gathering. */
#ifndef FLP_MASK_DERIVE_H
#define FLP_MASK_DERIVE_H

#include "base/error.h"
#include "mask/gathering.h"

#include <stdint.h>

/* The two secrets of a client that others hold shares of; the codes of the tensor `secret` of a
 * message reveal. */
enum flp_dealt {
	FLP_DEALT_SELF = 0, /* b, of its own mask */
	FLP_DEALT_SEED = 1, /* of its mask key pair */
};

/* Tells a false share: where a row of the tensor `check` has the digest of which secret, how
 * many bytes it has, and the digest of a share. */
#define FLP_DERIVE_CHECK 16
static inline size_t
flp_derive_check_at(enum flp_dealt which)
{
	return which == FLP_DEALT_SEED ? 0 : FLP_DERIVE_CHECK;
}
void flp_derive_check(unsigned char check[FLP_DERIVE_CHECK], const struct flp_gathering *g,
    uint32_t dealer, uint32_t holder, enum flp_dealt which, const unsigned char share[32]);

/* Tells a false b. */
void flp_derive_commit(unsigned char commit[32], const struct flp_gathering *g, uint32_t client,
    const unsigned char b[32]);

/* What a box from one client to another is bound to, and its key: `secret` is the encryption
 * key of one of the two, whose index is `own`. */
void flp_derive_bound(unsigned char bound[32], const struct flp_gathering *g, uint32_t from,
    uint32_t to);
int flp_derive_box(unsigned char key[32], const struct flp_gathering *g, uint32_t from,
    uint32_t to, uint32_t own, const unsigned char secret[32], struct flp_error *e) FLP_CHECKED;

/* The key of a client's own mask, from its b. */
void flp_derive_self(unsigned char key[32], const struct flp_gathering *g,
    const unsigned char b[32]);

/* The mask key pair of a seed: the secret key, and its public one. */
void flp_derive_mask_secret(unsigned char secret[32], const unsigned char seed[32]);

/* The key of the mask of a pair, given the mask secret of client `own`; and whether `own` adds
 * the mask or, where it comes before the other, subtracts it. `purpose` is update or stats. */
int flp_derive_pair(unsigned char key[32], const struct flp_gathering *g, const char *purpose,
    uint32_t own, uint32_t other, const unsigned char secret[32],
    struct flp_error *e) FLP_CHECKED;
static inline int
flp_derive_subtracts(uint32_t own, uint32_t other)
{
	return own < other;
}

#endif
