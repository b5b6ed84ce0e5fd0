#include "data/order.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

int
flp_order_stable(uint32_t *row, size_t n, const uint32_t *key, size_t keys, size_t *start,
    struct flp_error *e)
{
	size_t *at = flp_memory_new(keys + 1, sizeof *at, e);
	uint32_t *from = flp_memory_new(n, sizeof *from, e);
	int status = at == NULL || from == NULL ? -1 : 0;

	if (status == 0) {
		for (size_t i = 0; i < n; i++)
			at[key[row[i]] + 1]++;
		for (size_t k = 0; k < keys; k++)
			at[k + 1] += at[k];
		if (start != NULL)
			memcpy(start, at, (keys + 1) * sizeof *at);
		memcpy(from, row, n * sizeof *from);
		for (size_t i = 0; i < n; i++)
			row[at[key[from[i]]]++] = from[i];
	}
	free(at);
	free(from);
	return status;
}

void
flp_order_natural(uint32_t *row, size_t n)
{
	for (size_t i = 0; i < n; i++)
		row[i] = (uint32_t)i;
}
