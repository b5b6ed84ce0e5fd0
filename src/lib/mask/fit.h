/* The ring for a sum: how many bits its values need, and which lattice a number of bits allows.
 *
 * n vectors, whose values are at most M steps and are multiplied by a weight of at most W, add up
 * to at most n W M, of either sign. The integers modulo 2^B can represent all such sums if
 *	2 n W M + 1 <= 2^B
 * B is the smallest of 16, 24, 32, 48 and 64 (kernel/ring.h) for which this is true. All parties
 * compute it, so nobody chooses it. Since an opened sum is in f64, n W M must be at most 2^53. */
#ifndef FLP_MASK_FIT_H
#define FLP_MASK_FIT_H

#include "base/error.h"
#include "kernel/lattice.h"

#include <stdint.h>

#define FLP_FIT_GRID 13 /* the least K that flp_fit_choose takes */

struct flp_fit {
	uint64_t clients; /* n, 1 or more */
	uint64_t weight;  /* W, 1 or more */
	uint64_t steps;   /* M, 1 or more */
	unsigned bits;    /* B */
};

/* Finds B. FLP_ERROR_BAD if no ring can hold such sums, or if f64 can't. */
int flp_fit_bits(struct flp_fit *f, struct flp_error *e) FLP_CHECKED;

/* How many times the greatest sum would fit into the ring: (2^B - 1) / (2 n W M), 1 or more. */
double flp_fit_headroom(const struct flp_fit *f);

/* M for values of magnitude C or less on the lattice: ceil(C / g). */
uint64_t flp_fit_steps(const struct flp_lattice *l);

/* Chooses the lattice for values of magnitude `most` (a clip norm, or a range): the smallest B
 * that allows a K of FLP_FIT_GRID or more, and the largest such K. If `values` is above 0, it is
 * the number of values that are clipped to that norm, and K must also be fine enough for fl-noise:
 * g sqrt(values) / 2 is below a tenth of the norm. *l and f->steps are set too. */
int flp_fit_choose(struct flp_fit *f, struct flp_lattice *l, double most, uint64_t values,
    struct flp_error *e) FLP_CHECKED;

#endif
