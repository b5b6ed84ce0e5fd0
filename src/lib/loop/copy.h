/* Records from here to there, checked on the way. */
#ifndef FLP_LOOP_COPY_H
#define FLP_LOOP_COPY_H

#include "base/out.h"
#include "format/header.h"

/* Copies every record of the files, one at least, each tensor encoded as
 * `encoding` says or, where that is 0, as it was. *n is their number. Their ids
 * stay the same. */
int flp_copy_records(char **paths, struct flp_out *out, enum flp_encoding encoding,
    uint64_t *n, struct flp_error *e) FLP_CHECKED;

#endif
