/* Hold-out: rows kept for testing, the same share of each stratum. A stratum is
 * all rows that have the same class and the same group, as far as rows have them. */
#ifndef FLP_DATA_HOLDOUT_H
#define FLP_DATA_HOLDOUT_H

#include "base/error.h"
#include "data/dataset.h"
#include "kernel/random.h"

#include <stddef.h>
#include <stdint.h>

#define FLP_HOLDOUT_BITS 63 /* a fraction is a multiple of 2^-63 */

struct flp_holdout {
	uint64_t every;    /* N: the N-th, 2N-th, ... row of each stratum; 0: by fraction */
	uint64_t fraction; /* otherwise this part of each stratum, at random; 0: no rows */
};

/* Returns 1 if anything is to be held out. */
int flp_holdout_some(const struct flp_holdout *holdout);

/* Reads "every:N", N at least 2, or a number above 0 and below 1. */
int flp_holdout_parse(struct flp_holdout *holdout, const char *text,
    struct flp_error *e) FLP_CHECKED;

/* Moves the rows to hold out from `row`, which has *n of them in ascending order,
 * to `held`, which has room for *n and then has *held_n. Both are left in ascending
 * order.
 *
 * A fraction f of n rows is round(f n) of them, half rounded up. Each stratum of m
 * rows gives floor(f m), and those with the largest remainders give one more; of
 * equal remainders the first by group and class. Which rows these are is drawn from
 * r, which every:N does not use. */
int flp_holdout_take(const struct flp_holdout *holdout, const struct flp_dataset *set,
    uint32_t *row, size_t *n, uint32_t *held, size_t *held_n, struct flp_random *r,
    struct flp_error *e) FLP_CHECKED;

#endif
