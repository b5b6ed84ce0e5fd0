#include "loop/blocks.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

int
flp_blocks_init(struct flp_blocks *b, struct flp_reader *r, const struct flp_header *h,
    struct flp_error *e)
{
	memset(b, 0, sizeof *b);
	b->reader = r;
	b->header = h;
	b->value = flp_memory_new(FLP_BLOCKS_N, sizeof *b->value, e);
	b->raw = flp_memory_new(FLP_BLOCKS_N, FLP_DTYPE_SIZE_LIMIT, e);
	if (b->value != NULL && b->raw != NULL)
		return 0;
	flp_blocks_free(b);
	return -1;
}

void
flp_blocks_free(struct flp_blocks *b)
{
	free(b->value);
	free(b->raw);
	memset(b, 0, sizeof *b);
}

int
flp_blocks_next(struct flp_blocks *b, size_t tensor, struct flp_error *e)
{
	const struct flp_tensor *t = &b->header->tensor[tensor];
	uint64_t left;

	b->at = tensor == b->tensor ? b->at + b->n : 0;
	b->tensor = tensor;
	left = t->count - b->at;
	b->n = left < FLP_BLOCKS_N ? (size_t)left : FLP_BLOCKS_N;
	if (b->n == 0)
		return 0;
	if (flp_reader_values(b->reader, b->raw, b->n * flp_dtype_size(t->dtype), e) < 0)
		return -1;
	flp_dtype_to_f64(b->raw, t->dtype, b->n, b->value);
	return 1;
}
