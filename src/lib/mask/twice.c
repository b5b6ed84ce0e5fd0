#include "mask/twice.h"

#include <stdlib.h>
#include <string.h>

#define BYTES 32

/* Equal keys are ordered by their clients, so that every party finds the same pair. */
static int
by_key(const void *a, const void *b)
{
	const struct flp_twice *x = a, *y = b;
	int order = memcmp(x->key, y->key, BYTES);

	return order != 0 ? order : (x->client > y->client) - (x->client < y->client);
}

void
flp_twice_sort(struct flp_twice *key, size_t n)
{
	qsort(key, n, sizeof *key, by_key);
}

int
flp_twice_next(const struct flp_twice *key, size_t n, size_t *at)
{
	for (; *at < n; ++*at)
		if (memcmp(key[*at - 1].key, key[*at].key, BYTES) == 0)
			return 1;
	return 0;
}
