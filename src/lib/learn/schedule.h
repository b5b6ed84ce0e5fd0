/* Schedules of the learning rate. A schedule gives a factor that depends only on the global
 * round, so a client keeps nothing from earlier rounds. */
#ifndef FLP_LEARN_SCHEDULE_H
#define FLP_LEARN_SCHEDULE_H

#include "base/error.h"

#include <stdint.h>

/* In round r = 0, 1, ...:
 *   "constant"           1
 *   "inverse:DECAY"      1 / (1 + DECAY r), DECAY >= 0
 *   "step:ROUNDS:FACTOR" FACTOR^floor(r / ROUNDS), ROUNDS >= 1, 0 < FACTOR <= 1;
 *                        exponential decay is step:1:FACTOR
 *   "cosine:ROUNDS"      (1 + cos(pi r / ROUNDS)) / 2, and 0 from round ROUNDS
 *                        (Loshchilov and Hutter 2017, without restarts) */
enum flp_schedule_kind {
	FLP_SCHEDULE_CONSTANT,
	FLP_SCHEDULE_INVERSE,
	FLP_SCHEDULE_STEP,
	FLP_SCHEDULE_COSINE,
};

struct flp_schedule {
	enum flp_schedule_kind kind;
	uint64_t rounds; /* ROUNDS */
	double factor;   /* FACTOR, or DECAY */
};

/* Reads one of these texts. FLP_ERROR_USAGE if it is anything else. */
int flp_schedule_parse(struct flp_schedule *s, const char *text,
    struct flp_error *e) FLP_CHECKED;

/* The factor of a round, which multiplies the learning rate. */
double flp_schedule_factor(const struct flp_schedule *s, uint32_t round);

#endif
