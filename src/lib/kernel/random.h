/* Reproducible random streams. They are counter-based, so a draw depends on its
 * key and its place alone, never on the order of calls, the chunk size or the
 * number of threads.
 *
 * Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1,
 * 2, 3") from Random123. Not for secrets and not for privacy: whoever knows
 * the seed knows the stream. Only integer arithmetic and exact operations on
 * doubles are used, so the draws are the same on every machine. */
#ifndef FLP_KERNEL_RANDOM_H
#define FLP_KERNEL_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* What a stream is for. Streams of different purposes are different. */
enum flp_purpose {
	FLP_PURPOSE_INIT = 1,  /* model parameters; client = tensor index */
	FLP_PURPOSE_SPLIT = 2, /* which client gets a row */
	FLP_PURPOSE_TEST = 3,  /* which rows are held out */
	FLP_PURPOSE_SAMPLE = 4, /* which clients are in a cohort */
	FLP_PURPOSE_BATCH = 5, /* which rows are in a batch; round = epoch */
};

struct flp_random {
	uint32_t key[2];
	uint32_t counter[4];
	uint32_t word[4];
	unsigned used; /* how many of word[] were returned already */
};

/* The stream of (seed, round, client, purpose), at its beginning. `client`
 * is a hash or an index; round < 2^32. */
void flp_random_init(struct flp_random *r, uint64_t seed, uint32_t round,
    uint64_t client, enum flp_purpose purpose);

/* Uniform on all 64-bit numbers. */
uint64_t flp_random_u64(struct flp_random *r);

/* Uniform on {0, ..., n-1}, without bias (Lemire 2019); n >= 1. */
uint64_t flp_random_below(struct flp_random *r, uint64_t n);

/* Uniform on the multiples of 2^-53 in [0, 1). */
double flp_random_unit(struct flp_random *r);

/* Fisher-Yates: a uniform permutation of the n numbers in place. */
void flp_random_shuffle(struct flp_random *r, uint32_t *x, size_t n);

#endif
