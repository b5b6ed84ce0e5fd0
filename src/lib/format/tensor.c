#include "format/tensor.h"
#include "format/bytes.h"

#include <stdio.h>
#include <string.h>

int
flp_tensor_set_dtype(struct flp_tensor *t, enum flp_dtype dtype, struct flp_error *e)
{
	size_t size = flp_dtype_size(dtype);

	if (size == 0)
		return flp_error_misuse(e, "tensor %s: unknown dtype %d", t->name, (int)dtype);
	t->dtype = dtype;
	if (__builtin_mul_overflow(t->count, (uint64_t)size, &t->bytes) ||
	    t->bytes > INT64_MAX - FLP_ALIGNMENT)
		return flp_error_bad(e, "tensor %s: the dimensions overflow", t->name);
	return 0;
}

int
flp_tensor_describes(const struct flp_tensor *t)
{
	return t->name[0] == ':';
}

void
flp_tensor_dims(const struct flp_tensor *t, char text[FLP_DIMS_TEXT])
{
	int at = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < t->rank && i < FLP_RANK_LIMIT; i++)
		at += snprintf(text + at, FLP_DIMS_TEXT - (size_t)at, "%s%llu", i ? "x" : "",
		    (unsigned long long)t->dims[i]);
	if (t->rank == 0)
		strcpy(text, "scalar");
}

int
flp_tensor_not_finite(const struct flp_tensor *t, uint64_t value, struct flp_error *e)
{
	return flp_error_bad(e, "tensor %s: value %llu is not finite", t->name,
	    (unsigned long long)value);
}

int
flp_tensor_same(const struct flp_tensor *a, const struct flp_tensor *b, struct flp_error *e)
{
	char x[FLP_DIMS_TEXT], y[FLP_DIMS_TEXT];

	if (strcmp(a->name, b->name) != 0)
		return flp_error_bad(e, "expected tensor %s, found tensor %s", a->name, b->name);
	if (a->dtype != b->dtype)
		return flp_error_bad(e, "tensor %s: expected %s, found %s", a->name,
		    flp_dtype_name(a->dtype), flp_dtype_name(b->dtype));
	if (a->rank == b->rank && memcmp(a->dims, b->dims, sizeof a->dims) == 0)
		return 0;
	flp_tensor_dims(a, x);
	flp_tensor_dims(b, y);
	return flp_error_bad(e, "tensor %s: expected dims %s, found %s", a->name, x, y);
}

int
flp_tensor_alike(const struct flp_tensor *a, const struct flp_tensor *b, struct flp_error *e)
{
	struct flp_tensor other = *b;

	if (!flp_tensor_describes(a) && flp_dtype_is_float(a->dtype) &&
	    flp_dtype_is_float(b->dtype))
		other.dtype = a->dtype;
	return flp_tensor_same(a, &other, e);
}

size_t
flp_tensor_row(const struct flp_tensor *t, unsigned char encoding,
    unsigned char row[FLP_TENSOR_ROW])
{
	size_t name_n = strlen(t->name);
	unsigned char *dims = row + 4 + name_n;

	row[0] = (unsigned char)t->dtype;
	row[1] = encoding;
	row[2] = (unsigned char)t->rank;
	row[3] = (unsigned char)name_n;
	memcpy(row + 4, t->name, name_n);
	for (unsigned i = 0; i < t->rank; i++)
		flp_bytes_put_u64(dims + 8 * i, t->dims[i]);
	return 4 + name_n + 8 * (size_t)t->rank;
}
