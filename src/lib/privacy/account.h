/* Accounts: what releases made from the same data cost together.
 *
 *     struct flp_spent spent[] = { { &flp_mechanism_gaussian, .noise = 1.1, .rate = 0.01,
 *         .steps = 1000, FLP_ADJACENCY_ADD_REMOVE, FLP_SAMPLING_POISSON } };
 *     if (flp_account_epsilon(&cost, spent, 1, 1e-5, &e) < 0) ...
 *     cost.epsilon
 *
 * Two accountants compute an epsilon. RDP adds Renyi divergences (Mironov 2017) and converts the
 * sum (Canonne, Kamath, Steinke 2020, proposition 12). PLD composes privacy loss distributions
 * (Doroshenko et al. 2022). If each mechanism has a pure epsilon, the sum of these is a third
 * bound. The smallest of the bounds is the result. */
#ifndef FLP_PRIVACY_ACCOUNT_H
#define FLP_PRIVACY_ACCOUNT_H

#include "privacy/mechanism.h"

#include <stddef.h>

/* Below this delta the rounding errors of PLD matter, so its epsilon is set to infinity. If all
 * releases are Gaussian without sampling, the formula of exact.h is used instead, at any delta
 * above 0. */
#define FLP_ACCOUNT_DELTA 1e-12

struct flp_cost {
	double rdp, order; /* epsilon by RDP, and at which order */
	double pld;        /* epsilon by PLD; infinite where PLD can't be used */
	double epsilon;    /* the smallest of the bounds; infinite if there is none */
	double delta;
};

/* Sets *cost to the epsilon of n groups together at this delta. All must have the same adjacency.
 * If n is 0, the cost is 0. FLP_ERROR_BAD if delta is outside [0, 1), if flp_spent_check refuses
 * a group, or if delta is 0 and a mechanism has no pure epsilon. */
int flp_account_epsilon(struct flp_cost *cost, const struct flp_spent *spent, size_t n,
    double delta, struct flp_error *e) FLP_CHECKED;

/* Sets cost->delta to the least delta with which the n groups hold at this epsilon, which must be
 * finite and at least 0. For that delta flp_account_epsilon gives this epsilon, to 1e-6.
 * cost->epsilon is set to this epsilon, and `rdp` and `pld` to infinity. */
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
