/* Which rows make which batch. Batches are numbered without end: number g is
 * batch g mod ceil(n/B) of epoch floor(g / ceil(n/B)), and an epoch's order
 * depends on (seed, epoch, client) alone. So a client that does S steps a
 * round takes batches r S to r S + S - 1 in round r, goes on where it stopped,
 * and keeps nothing in between. */
#ifndef FLP_LEARN_BATCHES_H
#define FLP_LEARN_BATCHES_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct flp_batches {
	size_t n, size;     /* rows in all and a batch, 1 <= size <= n */
	uint64_t per_epoch; /* ceil(n / size): the last may be smaller */
	uint64_t seed, client;
	uint64_t epoch;     /* whose order stands in order[n] */
	uint32_t *order;    /* NULL where a batch is all rows */
	size_t room;
};

/* Begins on a data set of 1 <= n < 2^32 rows in batches of `size`; 0 or more
 * than n means n: one batch of all rows in their own order. *b starts as
 * zeros, may begin again and again, and is freed once. */
int flp_batches_begin(struct flp_batches *b, size_t n, size_t size, uint64_t seed,
    uint64_t client, struct flp_error *e) FLP_CHECKED;
void flp_batches_free(struct flp_batches *b);

/* The rows of batch g and their number in *rows; NULL stands for all rows from
 * 0 on. Valid until the next call. An epoch's order is a shuffle by the stream
 * (seed, round = epoch, client, FLP_PURPOSE_BATCH). */
const uint32_t *flp_batches_get(struct flp_batches *b, uint64_t g, size_t *rows);

#endif
