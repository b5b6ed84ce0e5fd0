#include "loop/blocks.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

size_t
flp_blocks_room(const struct flp_header *h)
{
	uint64_t most = 0;

	for (size_t i = 0; i < h->tensors; i++)
		if (h->tensor[i].count > most)
			most = h->tensor[i].count;
	return most < FLP_BLOCKS_N ? (size_t)most : FLP_BLOCKS_N;
}

static int
init(struct flp_blocks *b, const struct flp_header *h, size_t raw_size, struct flp_error *e)
{
	size_t room = flp_blocks_room(h);

	memset(b, 0, sizeof *b);
	b->header = h;
	b->value = flp_memory_new(room, sizeof *b->value, e);
	b->memory = flp_memory_new(room, raw_size, e);
	if (b->value != NULL && b->memory != NULL)
		return 0;
	flp_blocks_free(b);
	return -1;
}

int
flp_blocks_init(struct flp_blocks *b, struct flp_reader *r, const struct flp_header *h,
    struct flp_error *e)
{
	if (init(b, h, FLP_DTYPE_SIZE_LIMIT, e) < 0)
		return -1;
	b->reader = r;
	b->raw = b->memory;
	return 0;
}

int
flp_blocks_of(struct flp_blocks *b, const struct flp_record *record, struct flp_error *e)
{
	if (init(b, &record->header, 0, e) < 0)
		return -1;
	b->record = record;
	return 0;
}

void
flp_blocks_free(struct flp_blocks *b)
{
	free(b->value);
	free(b->memory);
	memset(b, 0, sizeof *b);
}

int
flp_blocks_raw(struct flp_blocks *b, size_t tensor, struct flp_error *e)
{
	const struct flp_tensor *t;
	uint64_t left;
	size_t size;

	if (tensor >= b->header->tensors)
		return flp_error_bad(e, "expected one of %zu tensors, found %zu", b->header->tensors,
		    tensor);
	t = &b->header->tensor[tensor];
	size = flp_dtype_size(t->dtype);
	b->at = tensor == b->tensor ? b->at + b->n : 0;
	b->tensor = tensor;
	left = t->count - b->at;
	b->n = left < FLP_BLOCKS_N ? (size_t)left : FLP_BLOCKS_N;
	if (b->n == 0)
		return 0;
	if (b->record != NULL)
		b->raw = (unsigned char *)b->record->values[tensor] + b->at * size;
	else if (flp_reader_values(b->reader, b->raw, b->n * size, e) < 0)
		return -1;
	return 1;
}

const double *
flp_blocks_f64(struct flp_blocks *b)
{
	flp_dtype_to_f64(b->raw, b->header->tensor[b->tensor].dtype, b->n, b->value);
	return b->value;
}

int
flp_blocks_next(struct flp_blocks *b, size_t tensor, struct flp_error *e)
{
	int more = flp_blocks_raw(b, tensor, e);

	if (more > 0)
		flp_blocks_f64(b);
	return more;
}
