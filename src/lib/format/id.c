#include "format/id.h"
#include "base/memory.h"
#include "format/id_avx2.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

struct flp_hash {
	struct flp_sink sink; /* first: a sink's hash is at the same address */
	XXH3_state_t state;
};

static void
begin(struct flp_sink *s)
{
	XXH3_128bits_reset(&((struct flp_hash *)s)->state);
}

static void
take(struct flp_sink *s, const void *bytes, size_t n)
{
	XXH3_128bits_update(&((struct flp_hash *)s)->state, bytes, n);
}

#ifdef __x86_64__
/* The same hash, three times as fast. */
static void
take_avx2(struct flp_sink *s, const void *bytes, size_t n)
{
	if (n < 1024)
		take(s, bytes, n);
	else
		flp_id_avx2_update(&((struct flp_hash *)s)->state, bytes, n);
}
#endif

struct flp_hash *
flp_hash_new(struct flp_error *e)
{
	struct flp_hash *hash = flp_memory_new(1, sizeof *hash, e);

	if (hash == NULL)
		return NULL;
	hash->sink = (struct flp_sink){ .begin = begin, .take = take };
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2"))
		hash->sink.take = take_avx2;
#endif
	return hash;
}

void
flp_hash_free(struct flp_hash *hash)
{
	/* Its state holds the last values, which may have been a key. */
	if (hash != NULL)
		explicit_bzero(hash, sizeof *hash);
	free(hash);
}

struct flp_sink *
flp_hash_sink(struct flp_hash *hash)
{
	return &hash->sink;
}

void
flp_hash_id(const struct flp_hash *hash, struct flp_id *id)
{
	XXH128_canonical_t canonical;

	XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(&hash->state));
	memcpy(id->byte, canonical.digest, sizeof id->byte);
}

int
flp_hash_check(struct flp_hash *hash, const struct flp_meta *merged,
    const struct flp_id *expected, struct flp_id *id, struct flp_error *e)
{
	char want[FLP_ID_TEXT], found[FLP_ID_TEXT];

	flp_canonical_end(&hash->sink, merged);
	flp_hash_id(hash, id);
	if (memcmp(id->byte, expected->byte, sizeof id->byte) == 0)
		return 0;
	flp_id_text(expected, want);
	flp_id_text(id, found);
	return flp_error_bad(e, "values are damaged: expected id %s, found %s", want, found);
}

void
flp_id_text(const struct flp_id *id, char text[FLP_ID_TEXT])
{
	for (size_t i = 0; i < sizeof id->byte; i++)
		snprintf(text + 2 * i, 3, "%02x", id->byte[i]);
}
