#include "format/header.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define FIXED 32    /* bytes before the metadata */
#define CHECKSUM 8  /* bytes after the padding */
#define ROW 4       /* bytes of a table row before the name */
#define ENCODINGS 8 /* flags 0 to 7 are those of encodings */
#define CRITICAL 16 /* flags 8 to 15 change the meaning; the rest may be ignored */

static const unsigned char magic[8] = { 0x89, 'F', 'L', 'P', '\r', '\n', 0x1a, '\n' };

static size_t
table_bytes(const struct flp_header *h)
{
	size_t n = 0;

	for (size_t i = 0; i < h->tensors; i++)
		n += ROW + strlen(h->tensor[i].name) + 8 * h->tensor[i].rank;
	return n;
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

/* Checks that what the program has put into the header can be encoded. */
static int
check_known(const struct flp_header *h, struct flp_error *e)
{
	if (flp_kind_name(h->kind) == NULL)
		return flp_error_misuse(e, "header: unknown kind %d", (int)h->kind);
	if (flp_privacy_name(h->privacy) == NULL)
		return flp_error_misuse(e, "header: unknown privacy state %d", (int)h->privacy);
	if (!flp_privacy_allowed(h->kind, h->privacy))
		return flp_error_misuse(e, "header: privacy state %s in a record of kind %s",
		    flp_privacy_name(h->privacy), flp_kind_name(h->kind));
	for (size_t i = 0; i < h->tensors; i++) {
		const struct flp_tensor *t = &h->tensor[i];
		size_t name_n = strlen(t->name);

		if (name_n == 0 || name_n > FLP_NAME_LIMIT || t->rank > FLP_RANK_LIMIT)
			return flp_error_misuse(e, "header: tensor %zu: a name of %zu bytes, %u "
			    "dimensions", i, name_n, t->rank);
		if (flp_dtype_size(t->dtype) == 0)
			return flp_error_misuse(e, "header: tensor %zu: unknown dtype %d", i,
			    (int)t->dtype);
		if (flp_encoding_find(t->encoding) == NULL)
			return flp_error_misuse(e, "header: tensor %zu: unknown encoding %d", i,
			    (int)t->encoding);
	}
	return 0;
}

/* The flags of the encodings of all tensors. */
static uint32_t
encoding_flags(const struct flp_header *h)
{
	uint32_t flags = 0;

	for (size_t i = 0; i < h->tensors; i++)
		flags |= flp_encoding_flag(h->tensor[i].encoding);
	return flags;
}

int
flp_header_encode(const struct flp_header *h, unsigned char **bytes, size_t *n,
    struct flp_error *e)
{
	unsigned char *p, *row;
	size_t table;

	if (check_known(h, e) < 0)
		return -1;
	table = table_bytes(h);
	*n = (size_t)flp_bytes_padded(FIXED + h->meta.n + table + CHECKSUM);
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
	row = p + FIXED + h->meta.n;
	for (size_t i = 0; i < h->tensors; i++) {
		const struct flp_tensor *t = &h->tensor[i];

		row += flp_tensor_row(t, (unsigned char)t->encoding, row);
	}
	flp_bytes_put_u32(p + 12, encoding_flags(h));
	flp_bytes_put_u64(p + *n - CHECKSUM, XXH3_64bits(p, *n - CHECKSUM));
	return 0;
}

int
flp_header_magic(const unsigned char *first, size_t n, struct flp_error *e)
{
	static const unsigned char text[2][8] = {
		{ 0x89, 'F', 'L', 'P', '\n', 0x1a, '\n' },
		{ 0x89, 'F', 'L', 'P', '\r', '\r', '\n' },
	};

	if (n >= 7 && (memcmp(first, text[0], 7) == 0 || memcmp(first, text[1], 7) == 0))
		return flp_error_bad(e, "header: line ends were changed: the file was moved as text");
	if (memcmp(first, magic, n < sizeof magic ? n : sizeof magic) != 0)
		return flp_error_bad(e, "header: expected an .flp record, found another kind of "
		    "file (fl-import makes a record of a table)");
	return 0;
}

int
flp_header_length(const unsigned char first[FLP_ALIGNMENT], size_t *n, struct flp_error *e)
{
	if (flp_header_magic(first, FLP_ALIGNMENT, e) < 0)
		return -1;
	if (first[8] != FLP_VERSION)
		return flp_error_bad(e, "header: expected version %d, found %d", FLP_VERSION, first[8]);
	*n = flp_bytes_u32(first + 16);
	if (*n < FLP_ALIGNMENT || *n > FLP_HEADER_LIMIT || *n % FLP_ALIGNMENT != 0)
		return flp_error_bad(e, "header: expected a length of %d to %zu in steps of %d, "
		    "found %zu", FLP_ALIGNMENT, FLP_HEADER_LIMIT, FLP_ALIGNMENT, *n);
	return 0;
}

static int
decode_row(struct flp_header *h, const unsigned char **p, const unsigned char *end,
    struct flp_error *e)
{
	size_t left = (size_t)(end - *p), name_n;
	const unsigned char *row = *p;
	uint64_t dims[FLP_RANK_LIMIT];
	char words[FLP_CHOICE_TEXT];

	if (left >= ROW && row[2] > FLP_RANK_LIMIT)
		return flp_error_bad(e, "header: tensor %zu: expected at most %d dimensions, found %d",
		    h->tensors, FLP_RANK_LIMIT, row[2]);
	if (left < ROW || left - ROW < (name_n = row[3]) + 8u * row[2])
		return flp_error_bad(e, "header: tensor %zu: does not fit its table", h->tensors);
	for (unsigned i = 0; i < row[2]; i++)
		dims[i] = flp_bytes_u64(row + ROW + name_n + 8 * i);
	if (flp_encoding_find(row[1]) == NULL)
		return flp_error_bad(e, "header: tensor %zu: expected encoding %s, found %s (%d)",
		    h->tensors, flp_encoding_words(words), flp_encoding_name(row[1]) ?
		    flp_encoding_name(row[1]) : "unknown", row[1]);
	*p = row + ROW + name_n + 8 * row[2];
	return flp_header_append(h, (const char *)row + ROW, name_n, row[0], row[1], row[2], dims,
	    e);
}

/* Refuses flags that must be understood, but are not. */
static int
check_flags(uint32_t flags, struct flp_error *e)
{
	for (unsigned bit = 0; bit < CRITICAL; bit++) {
		enum flp_encoding encoding = FLP_ENCODING_QUANTIZED + bit;
		const char *name = flp_encoding_name(encoding);

		if (!(flags >> bit & 1))
			continue;
		if (bit >= ENCODINGS)
			return flp_error_bad(e, "header: flag %u changes what the record means, "
			    "and this version does not know how", bit);
		if (name == NULL)
			return flp_error_bad(e, "header: flag %u: needs an encoding that this "
			    "version does not know", bit);
		if (flp_encoding_find(encoding) == NULL)
			return flp_error_bad(e, "header: needs the encoding %s, which this "
			    "version does not read", name);
	}
	return 0;
}

/* Checks that the flags of encodings are those of the encodings that tensors have. */
static int
check_encoding_flags(const struct flp_header *h, uint32_t flags, struct flp_error *e)
{
	uint32_t differ = (encoding_flags(h) ^ flags) & ((1u << ENCODINGS) - 1);
	unsigned bit = differ != 0 ? (unsigned)__builtin_ctz(differ) : 0;

	if (differ == 0)
		return 0;
	return flp_error_bad(e, flags >> bit & 1 ? "header: flag %u: no tensor has the encoding %s" :
	    "header: flag %u: not set, but a tensor has the encoding %s", bit,
	    flp_encoding_name(FLP_ENCODING_QUANTIZED + bit));
}

static int
check_fixed(const unsigned char *p, size_t n, struct flp_error *e)
{
	uint32_t meta = flp_bytes_u32(p + 20);
	uint64_t used = FIXED + (uint64_t)meta + flp_bytes_u32(p + 28);

	if (check_flags(flp_bytes_u32(p + 12), e) < 0)
		return -1;
	if (flp_kind_name(p[9]) == NULL)
		return flp_error_bad(e, "header: unknown kind %d", p[9]);
	if (flp_privacy_name(p[10]) == NULL)
		return flp_error_bad(e, "header: unknown privacy state %d", p[10]);
	if (!flp_privacy_allowed(p[9], p[10]))
		return flp_error_bad(e, "header: expected a privacy state that kind %s may "
		    "have, found %s", flp_kind_name(p[9]), flp_privacy_name(p[10]));
	if (meta > FLP_META_LIMIT)
		return flp_error_bad(e, "header: expected at most %zu bytes of metadata, found %u",
		    FLP_META_LIMIT, meta);
	if (flp_bytes_padded(used + CHECKSUM) != n)
		return flp_error_bad(e, "header: expected a length of %llu for its parts, found %zu",
		    (unsigned long long)flp_bytes_padded(used + CHECKSUM), n);
	if (p[11] != 0 || !flp_bytes_zero(p + used, n - CHECKSUM - used))
		return flp_error_bad(e, "header: padding is not zero");
	return 0;
}

int
flp_header_decode(struct flp_header *h, const unsigned char *bytes, size_t n,
    struct flp_error *e)
{
	const unsigned char *p = bytes + FIXED, *end;
	size_t tensors, meta;
	uint64_t total = 0;

	if (n < FLP_ALIGNMENT || n != flp_bytes_u32(bytes + 16))
		return flp_error_misuse(e, "header: %zu bytes, which is not the length it gives", n);
	tensors = flp_bytes_u32(bytes + 24);
	meta = flp_bytes_u32(bytes + 20);
	if (XXH3_64bits(bytes, n - CHECKSUM) != flp_bytes_u64(bytes + n - CHECKSUM))
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
		if (__builtin_add_overflow(total, flp_bytes_padded(h->tensor[h->tensors - 1].bytes),
		    &total) || total > INT64_MAX) {
			flp_error_bad(e, "header: the sizes of the tensors overflow");
			goto fail;
		}
	}
	if (h->tensors != tensors) {
		flp_error_bad(e, "header: expected %zu tensors, found %zu", tensors, h->tensors);
		goto fail;
	}
	if (check_encoding_flags(h, flp_bytes_u32(bytes + 12), e) < 0 || check_names(h, e) < 0)
		goto fail;
	return 0;
fail:
	flp_header_free(h);
	return -1;
}
