/* Accounts: what releases made from the same data cost together.
 *
 *     struct flp_spent spent[] = { { &flp_mechanism_gaussian, .noise = 1.1, .rate = 0.01,
 *         .steps = 1000, FLP_ADJACENCY_ADD_REMOVE, FLP_SAMPLING_POISSON } };
 *     if (flp_account_epsilon(&cost, spent, 1, 1e-5, &e) < 0) ...
 *     cost.epsilon
 *
 * Two accountants compute an epsilon, and the smaller one holds. RDP adds Renyi divergences
 * (Mironov 2017) and converts them (Canonne, Kamath, Steinke 2020, proposition 12). PLD composes
 * privacy loss distributions (Doroshenko et al. 2022). If each mechanism has a pure epsilon, the
 * sum of these holds too. */
#ifndef FLP_PRIVACY_ACCOUNT_H
#define FLP_PRIVACY_ACCOUNT_H

#include "privacy/mechanism.h"

#include <stddef.h>

/* Below this delta the rounding errors of PLD matter, so its epsilon is infinite, unless all
 * releases are Gaussian without sampling: for these it is exact. */
#define FLP_ACCOUNT_DELTA 1e-12

struct flp_cost {
	double rdp, order; /* epsilon by RDP, and at which order */
	double pld;        /* epsilon by PLD; infinite where it does not count */
	double epsilon;    /* the smallest that holds; infinite if nothing does */
	double delta;
};

/* The epsilon of n groups together at this delta. All must have the same adjacency. If n is 0,
 * the cost is 0. A delta outside [0, 1), a group that flp_spent_check refuses, or a delta of 0
 * with a mechanism that has no pure epsilon is FLP_ERROR_BAD. */
int flp_account_epsilon(struct flp_cost *cost, const struct flp_spent *spent, size_t n,
    double delta, struct flp_error *e) FLP_CHECKED;

/* Sets cost->delta to the least delta that holds with this epsilon, which is at least 0. For
 * that delta flp_account_epsilon gives this epsilon, to 1e-6. The other fields are this epsilon
 * or infinite. */
int flp_account_delta(struct flp_cost *cost, const struct flp_spent *spent, size_t n,
    double epsilon, struct flp_error *e) FLP_CHECKED;

/* A function that is called for each step of a trace; if it returns -1, the trace ends. */
typedef int flp_account_row(void *context, uint64_t step, const struct flp_cost *cost,
    struct flp_error *e);

/* Calls `row` with the cost of the n groups and of the first `step` releases of `then`, for
 * each step from 1 to then->steps. */
int flp_account_trace(const struct flp_spent *spent, size_t n, const struct flp_spent *then,
    double delta, flp_account_row *row, void *context, struct flp_error *e) FLP_CHECKED;

#endif
