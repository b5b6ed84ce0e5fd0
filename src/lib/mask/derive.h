/* The keys of masks and boxes in a round of fleet mode, and the digests by which one party checks
 * what another has sent. All parties derive them in the same way. All are bound to the graph, which
 * names every client. mask/kdf.h says which fields go into which key: a digest goes in as its 32
 * bytes, a client as its position in the graph. */
#ifndef FLP_MASK_DERIVE_H
#define FLP_MASK_DERIVE_H

#include "base/error.h"
#include "format/digest.h"
#include "mask/kdf.h"

#include <stdint.h>

#define FLP_DERIVE_CHECK 16 /* bytes of the check value of a share */

/* The secrets of a client that are shared: b, for its own mask, and the scalar of its mask key.
 * These are the codes in the tensor `secret` of a reveal message. */
enum flp_derive_share {
	FLP_DERIVE_SELF = 0,
	FLP_DERIVE_SEED = 1,
};

struct flp_derive {
	const char *session;
	const char *purpose;     /* update or stats; for boxes and digests it may be NULL */
	uint64_t round;
	struct flp_digest base;  /* of the model, or of the columns of statistics (mask/columns.h) */
	struct flp_digest graph;
};

/* A client's mask key pair for the round, from a scalar that can be shared (mask/shamir.h). */
void flp_derive_mask(unsigned char secret[FLP_KDF_BYTES], unsigned char public[FLP_KDF_BYTES],
    const unsigned char seed[FLP_KDF_BYTES]);

/* The key of the mask that two clients share, from the secret mask key of one and the public
 * one of the other. FLP_ERROR_BAD if the public key is a point of small order. */
int flp_derive_pair(unsigned char key[FLP_KDF_BYTES], const struct flp_derive *d,
    const unsigned char own_secret[FLP_KDF_BYTES], const unsigned char own_public[FLP_KDF_BYTES],
    const unsigned char other_public[FLP_KDF_BYTES], struct flp_error *e) FLP_CHECKED;

/* The key of a client's own mask. */
void flp_derive_self(unsigned char key[FLP_KDF_BYTES], const struct flp_derive *d,
    const unsigned char b[FLP_KDF_BYTES]);

/* The key of the box from one client to another, from the secret encryption key of one of them
 * and the public one of the other; `from` and `to` are the public keys of sender and receiver.
 * FLP_ERROR_BAD as for flp_derive_pair. */
int flp_derive_box(unsigned char key[FLP_KDF_BYTES], const struct flp_derive *d,
    const unsigned char own_secret[FLP_KDF_BYTES],
    const unsigned char other_public[FLP_KDF_BYTES], const unsigned char from[FLP_KDF_BYTES],
    const unsigned char to[FLP_KDF_BYTES], struct flp_error *e) FLP_CHECKED;

/* The associated data that a box is sealed with; `from` and `to` are the positions of sender and
 * receiver. */
void flp_derive_box_bound(unsigned char bound[FLP_KDF_BYTES], const struct flp_derive *d,
    uint32_t from, uint32_t to);

/* flp_derive_check gives the check value of a share that `from` deals to `to`. flp_derive_commit
 * gives the digest by which a client commits to its b. */
void flp_derive_check(unsigned char check[FLP_DERIVE_CHECK], const struct flp_derive *d,
    uint32_t from, uint32_t to, enum flp_derive_share what,
    const unsigned char share[FLP_KDF_BYTES]);
void flp_derive_commit(unsigned char commit[FLP_KDF_BYTES], const struct flp_derive *d,
    uint32_t client, const unsigned char b[FLP_KDF_BYTES]);

#endif
