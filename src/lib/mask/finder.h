/* How many neighbours a client shares its secrets with, and how many of them open them.
 *
 * Bell, Bonawitz, Gascon, Lepoint, Raykova 2020, "Secure single-server aggregation with
 * (poly)logarithmic overhead", for a ring of n clients in random order, of whom each has the
 * k / 2 nearest on either side as neighbours. The smallest even k < n - 1 for which
 *
 *	- the graph of the clients that are honest and stay is connected, but for a chance of
 *	  2^-(security + 1);
 *	- with t1 the number of corrupt neighbours that no client exceeds, but for the same chance,
 *	  and t2 the number of neighbours that stay with every client, but for a chance of 2^-20:
 *	  t1 < t2. A server that lies to some about who is left (semi-malicious) is answered twice
 *	  by corrupt neighbours, so there ceil((t1 + k - 1.25) / 2) stands for t1.
 *
 * The threshold is t1 + 1, or 2. Below 20 clients the graph is complete, k = n - 1, and
 * t = floor(2 n / 3) + 1 of all n, a client's own share among them. */
#ifndef FLP_MASK_FINDER_H
#define FLP_MASK_FINDER_H

#include "base/error.h"

#include <stdint.h>

#define FLP_FINDER_LEAST 3          /* clients */
#define FLP_FINDER_MOST 1000000     /* clients */
#define FLP_FINDER_COMPLETE 20      /* clients: below it the graph is complete */
#define FLP_FINDER_SECURITY 80      /* unless the caller says another */
#define FLP_FINDER_SECURITY_MOST 128

struct flp_finder {
	uint64_t n;              /* clients */
	double corrupt, dropout; /* shares of the clients, from 0, below 1 */
	unsigned security;       /* 1 to FLP_FINDER_SECURITY_MOST: the chance is 2^-security */
	int curious;             /* the server follows the protocol: not semi-malicious */
	uint64_t degree, threshold; /* the result */
};

/* Finds degree and threshold, within a second for a million clients. Everyone who asks the same
 * gets the same. FLP_ERROR_BAD, which says why, where there are none: where corrupt + dropout
 * is above .9 (semi-malicious: corrupt + 2 dropout), no k will do, or the complete graph's
 * threshold does not bear so many. */
int flp_finder_find(struct flp_finder *f, struct flp_error *e) FLP_CHECKED;

/* How many of n clients a share of them is: rounded down, but a whole number is met although the
 * product is a little below it. */
uint64_t flp_finder_lost(double share, uint64_t n);

#endif
