/* Records whose noise was drawn from a test seed, as the key `insecure` says: whoever knows
 * the seed can subtract the noise. They are for tests, so a tool takes them only if its user
 * asks for it. */
#ifndef FLP_FORMAT_INSECURE_H
#define FLP_FORMAT_INSECURE_H

#include "format/meta.h"

/* FLP_ERROR_BAD if the metadata have the key, unless allowed = 1. Call it once the footer's keys
 * are among the metadata. */
int flp_insecure_check(const struct flp_meta *meta, int allowed,
    struct flp_error *e) FLP_CHECKED;

#endif
