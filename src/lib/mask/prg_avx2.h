/* Sums of packed values of 3 and 6 bytes, compiled for AVX2, which moves sixteen bytes to their
 * places at a time. The plain loops are slower because they load one value at a time. */
#ifndef FLP_MASK_PRG_AVX2_H
#define FLP_MASK_PRG_AVX2_H

#include <stddef.h>

/* Adds n values of 3 bytes to the low 24 bits of sum[n] of u32, or of 6 bytes to the low 48
 * bits of u64; the bits above are undefined. n is a multiple of 8, and the four bytes after the
 * values must be readable. The processor must have AVX2. */
void flp_prg_avx2_24(void *sum, const unsigned char *bytes, size_t n, int subtract);
void flp_prg_avx2_48(void *sum, const unsigned char *bytes, size_t n, int subtract);

#endif
