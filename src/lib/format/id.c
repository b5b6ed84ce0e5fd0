#include "format/id.h"
#include "base/memory.h"
#include "format/bytes.h"
#include "format/id_avx2.h"

#include <stdio.h>
#include <stdlib.h>
#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

struct flp_hash {
	XXH3_state_t state;
	int avx2; /* the processor has AVX2: the same hash, three times as fast */
};

struct flp_hash *
flp_hash_new(struct flp_error *e)
{
	struct flp_hash *s = flp_memory_new(1, sizeof *s, e);

#ifdef __x86_64__
	if (s != NULL)
		s->avx2 = __builtin_cpu_supports("avx2") != 0;
#endif
	return s;
}

void
flp_hash_free(struct flp_hash *s)
{
	free(s);
}

int
flp_hash_begin(struct flp_hash *s, const struct flp_header *h, struct flp_error *e)
{
	unsigned char prefix[6] = { (unsigned char)h->kind, (unsigned char)h->privacy };
	unsigned char row[FLP_TENSOR_ROW];

	(void)e;
	flp_bytes_put_u32(prefix + 2, (uint32_t)h->tensors);
	XXH3_128bits_reset(&s->state);
	XXH3_128bits_update(&s->state, prefix, sizeof prefix);
	for (size_t i = 0; i < h->tensors; i++)
		XXH3_128bits_update(&s->state, row, flp_tensor_row(&h->tensor[i], 0, row));
	return 0;
}

void
flp_hash_values(struct flp_hash *s, const void *values, size_t bytes)
{
	if (s->avx2 && bytes >= 1024)
		flp_id_avx2_update(&s->state, values, bytes);
	else
		XXH3_128bits_update(&s->state, values, bytes);
}

void
flp_hash_end(struct flp_hash *s, const struct flp_meta *merged, struct flp_id *id)
{
	unsigned char length[4];
	XXH128_canonical_t canonical;

	flp_bytes_put_u32(length, (uint32_t)merged->n);
	XXH3_128bits_update(&s->state, length, sizeof length);
	XXH3_128bits_update(&s->state, merged->text, merged->n);
	XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(&s->state));
	memcpy(id->byte, canonical.digest, sizeof id->byte);
}

void
flp_id_text(const struct flp_id *id, char text[FLP_ID_TEXT])
{
	for (size_t i = 0; i < sizeof id->byte; i++)
		snprintf(text + 2 * i, 3, "%02x", id->byte[i]);
}
