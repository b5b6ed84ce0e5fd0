/* Records noised from a test seed, which the key `insecure` says: whoever knows the seed
 * can subtract the noise. They are for tests, so a tool takes them only if its user says
 * so. */
#ifndef FLP_FORMAT_INSECURE_H
#define FLP_FORMAT_INSECURE_H

#include "format/meta.h"

/* 0 where the metadata do not have the key, or if it is `allowed`; else -1. Call it when the
 * footer's keys are among the metadata. */
int flp_insecure_check(const struct flp_meta *meta, int allowed,
    struct flp_error *e) FLP_CHECKED;

#endif
