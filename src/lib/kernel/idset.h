/* A hash of a set of ids, which does not depend on their order. The hashes of the parts of a
 * set add up to the hash of the whole. An id that is added twice counts twice.
 *
 * LtHash with 1024 words of 16 bits (Bellare, Micciancio 1997; Lewi et al. 2019, "Securing
 * update propagation with homomorphic hashing"): each id is hashed to 32 bytes by BLAKE2b and
 * expanded to 2 KiB by ChaCha20; the words are added modulo 2^16. */
#ifndef FLP_KERNEL_IDSET_H
#define FLP_KERNEL_IDSET_H

#include <stdint.h>

#define FLP_IDSET_WORDS 1024
#define FLP_IDSET_DIGEST 16 /* bytes */
#define FLP_IDSET_ID 16     /* bytes of an id */

struct flp_idset {
	uint16_t word[FLP_IDSET_WORDS]; /* all zero: the empty set */
};

/* Adds an id. */
void flp_idset_add(struct flp_idset *set, const unsigned char id[FLP_IDSET_ID]);

/* Adds the set that has these words. */
void flp_idset_join(struct flp_idset *set, const uint16_t word[FLP_IDSET_WORDS]);

/* BLAKE2b of the words. */
void flp_idset_digest(const struct flp_idset *set, unsigned char digest[FLP_IDSET_DIGEST]);

#endif
