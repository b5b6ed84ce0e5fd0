#include "format/chunks.h"
#include "base/memory.h"
#include "format/payload.h"

#include <stdlib.h>
#include <string.h>
#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

#define WRITTEN ((size_t)256 << 10)   /* values in each chunk we write */
#define ROOM(values) (2 * (values) + 64) /* for their encoded form */

/* Both directions keep one chunk of values, one chunk encoded, and the running
 * checksum and length of the tensor's encoded bytes. */
struct flp_chunks {
	XXH3_state_t sum;
	uint64_t total;
	unsigned char *values, *encoded;
	size_t values_room, encoded_room;
	size_t from, to; /* reading: values[from, to) are still to be returned; writing: 0, their end */
};

void
flp_chunks_free(struct flp_chunks *c)
{
	if (c == NULL)
		return;
	free(c->values);
	free(c->encoded);
	free(c);
}

int
flp_chunks_begin(struct flp_payload *p, struct flp_error *e)
{
	if (p->chunks == NULL && (p->chunks = flp_memory_new(1, sizeof *p->chunks, e)) == NULL)
		return -1;
	XXH3_64bits_reset(&p->chunks->sum);
	p->chunks->total = 0;
	p->chunks->from = p->chunks->to = 0;
	return 0;
}

int
flp_chunks_take(struct flp_payload *p, void *to, size_t n, struct flp_error *e)
{
	size_t got;

	if (flp_in_read(p->in, to, n, &got, e) < 0)
		return -1;
	if (got < n)
		return flp_error_bad(e, "cut off at byte %llu", (unsigned long long)p->in->offset);
	XXH3_64bits_update(&p->chunks->sum, to, n);
	p->chunks->total += n;
	return 0;
}

/* Reads a chunk's lengths; both are 0 at the end of the chunks. */
static int
lengths(struct flp_payload *p, size_t *values, size_t *encoded, struct flp_error *e)
{
	unsigned char head[8];

	if (flp_chunks_take(p, head, sizeof head, e) < 0)
		return -1;
	*values = flp_bytes_u32(head);
	*encoded = flp_bytes_u32(head + 4);
	if ((*values == 0) != (*encoded == 0) || *values > FLP_CHUNK || *encoded > 2 * FLP_CHUNK)
		return flp_error_bad(e, "chunk of %zu bytes in %zu: expected at most %zu in %zu",
		    *values, *encoded, FLP_CHUNK, 2 * FLP_CHUNK);
	return 0;
}

/* Reads what comes after the two zero lengths, the checksum and padding. check = 1: compares the
 * checksum. */
static int
finish(struct flp_payload *p, int check, struct flp_error *e)
{
	unsigned char tail[8 + FLP_ALIGNMENT];
	uint64_t sum = XXH3_64bits_digest(&p->chunks->sum), total = p->chunks->total + 8;
	size_t pad = (size_t)(flp_bytes_padded(total) - total);

	if (flp_chunks_take(p, tail, 8 + pad, e) < 0)
		return -1;
	p->passed = 1;
	if (check && flp_bytes_u64(tail) != sum)
		return flp_error_bad(e, "checksum of the encoded values does not match");
	if (!flp_bytes_zero(tail + 8, pad))
		return flp_error_bad(e, "padding is not zero");
	return 0;
}

/* Skips the encoded bytes of a chunk. */
static int
pass(struct flp_payload *p, size_t encoded, struct flp_error *e)
{
	uint64_t got;

	if (flp_in_skip(p->in, encoded, &got, e) < 0)
		return -1;
	p->chunks->total += got;
	return 0;
}

static int
next_chunk(struct flp_payload *p, struct flp_error *e)
{
	struct flp_chunks *c = p->chunks;
	size_t values, encoded;

	if (lengths(p, &values, &encoded, e) < 0)
		return -1;
	if (values == 0)
		return finish(p, 0, e) < 0 && e->code != FLP_ERROR_BAD ? -1 :
		    flp_error_bad(e, "fewer values than the dimensions say");
	if (flp_memory_grow(&c->values, &c->values_room, values, 1, e) < 0 ||
	    flp_memory_grow(&c->encoded, &c->encoded_room, encoded, 1, e) < 0 ||
	    flp_chunks_take(p, c->encoded, encoded, e) < 0 ||
	    p->kind->decode(p, c->encoded, encoded, c->values, values, e) < 0)
		return -1;
	c->from = 0;
	c->to = values;
	return 0;
}

int
flp_chunks_read(struct flp_payload *p, void *to, size_t n, struct flp_error *e)
{
	struct flp_chunks *c = p->chunks;
	unsigned char *at = to;

	while (n > 0) {
		size_t k = c->to - c->from;

		if (k == 0) {
			if (next_chunk(p, e) < 0)
				return -1;
			continue;
		}
		k = k < n ? k : n;
		memcpy(at, c->values + c->from, k);
		c->from += k;
		at += k;
		n -= k;
	}
	return 0;
}

int
flp_chunks_end_read(struct flp_payload *p, struct flp_error *e)
{
	size_t values = 1, encoded = 0;

	if (p->chunks->from == p->chunks->to && lengths(p, &values, &encoded, e) < 0)
		return -1;
	if (values != 0)
		return pass(p, encoded, e) < 0 ? -1 :
		    flp_error_bad(e, "more values than the dimensions say");
	return finish(p, 1, e);
}

int
flp_chunks_skip(struct flp_payload *p, struct flp_error *e)
{
	size_t values, encoded;

	do {
		if (lengths(p, &values, &encoded, e) < 0 || pass(p, encoded, e) < 0)
			return -1;
	} while (values != 0);
	return finish(p, 0, e);
}

int
flp_chunks_give(struct flp_payload *p, const void *from, size_t n, struct flp_error *e)
{
	XXH3_64bits_update(&p->chunks->sum, from, n);
	p->chunks->total += n;
	return flp_out_write(p->out, from, n, e);
}

static int
put_chunk(struct flp_payload *p, struct flp_error *e)
{
	struct flp_chunks *c = p->chunks;
	size_t encoded = ROOM(c->to);
	unsigned char head[8];

	if (c->to == 0)
		return 0;
	if (flp_memory_grow(&c->encoded, &c->encoded_room, encoded, 1, e) < 0 ||
	    p->kind->encode(p, c->values, c->to, c->encoded, &encoded, e) < 0)
		return -1;
	if (encoded == 0 || encoded > ROOM(c->to))
		return flp_error_misuse(e, "encoding %s: %zu bytes made of %zu", p->kind->name,
		    encoded, c->to);
	flp_bytes_put_u32(head, (uint32_t)c->to);
	flp_bytes_put_u32(head + 4, (uint32_t)encoded);
	c->to = 0;
	if (flp_chunks_give(p, head, sizeof head, e) < 0)
		return -1;
	return flp_chunks_give(p, c->encoded, encoded, e);
}

int
flp_chunks_write(struct flp_payload *p, const void *from, size_t n, struct flp_error *e)
{
	struct flp_chunks *c = p->chunks;
	const unsigned char *at = from;

	if (flp_memory_grow(&c->values, &c->values_room, WRITTEN, 1, e) < 0)
		return -1;
	while (n > 0) {
		size_t k = WRITTEN - c->to < n ? WRITTEN - c->to : n;

		memcpy(c->values + c->to, at, k);
		c->to += k;
		at += k;
		n -= k;
		if (c->to == WRITTEN && put_chunk(p, e) < 0)
			return -1;
	}
	return 0;
}

int
flp_chunks_end_write(struct flp_payload *p, struct flp_error *e)
{
	static const unsigned char zero[8 + FLP_ALIGNMENT];
	unsigned char sum[8];
	uint64_t used;

	if (put_chunk(p, e) < 0 || flp_chunks_give(p, zero, 8, e) < 0)
		return -1;
	flp_bytes_put_u64(sum, XXH3_64bits_digest(&p->chunks->sum));
	used = p->chunks->total + sizeof sum;
	if (flp_out_write(p->out, sum, sizeof sum, e) < 0)
		return -1;
	return flp_out_write(p->out, zero, (size_t)(flp_bytes_padded(used) - used), e);
}
