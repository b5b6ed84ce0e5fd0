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

/* The tail as bytes. The caller frees *bytes. */
int flp_tail_encode(const struct flp_tail *tail, unsigned char **bytes, size_t *n,
    struct flp_error *e) FLP_CHECKED;

/* flp_tail_length reads the length of a tail from its first FLP_ALIGNMENT bytes.
 * flp_tail_decode decodes all n bytes of it into an empty *tail. */
int flp_tail_length(const unsigned char first[FLP_ALIGNMENT], size_t *n,
    struct flp_error *e) FLP_CHECKED;
int flp_tail_decode(struct flp_tail *tail, const unsigned char *bytes, size_t n,
    struct flp_error *e) FLP_CHECKED;

#endif
