/* Turns values into whole numbers of steps of a lattice (kernel/lattice.h). */
#ifndef FLP_KERNEL_QUANTISE_H
#define FLP_KERNEL_QUANTISE_H

#include <stddef.h>
#include <stdint.h>

/* steps[i] = value[i] * factor, rounded to a whole number: to the nearest, ties to even, or, by
 * flp_quantise_down, toward zero. Exact up to 2^51 steps; of a larger product the result is only
 * known to be large. */
void flp_quantise_nearest(const double *value, double factor, size_t n, double *steps);
void flp_quantise_down(const double *value, double factor, size_t n, double *steps);

/* Adds to *sum the squares, or the magnitudes, of n whole numbers. The sum is exact up to
 * 2^52; beyond that it becomes UINT64_MAX and stays there. */
void flp_quantise_squares(const double *steps, size_t n, uint64_t *sum);
void flp_quantise_sizes(const double *steps, size_t n, uint64_t *sum);

/* steps[i] = value[i] / step, for a step that is a power of two. Returns n, or the index of
 * the first value that is not a multiple of the step or is above 2^53 steps. */
size_t flp_quantise_exact(const double *value, double step, size_t n, double *steps);

#endif
