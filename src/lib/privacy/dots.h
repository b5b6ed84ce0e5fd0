/* The distribution of the privacy loss of one release on a grid: "connect the dots",
 * Doroshenko et al. 2022. It is a bound: its profile is the exact one on the grid's points,
 * and linear in e^epsilon between them.
 *
 * Large losses are rare, but they matter, so they must not vanish in the rounding errors of the
 * frequent ones. Masses are therefore tilted: each is multiplied by e^(tilt loss - scale), where
 * `scale` is chosen so that they add up to 1. */
#ifndef FLP_PRIVACY_DOTS_H
#define FLP_PRIVACY_DOTS_H

#include "privacy/mechanism.h"

#include <stddef.h>

#define FLP_DOTS_MOST ((size_t)1 << 21)
#define FLP_DOTS_POWERS 27 /* 2^-6 to 2^20 */

/* One direction. The loss is (first + i) h with the probability mass[i], tilted, and infinite
 * with the probability `infinite`. */
struct flp_dots {
	long first;
	size_t n;
	double *mass, tilt, scale, infinite;
};

/* Makes the distributions of a release in both directions, without a tilt. Its mechanism must
 * have a profile. A loss above 600 counts as infinite. Returns 1, and makes nothing, if they would
 * have more than FLP_DOTS_MOST points. The caller frees them. */
int flp_dots_make(struct flp_dots dots[2], const struct flp_spent *spent, double h,
    struct flp_error *e) FLP_CHECKED;
void flp_dots_free(struct flp_dots dots[2]);

/* A step, h or h times a power of two, of a grid on which the release has few points. */
double flp_dots_coarse(const struct flp_spent *spent, double h);

/* Tilts a distribution that has no tilt yet. */
void flp_dots_tilt(struct flp_dots *dots, double h, double tilt);

/* Sets plus[k] to ln of the sum of mass[i] e^(flp_dots_power(k) loss) over all i, or to a greater
 * number, and minus[k] to the same for the negative power: infinite if the sum is too small for a
 * double. */
void flp_dots_log_moments(const struct flp_dots *dots, double h,
    double plus[FLP_DOTS_POWERS], double minus[FLP_DOTS_POWERS]);
double flp_dots_power(int k);

#endif
