/* Renyi divergences of one release, and the conversion of their sums to epsilon and delta.
 *
 * `sigma` is the noise's standard deviation divided by the norm of what one client adds, `rate`
 * is a client's probability of being drawn, and `order` is above 1. */
#ifndef FLP_PRIVACY_DIVERGENCE_H
#define FLP_PRIVACY_DIVERGENCE_H

/* Gaussian noise without sampling: order / (2 sigma^2), Mironov 2017, proposition 7. */
double flp_divergence_gaussian(double sigma, double order);

/* A Poisson sample, under add-remove: Mironov, Talwar, Zhang 2019, section 3.3. A whole order is
 * computed by the sum of binomial terms, another by quadrature. Both have a relative error of 1e-9
 * where the divergence is above 1e-6. If sigma is below 0.02, an order that is not whole gets an
 * upper bound, from the whole orders on either side of it. */
double flp_divergence_sampled(double rate, double sigma, double order);

/* A Poisson sample, under replace: the divergence of (1-rate) N(0) + rate N(1) and
 * (1-rate) N(0) + rate N(-1), each with deviation sigma, by quadrature. Infinite where that would
 * take too long. */
double flp_divergence_replaced(double rate, double sigma, double order);

/* A sample of fixed size, under replace, where sigma is the standard deviation divided by the
 * norm of the difference of two clients: Wang, Balle, Kasiviswanathan 2019, theorem 27. With
 * `proved` only those terms are used that do not need the noise to be exactly Gaussian; they
 * also hold for a Poisson sample. */
double flp_divergence_fixed(double rate, double sigma, double order, int proved);

/* A bound for any mechanism that holds with `epsilon` and a delta of 0: Bun, Steinke 2016. */
double flp_divergence_pure(double epsilon, double order);

/* The orders that accountants try: how many there are, and the i-th. */
#define FLP_DIVERGENCE_ORDERS 157
double flp_divergence_order(unsigned i);

/* The epsilon for a delta above 0, and the delta for an epsilon, that follow from a divergence of
 * that order: Canonne, Kamath, Steinke 2020, proposition 12. */
double flp_divergence_epsilon(double divergence, double order, double delta);
double flp_divergence_delta(double divergence, double order, double epsilon);

#endif
