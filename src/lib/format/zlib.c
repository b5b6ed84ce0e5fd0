#include "format/zlib.h"
#include "base/memory.h"
#include "format/bytes.h"
#include "format/header.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>
#include <zlib.h>

#define WRITTEN ((size_t)256 << 10) /* values in each chunk we write */

/* Both directions keep one chunk of values, one chunk encoded, and the running
 * checksum and length of the encoded bytes. */
struct chunk {
	XXH3_state_t sum;
	uint64_t encoded; /* bytes since the tensor's beginning */
	unsigned char *values, *stream;
	size_t values_room, stream_room;
	size_t from, to; /* values not yet given out, or taken so far */
};

struct flp_inflater { struct chunk c; };
struct flp_deflater { struct chunk c; };

static void
begin(struct chunk *c)
{
	XXH3_64bits_reset(&c->sum);
	c->encoded = 0;
	c->from = c->to = 0;
}

static void
discard(struct chunk *c)
{
	free(c->values);
	free(c->stream);
}

struct flp_inflater *
flp_inflater_new(struct flp_error *e)
{
	return flp_memory_new(1, sizeof(struct flp_inflater), e);
}

void
flp_inflater_free(struct flp_inflater *z)
{
	if (z != NULL)
		discard(&z->c);
	free(z);
}

void
flp_inflater_begin(struct flp_inflater *z)
{
	begin(&z->c);
}

static int
take(struct chunk *c, struct flp_in *in, void *to, size_t n, struct flp_error *e)
{
	size_t got;

	if (flp_in_read(in, to, n, &got, e) < 0)
		return -1;
	if (got < n)
		return flp_error_bad(e, "cut off at byte %llu", (unsigned long long)in->offset);
	XXH3_64bits_update(&c->sum, to, n);
	c->encoded += n;
	return 0;
}

/* Reads a chunk's lengths; both are 0 at the end of the chunks. */
static int
lengths(struct chunk *c, struct flp_in *in, size_t *values, size_t *stream, struct flp_error *e)
{
	unsigned char head[8];

	if (take(c, in, head, sizeof head, e) < 0)
		return -1;
	*values = flp_bytes_u32(head);
	*stream = flp_bytes_u32(head + 4);
	if ((*values == 0) != (*stream == 0) || *values > FLP_CHUNK || *stream > 2 * FLP_CHUNK)
		return flp_error_bad(e, "chunk of %zu bytes in %zu: expected at most %zu in %zu",
		    *values, *stream, FLP_CHUNK, 2 * FLP_CHUNK);
	return 0;
}

static int
next_chunk(struct chunk *c, struct flp_in *in, struct flp_error *e)
{
	size_t values, stream;
	uLongf made, used;
	int status;

	if (lengths(c, in, &values, &stream, e) < 0)
		return -1;
	if (values == 0)
		return flp_error_bad(e, "fewer values than the dimensions say");
	if (flp_memory_grow(&c->values, &c->values_room, values, 1, e) < 0 ||
	    flp_memory_grow(&c->stream, &c->stream_room, stream, 1, e) < 0 ||
	    take(c, in, c->stream, stream, e) < 0)
		return -1;
	made = values;
	used = stream;
	status = uncompress2(c->values, &made, c->stream, &used);
	if (status == Z_MEM_ERROR)
		return flp_error_system(e, ENOMEM, "zlib");
	if (status != Z_OK || made != values || used != stream)
		return flp_error_bad(e, "chunk does not inflate to its %zu bytes", values);
	c->from = 0;
	c->to = values;
	return 0;
}

int
flp_inflater_read(struct flp_inflater *z, struct flp_in *in, void *to, size_t n,
    struct flp_error *e)
{
	struct chunk *c = &z->c;
	unsigned char *p = to;

	while (n > 0) {
		size_t k = c->to - c->from;

		if (k == 0) {
			if (next_chunk(c, in, e) < 0)
				return -1;
			continue;
		}
		k = k < n ? k : n;
		memcpy(p, c->values + c->from, k);
		c->from += k;
		p += k;
		n -= k;
	}
	return 0;
}

/* Behind the two zero lengths: the checksum where it is to be checked, and
 * padding. */
static int
finish(struct chunk *c, struct flp_in *in, int check, struct flp_error *e)
{
	unsigned char tail[8 + FLP_ALIGNMENT];
	uint64_t sum = XXH3_64bits_digest(&c->sum);
	size_t pad = (size_t)(flp_bytes_padded(c->encoded + 8) - c->encoded - 8);

	if (take(c, in, tail, 8 + pad, e) < 0)
		return -1;
	if (check && flp_bytes_u64(tail) != sum)
		return flp_error_bad(e, "checksum of the encoded values does not match");
	if (!flp_bytes_zero(tail + 8, pad))
		return flp_error_bad(e, "padding is not zero");
	return 0;
}

int
flp_inflater_end(struct flp_inflater *z, struct flp_in *in, struct flp_error *e)
{
	struct chunk *c = &z->c;
	size_t values = 1, stream;

	if (c->from == c->to && lengths(c, in, &values, &stream, e) < 0)
		return -1;
	if (values != 0)
		return flp_error_bad(e, "more values than the dimensions say");
	return finish(c, in, 1, e);
}

int
flp_inflater_skip(struct flp_inflater *z, struct flp_in *in, struct flp_error *e)
{
	struct chunk *c = &z->c;
	size_t values, stream;
	uint64_t got;

	do {
		if (lengths(c, in, &values, &stream, e) < 0 ||
		    flp_in_skip(in, stream, &got, e) < 0)
			return -1;
		c->encoded += got;
	} while (values != 0);
	return finish(c, in, 0, e);
}

struct flp_deflater *
flp_deflater_new(struct flp_error *e)
{
	return flp_memory_new(1, sizeof(struct flp_deflater), e);
}

void
flp_deflater_free(struct flp_deflater *z)
{
	if (z != NULL)
		discard(&z->c);
	free(z);
}

void
flp_deflater_begin(struct flp_deflater *z)
{
	begin(&z->c);
}

static int
give(struct chunk *c, struct flp_out *out, const void *from, size_t n, struct flp_error *e)
{
	XXH3_64bits_update(&c->sum, from, n);
	c->encoded += n;
	return flp_out_write(out, from, n, e);
}

static int
put_chunk(struct chunk *c, struct flp_out *out, struct flp_error *e)
{
	unsigned char head[8];
	uLongf made = compressBound(c->to);

	if (c->to == 0)
		return 0;
	if (flp_memory_grow(&c->stream, &c->stream_room, made, 1, e) < 0)
		return -1;
	if (compress2(c->stream, &made, c->values, c->to, Z_DEFAULT_COMPRESSION) != Z_OK)
		return flp_error_system(e, ENOMEM, "zlib");
	flp_bytes_put_u32(head, (uint32_t)c->to);
	flp_bytes_put_u32(head + 4, (uint32_t)made);
	c->to = 0;
	if (give(c, out, head, sizeof head, e) < 0)
		return -1;
	return give(c, out, c->stream, made, e);
}

int
flp_deflater_write(struct flp_deflater *z, struct flp_out *out, const void *from, size_t n,
    struct flp_error *e)
{
	struct chunk *c = &z->c;
	const unsigned char *p = from;

	if (flp_memory_grow(&c->values, &c->values_room, WRITTEN, 1, e) < 0)
		return -1;
	while (n > 0) {
		size_t k = WRITTEN - c->to < n ? WRITTEN - c->to : n;

		memcpy(c->values + c->to, p, k);
		c->to += k;
		p += k;
		n -= k;
		if (c->to == WRITTEN && put_chunk(c, out, e) < 0)
			return -1;
	}
	return 0;
}

int
flp_deflater_end(struct flp_deflater *z, struct flp_out *out, struct flp_error *e)
{
	static const unsigned char zero[8 + FLP_ALIGNMENT];
	struct chunk *c = &z->c;
	unsigned char sum[8];
	uint64_t used;

	if (put_chunk(c, out, e) < 0 || give(c, out, zero, 8, e) < 0)
		return -1;
	flp_bytes_put_u64(sum, XXH3_64bits_digest(&c->sum));
	used = c->encoded + sizeof sum;
	if (flp_out_write(out, sum, sizeof sum, e) < 0)
		return -1;
	return flp_out_write(out, zero, (size_t)(flp_bytes_padded(used) - used), e);
}
