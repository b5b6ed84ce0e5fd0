/* Hold-out: rows kept for testing, in each stratum alike. A stratum is what
 * has the same class and the same group, where rows have them. */
#ifndef FLP_DATA_HOLDOUT_H
#define FLP_DATA_HOLDOUT_H

#include "base/error.h"
#include "data/dataset.h"
#include "kernel/random.h"

#include <stddef.h>
#include <stdint.h>

#define FLP_HOLDOUT_BITS 63 /* a fraction is a multiple of 2^-63 */

struct flp_holdout {
	uint64_t every;    /* the N-th, 2N-th, ... row of a stratum, or 0 and */
	uint64_t fraction; /* this part of each, at random; 0 both: none */
};

/* 1 where anything is asked for. */
int flp_holdout_some(const struct flp_holdout *holdout);

/* Reads "every:N", N at least 2, or a number above 0 and below 1. */
int flp_holdout_parse(struct flp_holdout *holdout, const char *text,
    struct flp_error *e) FLP_CHECKED;

/* Moves the rows to hold out of `row` (*n of them, in ascending order) to
 * `held` (room for *n, *held_n of them), and leaves both in ascending order.
 *
 * A fraction f of n rows is round(f n) of them, half up: each stratum of m
 * rows gives floor(f m), and those with the largest rest one more, of equal
 * rests the first by group and class. Which ones is drawn from r, which every:N
 * does not use. */
int flp_holdout_take(const struct flp_holdout *holdout, const struct flp_dataset *set,
    uint32_t *row, size_t *n, uint32_t *held, size_t *held_n, struct flp_random *r,
    struct flp_error *e) FLP_CHECKED;

#endif
