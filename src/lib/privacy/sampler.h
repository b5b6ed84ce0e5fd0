/* Exact draws from the discrete Gaussian and the discrete Laplace distribution, by integer
 * arithmetic alone.
 *
 * Source: Canonne, Kamath and Steinke, "The Discrete Gaussian for Differential Privacy"
 * (2020), algorithms 1 to 3. An event whose probability is a fraction of whole numbers is decided
 * by a uniform random number, which is drawn digit by digit until it is certain on which side of
 * the fraction it lies. So nothing is rounded. */
#ifndef FLP_PRIVACY_SAMPLER_H
#define FLP_PRIVACY_SAMPLER_H

#include "privacy/stream.h"

#define FLP_SIGMA_MOST ((uint64_t)1 << 28) /* steps */

/* P(k) is proportional to exp(-k^2 / (2 variance)) over all whole numbers k. */
struct flp_gaussian {
	uint64_t variance, of; /* the variance is the fraction variance / of */
	uint64_t scale;        /* floor(sigma) + 1: the scale of the Laplace draws that are tried */
	unsigned __int128 den; /* 2 variance of scale^2 */
	uint64_t den_high;     /* the first 63 bits of `den`, */
	int shift;             /* and how many bits follow them */
};

/* For a sigma of 1 to FLP_SIGMA_MOST steps. */
void flp_gaussian_begin(struct flp_gaussian *g, uint64_t sigma);

/* For a variance of variance / of; both are at least 1, `of` is at most 2^8, and the variance
 * at most FLP_SIGMA_MOST^2. */
void flp_gaussian_variance(struct flp_gaussian *g, uint64_t variance, uint64_t of);

int64_t flp_gaussian_draw(const struct flp_gaussian *g, struct flp_stream *s);

/* P(k) is proportional to exp(-|k| / scale); the scale is 1 to FLP_SIGMA_MOST + 1 steps. */
int64_t flp_laplace_draw(uint64_t scale, struct flp_stream *s);

#endif
