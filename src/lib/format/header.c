#include "format/header.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

void
flp_header_init(struct flp_header *h, enum flp_kind kind)
{
	memset(h, 0, sizeof *h);
	h->kind = kind;
}

void
flp_header_free(struct flp_header *h)
{
	for (size_t i = 0; i < h->tensors; i++)
		free(h->tensor[i].name);
	free(h->tensor);
	flp_meta_free(&h->meta);
	memset(h, 0, sizeof *h);
}

int
flp_header_append(struct flp_header *h, const char *name, size_t name_n, enum flp_dtype dtype,
    enum flp_encoding encoding, unsigned rank, const uint64_t *dims, struct flp_error *e)
{
	struct flp_tensor *t;
	int empty = 0;

	if (name_n == 0 || name_n > FLP_NAME_LIMIT || !flp_text_printable(name, name_n))
		return flp_error_bad(e, "tensor %zu: expected a name of 1 to %d bytes of "
		    "printable UTF-8, found \"%.*s\"", h->tensors, FLP_NAME_LIMIT,
		    (int)(name_n < 80 ? name_n : 80), name);
	if (flp_dtype_size(dtype) == 0)
		return flp_error_bad(e, "tensor %.*s: unknown dtype %d", (int)name_n, name, dtype);
	if (h->tensors == FLP_TENSOR_LIMIT)
		return flp_error_bad(e, "expected at most %zu tensors", FLP_TENSOR_LIMIT);
	if (rank > FLP_RANK_LIMIT)
		return flp_error_bad(e, "tensor %.*s: expected at most %d dimensions, found %u",
		    (int)name_n, name, FLP_RANK_LIMIT, rank);
	if (flp_memory_grow(&h->tensor, &h->room, h->tensors + 1, sizeof *h->tensor, e) < 0)
		return -1;
	t = &h->tensor[h->tensors];
	memset(t, 0, sizeof *t);
	t->encoding = encoding;
	t->rank = rank;
	t->count = 1;
	/* A dimension of 0 must not hide that the others overflow, so it counts as
	 * 1 until they have been checked. */
	for (unsigned i = 0; i < rank; i++) {
		t->dims[i] = dims[i];
		empty |= dims[i] == 0;
		if (__builtin_mul_overflow(t->count, dims[i] ? dims[i] : 1, &t->count))
			t->count = UINT64_MAX;
	}
	if ((t->name = flp_memory_text(name, name_n, e)) == NULL)
		return -1;
	if (flp_tensor_set_dtype(t, dtype, e) < 0) {
		free(t->name);
		return -1;
	}
	if (empty)
		t->count = t->bytes = 0;
	h->tensors++;
	return 0;
}

long
flp_header_find(const struct flp_header *h, const char *name)
{
	for (size_t i = 0; i < h->tensors; i++)
		if (strcmp(h->tensor[i].name, name) == 0)
			return (long)i;
	return -1;
}

int
flp_header_add(struct flp_header *h, const char *name, enum flp_dtype dtype, unsigned rank,
    const uint64_t *dims, struct flp_error *e)
{
	return flp_header_append(h, name, strlen(name), dtype, FLP_ENCODING_DENSE, rank, dims, e);
}

void
flp_header_remove(struct flp_header *h, size_t i)
{
	if (i >= h->tensors)
		return;
	free(h->tensor[i].name);
	h->tensors--;
	memmove(&h->tensor[i], &h->tensor[i + 1], (h->tensors - i) * sizeof *h->tensor);
}

int
flp_header_copy(struct flp_header *to, const struct flp_header *from, struct flp_error *e)
{
	flp_header_init(to, from->kind);
	to->privacy = from->privacy;
	if (flp_meta_copy(&to->meta, &from->meta, e) < 0)
		goto fail;
	for (size_t i = 0; i < from->tensors; i++) {
		const struct flp_tensor *t = &from->tensor[i];

		if (flp_header_append(to, t->name, strlen(t->name), t->dtype, t->encoding, t->rank,
		    t->dims, e) < 0)
			goto fail;
	}
	return 0;
fail:
	flp_header_free(to);
	return -1;
}

static int
compare_tensors(const struct flp_header *a, const struct flp_header *b,
    int (*compare)(const struct flp_tensor *, const struct flp_tensor *, struct flp_error *),
    struct flp_error *e)
{
	if (a->tensors != b->tensors)
		return flp_error_bad(e, "expected %zu tensors, found %zu", a->tensors, b->tensors);
	for (size_t i = 0; i < a->tensors; i++)
		if (compare(&a->tensor[i], &b->tensor[i], e) < 0)
			return -1;
	return 0;
}

int
flp_header_same_tensors(const struct flp_header *a, const struct flp_header *b,
    struct flp_error *e)
{
	return compare_tensors(a, b, flp_tensor_same, e);
}

int
flp_header_alike_tensors(const struct flp_header *a, const struct flp_header *b,
    struct flp_error *e)
{
	return compare_tensors(a, b, flp_tensor_alike, e);
}
