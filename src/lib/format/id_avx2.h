/* XXH3's update compiled for AVX2: the library's own build is for SSE2. */
#ifndef FLP_FORMAT_ID_AVX2_H
#define FLP_FORMAT_ID_AVX2_H

#include <stddef.h>

/* `state` is an XXH3_state_t; the processor must have AVX2. */
void flp_id_avx2_update(void *state, const void *bytes, size_t n);

#endif
