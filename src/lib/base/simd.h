/* Loops that are compiled for AVX2 too; cpuid decides at start-up which version
 * runs. Both give the same results: every operation is exact or rounds once as
 * IEEE 754 says, products are not contracted and sums are not reordered. For
 * static functions only: Clang 14 gives exported clones names that other files
 * don't find. */
#ifndef FLP_BASE_SIMD_H
#define FLP_BASE_SIMD_H

#if defined(__x86_64__) && defined(__gnu_linux__)
#define FLP_SIMD __attribute__((target_clones("avx2", "default")))
#else
#define FLP_SIMD
#endif

#endif
