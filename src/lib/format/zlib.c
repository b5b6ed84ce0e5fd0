/* The zlib encoding: each chunk is a zlib stream (RFC 1950) without a dictionary,
 * with nothing after it. */
#include "format/chunks.h"
#include "format/payload.h"

#include <errno.h>
#include <zlib.h>

static int
encode(const struct flp_payload *p, const unsigned char *values, size_t n,
    unsigned char *encoded, size_t *encoded_n, struct flp_error *e)
{
	uLongf made = *encoded_n;

	(void)p;
	if (compress2(encoded, &made, values, n, Z_DEFAULT_COMPRESSION) != Z_OK)
		return flp_error_system(e, ENOMEM, "zlib");
	*encoded_n = made;
	return 0;
}

static int
decode(const struct flp_payload *p, const unsigned char *encoded, size_t encoded_n,
    unsigned char *values, size_t n, struct flp_error *e)
{
	uLongf made = n, used = encoded_n;
	int status = uncompress2(values, &made, encoded, &used);

	(void)p;
	if (status == Z_MEM_ERROR)
		return flp_error_system(e, ENOMEM, "zlib");
	if (status != Z_OK || made != n || used != encoded_n)
		return flp_error_bad(e, "chunk does not inflate to its %zu bytes", n);
	return 0;
}

const struct flp_encoding_kind flp_encoding_zlib = {
	.name = "zlib",
	.code = FLP_ENCODING_ZLIB,
	.begin_read = flp_chunks_begin,
	.read = flp_chunks_read,
	.end_read = flp_chunks_end_read,
	.skip = flp_chunks_skip,
	.begin_write = flp_chunks_begin,
	.write = flp_chunks_write,
	.end_write = flp_chunks_end_write,
	.encode = encode,
	.decode = decode,
};
