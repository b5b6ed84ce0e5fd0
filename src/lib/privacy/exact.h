/* Gaussian releases without sampling, whose cost is known exactly: Balle, Wang 2018,
 * theorem 8. `square` is the sum of (sensitivity / standard deviation)^2 over them. */
#ifndef FLP_PRIVACY_EXACT_H
#define FLP_PRIVACY_EXACT_H

/* The least epsilon, of at least 0, for a delta above 0; and the least delta for an epsilon. */
double flp_exact_epsilon(double square, double delta);
double flp_exact_delta(double square, double epsilon);

#endif
