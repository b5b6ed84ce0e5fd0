/* Which rows are in which batch. The batches of all epochs are numbered in one sequence: with n
 * rows in batches of B, number g is batch g mod ceil(n/B) of epoch floor(g / ceil(n/B)). The
 * order of the rows in an epoch depends only on (seed, epoch, client). So a client that does S
 * steps in each round takes the batches r S to r S + S - 1 in round r: it goes on where it
 * stopped, without keeping anything from round to round. */
#ifndef FLP_LEARN_BATCHES_H
#define FLP_LEARN_BATCHES_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct flp_batches {
	size_t n, size;     /* rows in all, and rows in a batch; 1 <= size <= n */
	uint64_t per_epoch; /* batches in an epoch: ceil(n / size); the last may be smaller */
	uint64_t seed, client;
	uint64_t epoch;     /* the epoch whose order is in order[n] */
	uint32_t *order;    /* NULL if a batch is all rows */
	size_t room;
};

/* Begins with a data set of n rows, 1 <= n < 2^32, in batches of `size`. A size of 0, or above n,
 * stands for n: one batch of all rows in their own order. *b is all zero before the first call; it
 * may begin again with other data, and is freed once. */
int flp_batches_begin(struct flp_batches *b, size_t n, size_t size, uint64_t seed,
    uint64_t client, struct flp_error *e) FLP_CHECKED;
void flp_batches_free(struct flp_batches *b);

/* The rows of batch number g, and how many there are in *rows. NULL stands for all rows, from
 * row 0 on. They are valid until the next call. An epoch's order is a shuffle by the stream
 * (seed, round = epoch, client, FLP_PURPOSE_BATCH). */
const uint32_t *flp_batches_get(struct flp_batches *b, uint64_t g, size_t *rows);

#endif
