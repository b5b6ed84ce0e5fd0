/* Adaptive clipping: the clip norm C follows the norms of the clients' updates from round to
 * round, so that nobody has to guess it.
 *
 * With its clipped update a client sends a vote, which says whether the norm was at most C before
 * the clip: the tensor FLP_ADAPT_TENSOR, i32 [1], is FLP_ADAPT_VOTE if it was and -FLP_ADAPT_VOTE
 * if not. fl-aggregate adds the votes up to an i64. The sum, with its noise, gives the share of
 * the n expected clients whose norm is at most C, and that share gives the next C:
 *	share = 1/2 + sum / (2 FLP_ADAPT_VOTE n)
 *	next = C exp(-eta (share - gamma))
 * A gamma of 1/2 leads to the median. Only `next` is released, as the key `clip.next`. The
 * model of the round carries it, and the clients read C there.
 *
 * The sum of the updates and the sum of the votes are one release. One client changes the first
 * by at most C and the second by FLP_ADAPT_VOTE. If the standard deviations of their noise are
 * y C and s FLP_ADAPT_VOTE, they cost as much as one sum with noise z C, where
 *	1 / z^2 = 1 / y^2 + 1 / s^2
 * Here s is n / 10, at most FLP_ADAPT_NOISE_MOST, and y follows from the z that is asked for.
 *
 * Source: Andrew, Thakkar, McMahan and Ramaswamy, "Differentially Private Learning with
 * Adaptive Clipping" (2021). Its b_i - 1/2 is half a vote here, and its sigma_b = n / 20 is
 * s / 2. */
#ifndef FLP_PRIVACY_ADAPT_H
#define FLP_PRIVACY_ADAPT_H

#include "format/digest.h"
#include "loop/blocks.h"
#include "privacy/sampler.h"

#define FLP_ADAPT_TENSOR "clip/below"
#define FLP_ADAPT_VOTE ((int32_t)1 << 20)
#define FLP_ADAPT_NOISE_MOST 256.0 /* s, since noise has at most FLP_SIGMA_MOST steps */
#define FLP_ADAPT_GAMMA 0.5
#define FLP_ADAPT_ETA 0.2

/* If all fields are zero, clipping does not adapt, and a record with votes is bad. */
struct flp_adapt {
	int on;
	double least, most;         /* the range of C */
	char base[FLP_DIGEST_TEXT]; /* the digest of the round's model */

	/* For a sum that gets noise. */
	uint64_t clients;           /* n; 0: the record is a client's own update */
	uint64_t sigma;             /* steps of noise for the sum of votes */
	struct flp_gaussian gaussian;
	int64_t sum;                /* of the votes in the record at hand */

	/* For a client's own update. */
	int below;                  /* the vote, as 0 or 1 */
};

/* Reads a range LOW:HIGH. `clip`, the C of the first round, must be in it. Errors are
 * FLP_ERROR_USAGE. */
int flp_adapt_range(struct flp_adapt *a, const char *range, double clip,
    struct flp_error *e) FLP_CHECKED;

/* Takes the model of the round. If the model has a C, *clip is set to it. FLP_ERROR_BAD if that
 * C is outside the range. */
int flp_adapt_model(struct flp_adapt *a, const struct flp_meta *model,
    const struct flp_digest *digest, double *clip, struct flp_error *e) FLP_CHECKED;

/* Chooses the noise for the votes of this many clients, and sets *update to y, rounded up, for the
 * z that the release is to have. FLP_ERROR_USAGE if z is not below s. */
int flp_adapt_noise(struct flp_adapt *a, uint64_t clients, double z, double *update,
    struct flp_error *e) FLP_CHECKED;

/* The two formulas above: the share of the clients, and the next C. */
double flp_adapt_share(int64_t sum, uint64_t clients);
double flp_adapt_next(double clip, double share, double gamma, double eta);

/* The functions below are for a release of one record: an update that is clipped without noise,
 * or a sum that gets noise.
 *
 * flp_adapt_edit checks the record's header and makes it the header of the result. An update gets
 * a vote, and a sum loses its votes. FLP_ERROR_BAD if a sum has no votes, unless it is public:
 * a public sum is of no clients, so its votes count as 0. */
int flp_adapt_edit(struct flp_adapt *a, struct flp_header *h, struct flp_error *e) FLP_CHECKED;

/* flp_adapt_takes returns 1 if a block has a sum's votes. flp_adapt_look reads the votes of such
 * a block. */
int flp_adapt_takes(const struct flp_adapt *a, const struct flp_blocks *b);
int flp_adapt_look(struct flp_adapt *a, const struct flp_blocks *b,
    struct flp_error *e) FLP_CHECKED;

/* Is called after flp_adapt_look has had all blocks of a sum: draws the noise of the votes, and
 * sets `clip.next` in `result`. */
int flp_adapt_looked(struct flp_adapt *a, double clip, struct flp_stream *s,
    struct flp_meta *result, struct flp_error *e) FLP_CHECKED;

/* The vote, as the value of an update's tensor. */
int32_t flp_adapt_vote(const struct flp_adapt *a);

#endif
