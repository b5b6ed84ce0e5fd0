/* The encoding modular: values modulo 2^bits, of bits / 8 bytes each (kernel/ring.h), in
 * chunks. Only u64 has it. `bits` is among the metadata of the record's header. */
#include "format/modular.h"
#include "base/choice.h"
#include "format/chunks.h"
#include "format/payload.h"
#include "kernel/ring.h"

#define VALUE sizeof(uint64_t)

int
flp_modular_bits(const struct flp_meta *meta, unsigned *bits, struct flp_error *e)
{
	char known[FLP_CHOICE_TEXT];
	const char *text;
	uint64_t found;
	size_t n;

	if ((text = flp_meta_get(meta, "bits", &n)) == NULL)
		return flp_error_bad(e, "metadata: bits: missing in the header, so nothing says how "
		    "long a value is");
	if (flp_meta_u64(meta, "bits", 0, UINT64_MAX, &found, e) < 0)
		return -1;
	if (found > UINT8_MAX || flp_ring_bytes((unsigned)found) == 0)
		return flp_error_bad(e, "metadata: bits: expected %s, found %.*s",
		    flp_choice_list(known, flp_ring_name, 0, ", ", " or "), (int)(n < 80 ? n : 80), text);
	*bits = (unsigned)found;
	return 0;
}

/* Keeps the width for encode and decode. What is refused here may still be skipped, so the
 * chunks begin first. */
static int
begin(struct flp_payload *p, struct flp_error *e)
{
	unsigned bits;

	if (flp_chunks_begin(p, e) < 0)
		return -1;
	if (p->tensor->dtype != FLP_DTYPE_U64)
		return flp_error_bad(e, "encoding modular: expected dtype u64, found %s",
		    flp_dtype_name(p->tensor->dtype));
	if (flp_modular_bits(&p->header->meta, &bits, e) < 0)
		return -1;
	p->params[0] = (unsigned char)bits;
	return 0;
}

static int
encode(const struct flp_payload *p, const unsigned char *values, size_t n,
    unsigned char *encoded, size_t *encoded_n, struct flp_error *e)
{
	unsigned bits = p->params[0];
	const uint64_t *value = (const void *)values;
	size_t count = n / VALUE, beyond = flp_ring_beyond(value, count, bits);

	if (beyond < count)
		return flp_error_misuse(e, "encoding modular: a value of 2^%u or more", bits);
	flp_ring_pack(encoded, value, count, bits);
	*encoded_n = count * flp_ring_bytes(bits);
	return 0;
}

static int
decode(const struct flp_payload *p, const unsigned char *encoded, size_t encoded_n,
    unsigned char *values, size_t n, struct flp_error *e)
{
	unsigned bits = p->params[0];
	size_t count = n / VALUE;

	if (n % VALUE != 0)
		return flp_error_bad(e, "chunk of %zu bytes cuts a value", n);
	if (encoded_n != count * flp_ring_bytes(bits))
		return flp_error_bad(e, "chunk: expected %zu bytes for %zu values of %u bits, found %zu",
		    count * flp_ring_bytes(bits), count, bits, encoded_n);
	flp_ring_unpack((void *)values, encoded, count, bits);
	return 0;
}

const struct flp_encoding_kind flp_encoding_modular = {
	.name = "modular",
	.code = FLP_ENCODING_MODULAR,
	.begin_read = begin,
	.read = flp_chunks_read,
	.end_read = flp_chunks_end_read,
	.skip = flp_chunks_skip,
	.begin_write = begin,
	.write = flp_chunks_write,
	.end_write = flp_chunks_end_write,
	.encode = encode,
	.decode = decode,
};
