/* The dense encoding: the values, then zeros up to FLP_ALIGNMENT. */
#include "format/part.h"
#include "format/payload.h"

static size_t
padding(const struct flp_payload *p)
{
	return (size_t)(flp_bytes_padded(p->tensor->bytes) - p->tensor->bytes);
}

static int
begin(struct flp_payload *p, struct flp_error *e)
{
	(void)p;
	(void)e;
	return 0;
}

static int
read_values(struct flp_payload *p, void *to, size_t n, struct flp_error *e)
{
	return flp_part_read(p->in, to, n, "values", e);
}

static int
end_read(struct flp_payload *p, struct flp_error *e)
{
	unsigned char zero[FLP_ALIGNMENT];
	size_t n = padding(p);

	if (flp_part_read(p->in, zero, n, "padding", e) < 0)
		return -1;
	p->passed = 1;
	return flp_bytes_zero(zero, n) ? 0 : flp_error_bad(e, "padding is not zero");
}

static int
skip(struct flp_payload *p, struct flp_error *e)
{
	return flp_part_skip(p->in, p->left + padding(p), "values", e);
}

static int
write_values(struct flp_payload *p, const void *from, size_t n, struct flp_error *e)
{
	return flp_out_write(p->out, from, n, e);
}

static int
end_write(struct flp_payload *p, struct flp_error *e)
{
	static const unsigned char zero[FLP_ALIGNMENT];

	return flp_out_write(p->out, zero, padding(p), e);
}

const struct flp_encoding_kind flp_encoding_dense = {
	.name = "dense",
	.code = FLP_ENCODING_DENSE,
	.begin_read = begin,
	.read = read_values,
	.end_read = end_read,
	.skip = skip,
	.begin_write = begin,
	.write = write_values,
	.end_write = end_write,
};
