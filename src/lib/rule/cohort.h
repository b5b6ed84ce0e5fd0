/* Cohorts: which of the clients take part in a round.
 *
 * A record of kind cohort with one tensor,
 *   :clients  u8   names of the clients drawn, sorted as bytes, one a line
 * and the metadata
 *   scheme      fixed: `size` of them, each set of that size equally likely;
 *               poisson: each with probability `rate`, independently
 *   size, rate  the one that the scheme takes
 *   population  how many clients it was drawn from
 *   round       of the draw
 *   draw        of a secret cohort: 32 hexadecimal digits, drawn with it, so that no
 *               two cohorts have the same. A ledger names the cohort by it: a digest
 *               of the names would let anyone test guesses at who was drawn.
 *   seed        public: whoever knows the seed can draw it again, and no
 *               privacy may be claimed for it; secret: drawn from the
 *               system's generator. Never the seed itself.
 *
 * Each client draws a random number of 64 bits, in experiments from the stream of
 * (seed, round, hash of its name). Fixed takes the clients with the smallest numbers,
 * Poisson those below rate * 2^64. So the order in which clients are given does not
 * matter, and whether Poisson takes a client does not depend on the others. */
#ifndef FLP_RULE_COHORT_H
#define FLP_RULE_COHORT_H

#include "format/record.h"
#include "text/texts.h"

#include <stddef.h>
#include <stdint.h>

struct flp_cohort {
	uint64_t size; /* of a fixed cohort, or 0 and */
	double rate;   /* of Poisson sampling, above 0, at most 1 */
	uint64_t round; /* below 2^32 */
	int secret;    /* draw from the system's generator; seed is not used */
	uint64_t seed;
};

/* Draws from the clients and makes the record. A fixed size greater than their
 * number, or a round beyond its range, is an error. */
int flp_cohort_draw(struct flp_record *to, const struct flp_cohort *cohort,
    const struct flp_texts *clients, struct flp_error *e) FLP_CHECKED;

/* The names in a record of kind cohort; flp_texts_free frees them. */
int flp_cohort_names(const struct flp_record *record, struct flp_texts *names,
    struct flp_error *e) FLP_CHECKED;

#endif
