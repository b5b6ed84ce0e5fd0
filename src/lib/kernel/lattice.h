/* The lattice of clipped values: whole multiples of a step g, whose norm is at most C.
 *
 *	g = 2^(floor(log2 C) - K)
 *
 * C is the key `clip` of fl(5), and K the key `grid`. Everything is decided in integers: each value
 * is a number of steps, and the sum of the squares of these numbers must be at most
 * floor((C / g)^2). So a norm that passes is at most C exactly: nothing is rounded.
 *
 *	uint64_t squares = 0;
 *	flp_lattice_init(&l, clip, grid, e)
 *	flp_lattice_add(&l, &squares, values, dtype, n, &where)     for each piece
 *	squares <= l.most                                           the norm is at most C
 */
#ifndef FLP_KERNEL_LATTICE_H
#define FLP_KERNEL_LATTICE_H

#include "base/dtype.h"
#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define FLP_LATTICE_CLIP_LEAST 1e-12
#define FLP_LATTICE_CLIP_MOST 1e12
#define FLP_LATTICE_GRID_LEAST 10
#define FLP_LATTICE_GRID_MOST 23 /* an f32 holds each clipped value: at most 2^24 steps */
#define FLP_LATTICE_GRID 20 /* the default of the tools */

struct flp_lattice {
	double clip;   /* C */
	unsigned grid; /* K */
	int exponent;  /* of the step, -63 to 29 */
	double step;   /* g = 2^exponent */
	uint64_t most; /* floor((C / g)^2), the greatest sum of squares; below 2^48 */
};

/* floor((norm / g)^2), exactly, for a norm of at most C. */
uint64_t flp_lattice_most(const struct flp_lattice *l, double norm);

/* FLP_ERROR_BAD if C or K is outside the bounds above. */
int flp_lattice_init(struct flp_lattice *l, double clip, unsigned grid,
    struct flp_error *e) FLP_CHECKED;

/* Turns n values of a float dtype into numbers of steps, and adds the squares of these to *squares,
 * which stays at 2^64 - 1 once it would exceed it. Returns -1 if a value is not a multiple of the
 * step, with its index in *where; *squares is then undefined. NaN and infinity are not
 * multiples; -0 is one. */
int flp_lattice_add(const struct flp_lattice *l, uint64_t *squares, const void *values,
    enum flp_dtype dtype, size_t n, size_t *where) FLP_CHECKED;

/* The same, by plain loops over integers. */
int flp_lattice_add_ref(const struct flp_lattice *l, uint64_t *squares, const void *values,
    enum flp_dtype dtype, size_t n, size_t *where) FLP_CHECKED;

#endif
