/* Releases: records that are clipped and, if the caller asks for noise, noised, on one lattice.
 *
 * A client's update is clipped (privacy/clip.h) and may get all the noise that protects it:
 * local noise. A sum of clipped updates gets the noise that protects each of them: central
 * noise. Noise is a whole number of steps of the lattice, drawn from the discrete Gaussian
 * (privacy/sampler.h) with a standard deviation of sigma = ceil(z C / g) steps. A few numbers
 * of kind params may have the discrete Laplace distribution instead, of that scale, and are
 * clipped under the norm L1.
 *
 * Under adaptive clipping (privacy/adapt.h) an update also gets a vote, and central noise goes
 * on the sum of the votes as well, from which the next C follows.
 *
 * A noised record has only the keys that depend on nobody's data (FLP_KEY_OPEN): those that
 * say which model it belongs to, and those that an accountant needs. */
#ifndef FLP_PRIVACY_RELEASE_H
#define FLP_PRIVACY_RELEASE_H

#include "loop/map.h"
#include "privacy/adapt.h"
#include "privacy/clip.h"
#include "privacy/guard.h"
#include "privacy/mechanism.h"
#include "privacy/sampler.h"

enum flp_noise {
	FLP_NOISE_GAUSSIAN,
	FLP_NOISE_LAPLACE,
};

/* Names, as base/choice.h says. */
const char *flp_noise_name(unsigned noise);

struct flp_release {
	/* What the caller decides. */
	struct flp_clip clip;
	struct flp_adapt adapt; /* with its range and its model; C is that of `clip` */
	uint64_t adapt_clients; /* how many are expected to be in a sum that gets noise */
	enum flp_noise mechanism;
	double z; /* the noise's standard deviation, or Laplace scale, divided by C; 0: none */
	enum flp_adjacency adjacency;
	struct flp_meta cohort; /* keys of central noise: scheme, rate, cohort, ...; may be empty */
	struct flp_guard guard; /* with its ledger, limit and site; only releases with noise pass it */
	int seeded;             /* 1: the noise is drawn from `seed`, so it protects nobody */
	uint64_t seed;

	/* Called for each release that was written, with its place and its signal. The signal is
	 * the release's norm before the noise, divided by the expected norm of the noise,
	 * sigma sqrt(n). It is 0 for a release without noise or values. It depends on the data
	 * before any noise, so it must not be published. NULL: nothing is called. */
	void (*released)(void *context, const char *place, double signal);
	void *context;

	/* For all records. */
	uint64_t sigma; /* steps, 0: none */
	struct flp_stream stream;
	struct flp_gaussian gaussian;
	struct flp_inputs *in;
	uint64_t sums; /* how many have had central noise */

	/* The record at hand. */
	enum flp_kind kind;
	int ready;            /* 1: its values are on the lattice already */
	uint64_t n;           /* values */
	struct flp_norm norm; /* of its values before the noise, in steps */
};

/* Takes the metadata of the cohort that a sum is of. FLP_ERROR_BAD if it was not drawn in secret,
 * if a key is missing, or if it has a fixed size and the adjacency is not replace. */
int flp_release_cohort(struct flp_release *r, const struct flp_meta *cohort,
    struct flp_error *e) FLP_CHECKED;

/* Makes a release of each record of the inputs and writes it. No record may have been read before.
 * A record that can't be released as the caller asks is bad (loop/each.h), even if the reason is
 * that the caller's decisions do not suit its kind. Noise of more than FLP_SIGMA_MOST steps is
 * FLP_ERROR_USAGE. A release that a limit of the guard refuses ends the run. The memory of *r is
 * freed. */
int flp_release_records(struct flp_release *r, struct flp_inputs *in, struct flp_bad *bad,
    struct flp_out *out, struct flp_error *e) FLP_CHECKED;

/* Checks a record's header and makes it the header of its release. This is the `edit` of a map
 * (loop/map.h). */
int flp_release_edit(void *context, struct flp_header *h, struct flp_error *e) FLP_CHECKED;

#endif
