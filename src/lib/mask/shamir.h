/* Shamir's secret sharing over the integers modulo L, the prime order 2^252 + 2774231777737235
 * 3535851937790883648493 of Ed25519's group, whose arithmetic libsodium does in constant time.
 *
 * A secret is the value at 0 of a polynomial of degree t - 1 whose other coefficients are
 * random; a share is its value at x, a number above 0. Any t shares give the secret; t - 1 of
 * them say nothing about it. Secrets and shares are scalars: 32 bytes, little-endian, less
 * than L. */
#ifndef FLP_MASK_SHAMIR_H
#define FLP_MASK_SHAMIR_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define FLP_SHAMIR_BYTES 32

/* Makes a scalar that nobody can guess. */
int flp_shamir_random(unsigned char scalar[FLP_SHAMIR_BYTES], struct flp_error *e) FLP_CHECKED;

/* Returns 1 if these bytes are a scalar: a number less than L. */
int flp_shamir_is_scalar(const unsigned char bytes[FLP_SHAMIR_BYTES]);

/* Makes the shares share[n] of a secret at the places x[n], which are above 0 and distinct;
 * 1 <= t <= n. */
int flp_shamir_split(const unsigned char secret[FLP_SHAMIR_BYTES], unsigned t,
    const uint32_t *x, size_t n, unsigned char (*share)[FLP_SHAMIR_BYTES],
    struct flp_error *e) FLP_CHECKED;

/* Computes the secret from exactly t shares, share[i] at x[i]. FLP_ERROR_BAD if two places are
 * equal, one is 0, or a share is not a scalar. If a share is a scalar but wrong, so is the
 * secret. */
int flp_shamir_join(unsigned char secret[FLP_SHAMIR_BYTES], unsigned t, const uint32_t *x,
    const unsigned char (*share)[FLP_SHAMIR_BYTES], struct flp_error *e) FLP_CHECKED;

#endif
