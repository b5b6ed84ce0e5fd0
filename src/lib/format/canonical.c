#include "format/canonical.h"
#include "format/bytes.h"

void
flp_canonical_values(struct flp_sink *first, const void *values, size_t bytes)
{
	if (bytes == 0)
		return;
	for (struct flp_sink *s = first; s != NULL; s = s->next)
		s->take(s, values, bytes);
}

void
flp_canonical_begin(struct flp_sink *first, const struct flp_header *h)
{
	unsigned char prefix[6] = { (unsigned char)h->kind, (unsigned char)h->privacy };
	unsigned char row[FLP_TENSOR_ROW];

	for (struct flp_sink *s = first; s != NULL; s = s->next)
		s->begin(s);
	flp_bytes_put_u32(prefix + 2, (uint32_t)h->tensors);
	flp_canonical_values(first, prefix, sizeof prefix);
	for (size_t i = 0; i < h->tensors; i++)
		flp_canonical_values(first, row, flp_tensor_row(&h->tensor[i], 0, row));
}

void
flp_canonical_end(struct flp_sink *first, const struct flp_meta *merged)
{
	unsigned char length[4];

	flp_bytes_put_u32(length, (uint32_t)merged->n);
	flp_canonical_values(first, length, sizeof length);
	flp_canonical_values(first, merged->text, merged->n);
}
