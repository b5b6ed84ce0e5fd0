/* Releases for which a pure epsilon is all that is known or used. */
#ifndef FLP_PRIVACY_PURE_H
#define FLP_PRIVACY_PURE_H

#include "privacy/mechanism.h"

/* The epsilon of a mechanism with a pure `epsilon` that is applied to a sample. It holds for
 * Poisson samples under add-remove, and for fixed samples under replace: Balle, Barthe, Gaboardi
 * 2018. */
double flp_pure_sampled(double epsilon, double rate);

/* The privacy profile of randomised response, which is the worst of all mechanisms with this
 * pure epsilon: Kairouz, Oh, Viswanath 2015. */
double flp_pure_delta(double pure, double epsilon);

#endif
