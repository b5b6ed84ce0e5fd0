/* Cohorts: the clients that are drawn to take part in a round.
 *
 * A cohort is a record of that kind with one tensor,
 *   :clients  u8   the names of the clients drawn, sorted as bytes, one a line
 * and the metadata
 *   scheme      fixed: `size` clients, every set of that size equally likely;
 *               poisson: each client with probability `rate`, independently
 *   size        only if the scheme is fixed
 *   rate        only if the scheme is poisson
 *   population  how many clients there were to draw from
 *   round       the round that it was drawn for
 *   seed        public: drawn from a seed; whoever knows the seed can draw the cohort again,
 *               so no privacy may be claimed for it;
 *               secret: drawn from the system's generator
 *   draw        only in a secret cohort: 128 random bits in hexadecimal, so that no two cohorts
 *               have the same. A ledger names the cohort by them. A digest of the clients'
 *               names would let anyone test guesses of who was drawn.
 * The seed itself is never written.
 *
 * A number of 64 bits is drawn for each client: from the stream of (seed, round, hash of the
 * client's name) or, for a secret cohort, from the system's generator. Fixed takes the clients
 * with the smallest numbers, and Poisson those with a number below rate * 2^64. So the order in
 * which clients are given does not matter, and whether Poisson takes a client does not depend
 * on the others. */
#ifndef FLP_RULE_COHORT_H
#define FLP_RULE_COHORT_H

#include "format/record.h"
#include "text/texts.h"

#include <stddef.h>
#include <stdint.h>

struct flp_cohort {
	uint64_t size;  /* of a fixed cohort; 0: Poisson sampling at `rate` */
	double rate;    /* above 0, at most 1; not used for a fixed cohort */
	uint64_t round; /* below 2^32 */
	int secret;     /* 1: draw from the system's generator */
	uint64_t seed;  /* not used for a secret cohort */
};

/* Draws from the clients and makes the record, which the caller frees. FLP_ERROR_USAGE if there
 * are fewer clients than `size`, or if the round is out of its range. */
int flp_cohort_draw(struct flp_record *to, const struct flp_cohort *cohort,
    const struct flp_texts *clients, struct flp_error *e) FLP_CHECKED;

/* Reads the names in a cohort; flp_texts_free frees them. FLP_ERROR_BAD if the record is of another
 * kind or has no good tensor :clients. */
int flp_cohort_names(const struct flp_record *record, struct flp_texts *names,
    struct flp_error *e) FLP_CHECKED;

#endif
