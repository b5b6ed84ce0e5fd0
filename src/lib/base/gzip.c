#include "base/gzip.h"
#include "base/memory.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* Deflate takes at least two bits for a match, which is at most 258 bytes long. */
#define RATIO 1032

struct flp_gzip {
	struct flp_in *in;
	z_stream stream; /* next_in and avail_in hold what is read ahead, plain or not */
	unsigned char first[2]; /* the first bytes of the input, which tell if it is gzipped */
	int begun, gzipped;
	int inside; /* a member whose end has not been seen */
};

struct flp_gzip *
flp_gzip_open(struct flp_in *in, struct flp_error *e)
{
	struct flp_gzip *z = flp_memory_new(1, sizeof *z, e);

	if (z == NULL)
		return NULL;
	z->in = in;
	if (inflateInit2(&z->stream, 16 + MAX_WBITS) != Z_OK) {
		flp_error_system(e, ENOMEM, "zlib");
		free(z);
		return NULL;
	}
	return z;
}

void
flp_gzip_close(struct flp_gzip *z)
{
	if (z == NULL)
		return;
	inflateEnd(&z->stream);
	free(z);
}

int
flp_gzip_rewind(struct flp_gzip *z, struct flp_error *e)
{
	inflateReset(&z->stream);
	z->stream.avail_in = 0;
	z->begun = z->gzipped = z->inside = 0;
	return flp_in_seek(z->in, 0, e);
}

static int
fill(struct flp_gzip *z, struct flp_error *e)
{
	const unsigned char *block;
	size_t n;

	if (z->stream.avail_in > 0)
		return 0;
	if (flp_in_buffered(z->in, &block, &n, e) < 0)
		return -1;
	z->stream.next_in = (unsigned char *)block;
	z->stream.avail_in = (unsigned)n;
	return 0;
}

static int
begin(struct flp_gzip *z, struct flp_error *e)
{
	size_t n;

	/* A block of a pipe may be a single byte. */
	if (flp_in_read(z->in, z->first, sizeof z->first, &n, e) < 0)
		return -1;
	z->begun = 1;
	z->stream.next_in = z->first;
	z->stream.avail_in = (unsigned)n;
	z->gzipped = n == sizeof z->first && z->first[0] == 0x1f && z->first[1] == 0x8b;
	z->inside = z->gzipped;
	return 0;
}

static void
copy(struct flp_gzip *z)
{
	z_stream *s = &z->stream;
	unsigned n = s->avail_in < s->avail_out ? s->avail_in : s->avail_out;

	memcpy(s->next_out, s->next_in, n);
	s->next_in += n;
	s->avail_in -= n;
	s->next_out += n;
	s->avail_out -= n;
}

/* Bytes that are not gzipped, straight from the input once nothing is read ahead. */
static int
read_plain(struct flp_gzip *z, unsigned char *to, size_t n, size_t *got, struct flp_error *e)
{
	z->stream.next_out = to;
	z->stream.avail_out = n < INT_MAX ? (unsigned)n : INT_MAX;
	copy(z);
	*got = (size_t)(z->stream.next_out - to);
	if (*got < n) {
		size_t more;

		if (flp_in_read(z->in, to + *got, n - *got, &more, e) < 0)
			return -1;
		*got += more;
	}
	return 0;
}

/* Inflates what is there; members follow each other without a gap. */
static int
step(struct flp_gzip *z, struct flp_error *e)
{
	int status;

	if (!z->inside) {
		inflateReset(&z->stream);
		z->inside = 1;
	}
	status = inflate(&z->stream, Z_NO_FLUSH);
	if (status == Z_STREAM_END)
		z->inside = 0;
	else if (status == Z_MEM_ERROR)
		return flp_error_system(e, ENOMEM, "zlib");
	else if (status != Z_OK)
		return flp_error_bad(e, "gzip: %s", z->stream.msg ? z->stream.msg : "damaged");
	return 0;
}

int
flp_gzip_read(struct flp_gzip *z, void *to, size_t n, size_t *got, struct flp_error *e)
{
	z_stream *s = &z->stream;

	*got = 0;
	if (!z->begun && begin(z, e) < 0)
		return -1;
	if (!z->gzipped)
		return read_plain(z, to, n, got, e);
	while (*got < n) {
		unsigned room = n - *got < INT_MAX ? (unsigned)(n - *got) : INT_MAX;

		s->next_out = (unsigned char *)to + *got;
		s->avail_out = room;
		if (fill(z, e) < 0)
			return -1;
		if (s->avail_in == 0)
			return z->inside ? flp_error_bad(e, "gzip: cut before its end") : 0;
		if (step(z, e) < 0)
			return -1;
		*got += room - s->avail_out;
	}
	return 0;
}

int
flp_gzip_most(const struct flp_gzip *z, uint64_t *most)
{
	if (!z->begun || !flp_in_size(z->in, most))
		return 0;
	if (z->gzipped && __builtin_mul_overflow(*most, (uint64_t)RATIO, most))
		*most = UINT64_MAX;
	return 1;
}
