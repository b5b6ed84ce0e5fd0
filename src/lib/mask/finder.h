/* How many neighbours a client shares its secrets with, and how many of those can open a secret.
 *
 * Bell, Bonawitz, Gascon, Lepoint, Raykova 2020, "Secure single-server aggregation with
 * (poly)logarithmic overhead", for a ring of n clients in random order, where the neighbours of
 * each client are the k / 2 nearest on either side. k is the smallest even number below n - 1 for
 * which
 *
 *	- the graph of the clients that are honest and stay is connected, except with a probability
 *	  of 2^-(security + 1);
 *	- t1 < t2. No client has more than t1 corrupt neighbours, except with the same probability.
 *	  At least t2 neighbours of every client stay, except with a probability of 2^-20. A server
 *	  that lies to some clients about who is left (semi-malicious) can get two answers from
 *	  each corrupt neighbour. Against such a server t1 is replaced by
 *	  ceil((t1 + k - 1.25) / 2).
 *
 * The threshold is t1 + 1, and at least 2. Below 20 clients the graph is complete, k = n - 1, and
 * t = floor(2 n / 3) + 1 of all n shares, a client's own share among them. */
#ifndef FLP_MASK_FINDER_H
#define FLP_MASK_FINDER_H

#include "base/error.h"

#include <stdint.h>

#define FLP_FINDER_LEAST 3          /* clients */
#define FLP_FINDER_MOST 1000000     /* clients */
#define FLP_FINDER_COMPLETE 20      /* clients: below it the graph is complete */
#define FLP_FINDER_SECURITY 80      /* the default of fl-mask */
#define FLP_FINDER_SECURITY_MOST 128

struct flp_finder {
	uint64_t n;              /* clients */
	double corrupt, dropout; /* shares of the clients, from 0, below 1 */
	unsigned security;       /* 1 to FLP_FINDER_SECURITY_MOST, as in the formulas above */
	int curious;             /* 1: the server follows the protocol; 0: it is semi-malicious */
	uint64_t degree, threshold; /* the result */
};

/* Finds degree and threshold, within a second for a million clients. The same input always gives
 * the same result. FLP_ERROR_BAD, which says why, if there is none: corrupt + dropout is above .9
 * (semi-malicious: corrupt + 2 dropout), no k is enough, or the graph is complete and its threshold
 * does not suit so many corrupt clients or dropouts. */
int flp_finder_find(struct flp_finder *f, struct flp_error *e) FLP_CHECKED;

/* How many clients the fraction `share` of n clients is, rounded down. A product that is below a
 * whole number only by a rounding error counts as that number. */
uint64_t flp_finder_lost(double share, uint64_t n);

#endif
