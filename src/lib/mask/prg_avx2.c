#include "mask/prg_avx2.h"

#ifdef __x86_64__
#include <immintrin.h>

/* Twelve bytes from each of two places, each in its half. */
static __m256i
halves(const unsigned char *bytes)
{
	__m128i low = _mm_loadu_si128((const __m128i *)(const void *)bytes);
	__m128i high = _mm_loadu_si128((const __m128i *)(const void *)(bytes + 12));

	return _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
}

void
flp_prg_avx2_24(void *sum, const unsigned char *bytes, size_t n, int subtract)
{
	const __m256i spread = _mm256_setr_epi8(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1,
	    0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1);
	__m256i *to = sum;

	for (size_t i = 0; i < n / 8; i++, bytes += 24) {
		__m256i v = _mm256_shuffle_epi8(halves(bytes), spread);
		__m256i s = _mm256_loadu_si256(to + i);

		s = subtract ? _mm256_sub_epi32(s, v) : _mm256_add_epi32(s, v);
		_mm256_storeu_si256(to + i, s);
	}
}

void
flp_prg_avx2_48(void *sum, const unsigned char *bytes, size_t n, int subtract)
{
	const __m256i spread = _mm256_setr_epi8(0, 1, 2, 3, 4, 5, -1, -1, 6, 7, 8, 9, 10, 11, -1, -1,
	    0, 1, 2, 3, 4, 5, -1, -1, 6, 7, 8, 9, 10, 11, -1, -1);
	__m256i *to = sum;

	for (size_t i = 0; i < n / 4; i++, bytes += 24) {
		__m256i v = _mm256_shuffle_epi8(halves(bytes), spread);
		__m256i s = _mm256_loadu_si256(to + i);

		s = subtract ? _mm256_sub_epi64(s, v) : _mm256_add_epi64(s, v);
		_mm256_storeu_si256(to + i, s);
	}
}
#endif
