#include "format/tail.h"
#include "base/memory.h"
#include "format/bytes.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define FIXED 8    /* bytes before the footer */
#define TRAILER 32 /* length, id, checksum */
#define CHECKSUM 8

size_t
flp_tail_size(size_t footer)
{
	return (size_t)flp_bytes_padded(FIXED + footer + TRAILER);
}

int
flp_tail_encode(const struct flp_tail *tail, unsigned char **bytes, size_t *n,
    struct flp_error *e)
{
	unsigned char *p, *trailer;

	*n = flp_tail_size(tail->footer.n);
	if ((p = *bytes = flp_memory_new(*n, 1, e)) == NULL)
		return -1;
	flp_bytes_put_u32(p, (uint32_t)*n);
	flp_bytes_put_u32(p + 4, (uint32_t)tail->footer.n);
	if (tail->footer.n > 0)
		memcpy(p + FIXED, tail->footer.text, tail->footer.n);
	trailer = p + *n - TRAILER;
	flp_bytes_put_u64(trailer, tail->length);
	memcpy(trailer + 8, tail->id.byte, sizeof tail->id.byte);
	flp_bytes_put_u64(p + *n - CHECKSUM, XXH3_64bits(p, *n - CHECKSUM));
	return 0;
}

int
flp_tail_length(const unsigned char first[FLP_ALIGNMENT], size_t *n, struct flp_error *e)
{
	uint32_t footer = flp_bytes_u32(first + 4);

	*n = flp_bytes_u32(first);
	if (footer > FLP_META_LIMIT || *n != flp_tail_size(footer))
		return flp_error_bad(e, "tail: lengths do not fit: the tail is damaged, or "
		    "another record begins before it");
	return 0;
}

int
flp_tail_decode(struct flp_tail *tail, const unsigned char *bytes, size_t n,
    struct flp_error *e)
{
	const unsigned char *trailer;
	size_t used, length;

	if (n < FLP_ALIGNMENT || flp_tail_length(bytes, &length, e) < 0 || n != length)
		return flp_error_misuse(e, "tail: %zu bytes, which is not the length it gives", n);
	trailer = bytes + n - TRAILER;
	used = FIXED + flp_bytes_u32(bytes + 4);
	if (flp_bytes_u64(bytes + n - CHECKSUM) != XXH3_64bits(bytes, n - CHECKSUM))
		return flp_error_bad(e, "tail: checksum does not match: the tail is damaged");
	if (!flp_bytes_zero(bytes + used, n - TRAILER - used))
		return flp_error_bad(e, "tail: padding is not zero");
	tail->length = flp_bytes_u64(trailer);
	memcpy(tail->id.byte, trailer + 8, sizeof tail->id.byte);
	if (flp_meta_parse(&tail->footer, (const char *)bytes + FIXED, used - FIXED, e) < 0)
		return flp_error_at(e, "footer");
	return 0;
}
