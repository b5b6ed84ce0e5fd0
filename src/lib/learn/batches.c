#include "learn/batches.h"
#include "base/memory.h"
#include "kernel/random.h"

#include <stdlib.h>

int
flp_batches_begin(struct flp_batches *b, size_t n, size_t size, uint64_t seed,
    uint64_t client, struct flp_error *e)
{
	b->n = n;
	b->size = size == 0 || size > n ? n : size;
	b->per_epoch = (n + b->size - 1) / b->size;
	b->seed = seed;
	b->client = client;
	b->epoch = UINT64_MAX;
	if (b->size == n)
		return 0;
	return flp_memory_grow(&b->order, &b->room, n, sizeof *b->order, e);
}

void
flp_batches_free(struct flp_batches *b)
{
	free(b->order);
	b->order = NULL;
	b->room = 0;
}

const uint32_t *
flp_batches_get(struct flp_batches *b, uint64_t g, size_t *rows)
{
	uint64_t epoch = g / b->per_epoch;
	size_t from = (size_t)(g % b->per_epoch) * b->size;

	*rows = b->n - from < b->size ? b->n - from : b->size;
	if (b->size == b->n)
		return NULL;
	if (epoch != b->epoch) {
		struct flp_random random;

		for (size_t i = 0; i < b->n; i++)
			b->order[i] = (uint32_t)i;
		flp_random_init(&random, b->seed, (uint32_t)epoch, b->client,
		    FLP_PURPOSE_BATCH);
		flp_random_shuffle(&random, b->order, b->n);
		b->epoch = epoch;
	}
	return b->order + from;
}
