/* The cost of a masked sum, from the number of operations and the speed of this machine, which a
 * short run measures. */
#ifndef FLP_MASK_ESTIMATE_H
#define FLP_MASK_ESTIMATE_H

#include "base/error.h"

#include <stdint.h>

/* Seconds on one core for one operation: the masks of a byte, the digest of a byte, an agreement
 * of two keys (X25519), the check of a signature, a step of a polynomial or of a sum of shares, and
 * the addition of a value. */
struct flp_estimate_speed {
	double mask, digest, agree, check, share, add;
};

struct flp_estimate {
	/* What the caller decides. */
	uint64_t clients, values;
	unsigned bits;
	int silo;                   /* 1: silo mode, with one message a round and without dropouts */
	uint64_t degree, threshold; /* k and t of a fleet */
	double dropout;             /* the share of clients that drop out after they sent shares */

	/* The result. */
	uint64_t bytes;        /* what a client sends: values, shares and keys, without metadata */
	double client, server; /* seconds of each, without reading and writing */
};

/* flp_estimate_measure measures the speed, in about a tenth of a second. flp_estimate_find
 * computes the result from it. */
int flp_estimate_measure(struct flp_estimate_speed *speed, unsigned bits,
    struct flp_error *e) FLP_CHECKED;
void flp_estimate_find(struct flp_estimate *s, const struct flp_estimate_speed *speed);

#endif
