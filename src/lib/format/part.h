/* The parts of a record as bytes of an input: whole, or an error that names the
 * part: "tail: cut off at byte 192, 64 bytes are missing". */
#ifndef FLP_FORMAT_PART_H
#define FLP_FORMAT_PART_H

#include "base/in.h"
#include "format/bytes.h"

/* The next n bytes, to be kept or passed over. */
int flp_part_read(struct flp_in *in, void *to, size_t n, const char *part,
    struct flp_error *e) FLP_CHECKED;
int flp_part_skip(struct flp_in *in, uint64_t n, const char *part,
    struct flp_error *e) FLP_CHECKED;

/* A part of n bytes whose first FLP_ALIGNMENT are read already; *whole is for the
 * caller to free. */
int flp_part_rest(struct flp_in *in, const unsigned char first[FLP_ALIGNMENT], size_t n,
    unsigned char **whole, const char *part, struct flp_error *e) FLP_CHECKED;

#endif
