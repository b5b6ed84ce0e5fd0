#include "loop/blocks.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* How many values of a tensor are one number. In the tensors sum and sumsq of statistics, or of a
 * partial of them, it is FLP_DIGITS_SUM or FLP_DIGITS_SUMSQ, which is then the last dimension;
 * otherwise 1. A block holds whole numbers. */
static size_t
digits_of(const struct flp_header *h, size_t tensor)
{
	const struct flp_tensor *t = &h->tensor[tensor];
	size_t digits = strcmp(t->name, "sum") == 0 ? FLP_DIGITS_SUM :
	    strcmp(t->name, "sumsq") == 0 ? FLP_DIGITS_SUMSQ : 1;

	return (h->kind == FLP_KIND_STATS || h->kind == FLP_KIND_PARTIAL) &&
	    t->dtype == FLP_DTYPE_I64 && t->rank == 2 && t->dims[1] == digits ? digits : 1;
}

/* Makes room for the largest block of a record with this header. */
static int
reserve(struct flp_blocks *b, const struct flp_header *h, size_t size, struct flp_error *e)
{
	uint64_t room = 1;

	for (size_t i = 0; i < h->tensors; i++)
		if (h->tensor[i].count > room)
			room = h->tensor[i].count;
	if (room > FLP_BLOCKS_N)
		room = FLP_BLOCKS_N;
	if (room <= b->room)
		return 0;
	flp_blocks_free(b);
	b->value = flp_memory_new((size_t)room, sizeof *b->value, e);
	b->memory = flp_memory_new((size_t)room, size, e);
	if (b->value == NULL || b->memory == NULL) {
		flp_blocks_free(b);
		return -1;
	}
	b->room = (size_t)room;
	return 0;
}

int
flp_blocks_reset(struct flp_blocks *b, struct flp_reader *r, const struct flp_header *h,
    struct flp_error *e)
{
	if (reserve(b, h, FLP_DTYPE_SIZE_LIMIT, e) < 0)
		return -1;
	b->reader = r;
	b->record = NULL;
	b->header = h;
	b->tensor = b->n = 0;
	b->at = 0;
	b->raw = b->memory;
	return 0;
}

int
flp_blocks_init(struct flp_blocks *b, struct flp_reader *r, const struct flp_header *h,
    struct flp_error *e)
{
	memset(b, 0, sizeof *b);
	return flp_blocks_reset(b, r, h, e);
}

int
flp_blocks_of(struct flp_blocks *b, const struct flp_record *record, struct flp_error *e)
{
	memset(b, 0, sizeof *b);
	if (reserve(b, &record->header, 0, e) < 0)
		return -1;
	b->room = 0; /* raw values are not copied */
	b->record = record;
	b->header = &record->header;
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
		return flp_error_misuse(e, "expected one of %zu tensors, found number %zu",
		    b->header->tensors, tensor);
	t = &b->header->tensor[tensor];
	size = flp_dtype_size(t->dtype);
	b->at = tensor == b->tensor ? b->at + b->n : 0;
	b->tensor = tensor;
	left = t->count - b->at;
	b->digits = digits_of(b->header, tensor);
	b->n = FLP_BLOCKS_N / b->digits * b->digits;
	b->n = left < b->n ? (size_t)left : b->n;
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
	if (b->digits == 1)
		flp_dtype_to_f64(b->raw, b->header->tensor[b->tensor].dtype, b->n, b->value);
	for (size_t i = 0; b->digits > 1 && i < b->n / b->digits; i++)
		b->value[i] = flp_digits_f64(b->raw + i * b->digits * sizeof(int64_t), b->digits);
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
