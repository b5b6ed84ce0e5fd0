#include "format/id_avx2.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

void
flp_id_avx2_update(void *state, const void *bytes, size_t n)
{
	XXH3_128bits_update(state, bytes, n);
}
