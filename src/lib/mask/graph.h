/* The graph of neighbours, made from a seed that nobody chooses.
 *
 * Clients 0 to n - 1 are shuffled into a ring by the method of Fisher and Yates: for i = n - 1 down
 * to 1, places i and j are exchanged, where j is a number from 0 to i. To find j, the stream of
 * ChaCha20 (64-bit nonce, zero) under the seed is read as little-endian u32. Words of at least
 * 2^32 - 2^32 mod (i + 1) are skipped, and j is the next word modulo i + 1. A client's neighbours
 * are the k / 2 before it and the k / 2 after it on the ring, or all others if k = n - 1. */
#ifndef FLP_MASK_GRAPH_H
#define FLP_MASK_GRAPH_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define FLP_GRAPH_SEED 32

struct flp_graph {
	uint64_t n, k;
	uint32_t *at;    /* at[p]: the client at place p of the ring */
	uint32_t *place; /* place[c]: the place of client c */
};

/* Makes the graph of n clients with k neighbours each, in O(n); 1 < n < 2^32, and k is either n - 1
 * or an even number from 2 to n - 2. The caller ends it. */
int flp_graph_begin(struct flp_graph *g, const unsigned char seed[FLP_GRAPH_SEED], uint64_t n,
    uint64_t k, struct flp_error *e) FLP_CHECKED;
void flp_graph_end(struct flp_graph *g);

/* Writes the neighbours of client `self`, ascending, to to[k]; `self` is less than n. */
void flp_graph_neighbours(const struct flp_graph *g, uint64_t self, uint32_t *to);

/* Finds a client in an ascending list of n; NULL if it is not there. */
const uint32_t *flp_graph_find(const uint32_t *client, size_t n, uint32_t which);

#endif
