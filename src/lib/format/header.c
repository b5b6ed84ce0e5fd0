#include "format/header.h"
#include "base/memory.h"
#include "base/text.h"
#include "format/bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define FIXED 32    /* bytes before the metadata */
#define CHECKSUM 8  /* bytes after the padding */
#define ROW 4       /* bytes of a table row before the name */
#define CRITICAL 0xffffu

static const unsigned char magic[8] = { 0x89, 'F', 'L', 'P', '\r', '\n', 0x1a, '\n' };

const char *
flp_kind_name(enum flp_kind kind)
{
	static const char *const name[] = { NULL, "params", "update", "sum", "partial", "data",
		"stats", "cohort", "state", "masked", "key", "share" };

	return kind >= 1 && kind <= FLP_KINDS ? name[kind] : NULL;
}

const char *
flp_privacy_name(enum flp_privacy privacy)
{
	static const char *const name[] = { "raw", "clipped", "noised", "masked" };

	return (unsigned)privacy < FLP_PRIVACIES ? name[privacy] : NULL;
}

const char *
flp_encoding_name(enum flp_encoding encoding)
{
	static const char *const name[] = { NULL, "dense", "zlib", "quantized", "sparse",
		"modular" };

	return encoding >= FLP_ENCODING_DENSE && encoding <= FLP_ENCODING_MODULAR ? name[encoding] : NULL;
}

uint64_t
flp_header_padded(uint64_t n)
{
	return (n + FLP_ALIGNMENT - 1) / FLP_ALIGNMENT * FLP_ALIGNMENT;
}

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
flp_tensor_set_dtype(struct flp_tensor *t, enum flp_dtype dtype, struct flp_error *e)
{
	t->dtype = dtype;
	if (__builtin_mul_overflow(t->count, (uint64_t)flp_dtype_size(dtype), &t->bytes) ||
	    t->bytes > INT64_MAX - FLP_ALIGNMENT)
		return flp_error_bad(e, "tensor %s: the dimensions overflow", t->name);
	return 0;
}

/* Adds a row whose name is known to be new; the checks of one tensor alone. */
static int
append(struct flp_header *h, const char *name, size_t name_n, enum flp_dtype dtype,
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
	return append(h, name, strlen(name), dtype, FLP_ENCODING_DENSE, rank, dims, e);
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

		if (append(to, t->name, strlen(t->name), t->dtype, t->encoding, t->rank,
		    t->dims, e) < 0)
			goto fail;
	}
	return 0;
fail:
	flp_header_free(to);
	return -1;
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
	for (unsigned i = 0; i < t->rank; i++)
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
flp_header_same_tensors(const struct flp_header *a, const struct flp_header *b,
    struct flp_error *e)
{
	if (a->tensors != b->tensors)
		return flp_error_bad(e, "expected %zu tensors, found %zu", a->tensors, b->tensors);
	for (size_t i = 0; i < a->tensors; i++)
		if (flp_tensor_same(&a->tensor[i], &b->tensor[i], e) < 0)
			return -1;
	return 0;
}

static size_t
table_bytes(const struct flp_header *h)
{
	size_t n = 0;

	for (size_t i = 0; i < h->tensors; i++)
		n += ROW + strlen(h->tensor[i].name) + 8 * h->tensor[i].rank;
	return n;
}

size_t
flp_header_table(const struct flp_header *h, int with_encoding, unsigned char *to)
{
	unsigned char *p = to;

	if (to == NULL)
		return table_bytes(h);
	for (size_t i = 0; i < h->tensors; i++) {
		const struct flp_tensor *t = &h->tensor[i];
		size_t n = strlen(t->name);

		*p++ = (unsigned char)t->dtype;
		*p++ = with_encoding ? (unsigned char)t->encoding : 0;
		*p++ = (unsigned char)t->rank;
		*p++ = (unsigned char)n;
		memcpy(p, t->name, n);
		p += n;
		for (unsigned d = 0; d < t->rank; d++, p += 8)
			flp_bytes_put_u64(p, t->dims[d]);
	}
	return (size_t)(p - to);
}

static int
by_name(const void *a, const void *b)
{
	const struct flp_tensor *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static int
check_names(const struct flp_header *h, struct flp_error *e)
{
	const struct flp_tensor **sorted = flp_memory_new(h->tensors, sizeof *sorted, e);
	int status = 0;

	if (sorted == NULL)
		return -1;
	for (size_t i = 0; i < h->tensors; i++)
		sorted[i] = &h->tensor[i];
	qsort(sorted, h->tensors, sizeof *sorted, by_name);
	for (size_t i = 1; i < h->tensors && status == 0; i++)
		if (strcmp(sorted[i - 1]->name, sorted[i]->name) == 0)
			status = flp_error_bad(e, "header: tensor %s: found twice", sorted[i]->name);
	free(sorted);
	return status;
}

int
flp_header_encode(const struct flp_header *h, unsigned char **bytes, size_t *n,
    struct flp_error *e)
{
	size_t table = table_bytes(h);
	unsigned char *p;

	*n = (size_t)flp_header_padded(FIXED + h->meta.n + table + CHECKSUM);
	if (*n > FLP_HEADER_LIMIT)
		return flp_error_bad(e, "header: expected at most %zu bytes, found %zu",
		    FLP_HEADER_LIMIT, *n);
	if (check_names(h, e) < 0 || (p = *bytes = flp_memory_new(*n, 1, e)) == NULL)
		return -1;
	memcpy(p, magic, sizeof magic);
	p[8] = FLP_VERSION;
	p[9] = (unsigned char)h->kind;
	p[10] = (unsigned char)h->privacy;
	flp_bytes_put_u32(p + 16, (uint32_t)*n);
	flp_bytes_put_u32(p + 20, (uint32_t)h->meta.n);
	flp_bytes_put_u32(p + 24, (uint32_t)h->tensors);
	flp_bytes_put_u32(p + 28, (uint32_t)table);
	if (h->meta.n > 0)
		memcpy(p + FIXED, h->meta.text, h->meta.n);
	flp_header_table(h, 1, p + FIXED + h->meta.n);
	flp_bytes_put_u64(p + *n - CHECKSUM, XXH3_64bits(p, *n - CHECKSUM));
	return 0;
}

int
flp_header_length(const unsigned char first[FLP_ALIGNMENT], size_t *n, struct flp_error *e)
{
	static const unsigned char text[2][8] = {
		{ 0x89, 'F', 'L', 'P', '\n', 0x1a, '\n' },
		{ 0x89, 'F', 'L', 'P', '\r', '\r', '\n' },
	};

	if (memcmp(first, text[0], 7) == 0 || memcmp(first, text[1], 7) == 0)
		return flp_error_bad(e, "header: line ends were changed: the file was moved as text");
	if (memcmp(first, magic, sizeof magic) != 0)
		return flp_error_bad(e, "header: expected the magic of an .flp record, found "
		    "other bytes (fl-import makes records of other files)");
	if (first[8] != FLP_VERSION)
		return flp_error_bad(e, "header: expected version %d, found %d", FLP_VERSION, first[8]);
	*n = flp_bytes_u32(first + 16);
	if (*n < FLP_ALIGNMENT || *n > FLP_HEADER_LIMIT || *n % FLP_ALIGNMENT != 0)
		return flp_error_bad(e, "header: expected a length of %d to %zu in steps of %d, "
		    "found %zu", FLP_ALIGNMENT, FLP_HEADER_LIMIT, FLP_ALIGNMENT, *n);
	return 0;
}

/* Rows of the table. In v1 two encodings are read. */
static int
decode_row(struct flp_header *h, const unsigned char **p, const unsigned char *end,
    struct flp_error *e)
{
	size_t left = (size_t)(end - *p), name_n;
	const unsigned char *row = *p;
	uint64_t dims[FLP_RANK_LIMIT];

	if (left >= ROW && row[2] > FLP_RANK_LIMIT)
		return flp_error_bad(e, "header: tensor %zu: expected at most %d dimensions, found %d",
		    h->tensors, FLP_RANK_LIMIT, row[2]);
	if (left < ROW || left - ROW < (name_n = row[3]) + 8u * row[2])
		return flp_error_bad(e, "header: tensor %zu: does not fit its table", h->tensors);
	for (unsigned i = 0; i < row[2]; i++)
		dims[i] = flp_bytes_u64(row + ROW + name_n + 8 * i);
	if (row[1] != FLP_ENCODING_DENSE && row[1] != FLP_ENCODING_ZLIB)
		return flp_error_bad(e, "header: tensor %zu: expected encoding dense or zlib, "
		    "found %s (%d)", h->tensors, flp_encoding_name(row[1]) ?
		    flp_encoding_name(row[1]) : "unknown", row[1]);
	*p = row + ROW + name_n + 8 * row[2];
	return append(h, (const char *)row + ROW, name_n, row[0], row[1], row[2], dims, e);
}

static int
check_fixed(const unsigned char *p, size_t n, struct flp_error *e)
{
	uint32_t flags = flp_bytes_u32(p + 12), meta = flp_bytes_u32(p + 20);
	uint64_t used = FIXED + (uint64_t)meta + flp_bytes_u32(p + 28);

	if (flags & CRITICAL)
		return flp_error_bad(e, "header: unknown critical flags %#x: a newer version is needed",
		    flags & CRITICAL);
	if (flp_kind_name(p[9]) == NULL)
		return flp_error_bad(e, "header: unknown kind %d", p[9]);
	if (flp_privacy_name(p[10]) == NULL)
		return flp_error_bad(e, "header: unknown privacy state %d", p[10]);
	if (meta > FLP_META_LIMIT)
		return flp_error_bad(e, "header: expected at most %zu bytes of metadata, found %u",
		    FLP_META_LIMIT, meta);
	if (flp_header_padded(used + CHECKSUM) != n)
		return flp_error_bad(e, "header: expected a length of %llu for its parts, found %zu",
		    (unsigned long long)flp_header_padded(used + CHECKSUM), n);
	if (p[11] != 0 || !flp_bytes_zero(p + used, n - CHECKSUM - used))
		return flp_error_bad(e, "header: padding is not zero");
	return 0;
}

int
flp_header_decode(struct flp_header *h, const unsigned char *bytes, size_t n,
    struct flp_error *e)
{
	const unsigned char *p = bytes + FIXED, *end;
	size_t tensors = flp_bytes_u32(bytes + 24), meta = flp_bytes_u32(bytes + 20);
	uint64_t sum = XXH3_64bits(bytes, n - CHECKSUM), total = 0;

	if (sum != flp_bytes_u64(bytes + n - CHECKSUM))
		return flp_error_bad(e, "header: checksum does not match: the header is damaged");
	if (check_fixed(bytes, n, e) < 0)
		return -1;
	flp_header_init(h, bytes[9]);
	h->privacy = bytes[10];
	if (flp_meta_parse(&h->meta, (const char *)p, meta, e) < 0)
		goto fail;
	p += meta;
	end = p + flp_bytes_u32(bytes + 28);
	while (p < end) {
		if (decode_row(h, &p, end, e) < 0)
			goto fail;
		if (__builtin_add_overflow(total, flp_header_padded(h->tensor[h->tensors - 1].bytes),
		    &total) || total > INT64_MAX) {
			flp_error_bad(e, "header: the sizes of the tensors overflow");
			goto fail;
		}
	}
	if (h->tensors != tensors) {
		flp_error_bad(e, "header: expected %zu tensors, found %zu", tensors, h->tensors);
		goto fail;
	}
	if (check_names(h, e) < 0)
		goto fail;
	return 0;
fail:
	flp_header_free(h);
	return -1;
}
