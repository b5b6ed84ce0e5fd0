/* Reads the parts of a record as bytes. If the input ends within a part, the error is FLP_ERROR_BAD
 * and names the part: "tail: cut off at byte 192, 64 bytes are missing". */
#ifndef FLP_FORMAT_PART_H
#define FLP_FORMAT_PART_H

#include "base/in.h"
#include "format/bytes.h"

/* Read or skip the next n bytes. `part` is what the error calls them. */
int flp_part_read(struct flp_in *in, void *to, size_t n, const char *part,
    struct flp_error *e) FLP_CHECKED;
int flp_part_skip(struct flp_in *in, uint64_t n, const char *part,
    struct flp_error *e) FLP_CHECKED;

/* Reads the rest of a part of n bytes, of which the first FLP_ALIGNMENT have been
 * read. The caller frees *whole. */
int flp_part_rest(struct flp_in *in, const unsigned char first[FLP_ALIGNMENT], size_t n,
    unsigned char **whole, const char *part, struct flp_error *e) FLP_CHECKED;

#endif
