/* What comes after the values of a record: footer, length, id, checksum. */
#ifndef FLP_FORMAT_TAIL_H
#define FLP_FORMAT_TAIL_H

#include "format/id.h"

struct flp_tail {
	struct flp_meta footer;
	uint64_t length; /* of the whole record, this tail included */
	struct flp_id id;
};

/* The size of a tail with n bytes of footer. */
size_t flp_tail_size(size_t footer);

/* The tail as bytes; *bytes is for the caller to free. */
int flp_tail_encode(const struct flp_tail *tail, unsigned char **bytes, size_t *n,
    struct flp_error *e) FLP_CHECKED;

/* The first FLP_ALIGNMENT bytes say how long the tail is, or are an error; then
 * all n bytes are decoded into an empty *tail. */
int flp_tail_length(const unsigned char first[FLP_ALIGNMENT], size_t *n,
    struct flp_error *e) FLP_CHECKED;
int flp_tail_decode(struct flp_tail *tail, const unsigned char *bytes, size_t n,
    struct flp_error *e) FLP_CHECKED;

#endif
