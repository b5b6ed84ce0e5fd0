/* The canonical form of a record: the bytes that its id is the hash of. Equal
 * content has the same bytes, whatever its encoding.
 *
 * They are, in this order: kind and privacy state (one byte each); the number of
 * tensors (u32), and the table as in the header but with every encoding byte 0;
 * the values of all tensors, little-endian, without padding; the length (u32)
 * and the text of the metadata of header and footer, merged and sorted. */
#ifndef FLP_FORMAT_CANONICAL_H
#define FLP_FORMAT_CANONICAL_H

#include "format/header.h"

#include <stddef.h>

/* Something that takes these bytes, such as a hash. Sinks form a list, and each takes all bytes. */
struct flp_sink {
	void (*begin)(struct flp_sink *s); /* starts again, without what was taken before */
	void (*take)(struct flp_sink *s, const void *bytes, size_t n);
	struct flp_sink *next; /* or NULL */
};

/* For each record call flp_canonical_begin, then flp_canonical_values with all bytes
 * of its values in the table's order, cut anywhere, then flp_canonical_end. `merged` is
 * the metadata of header and footer as one (flp_meta_join). The header must be one that
 * was decoded or copied. Values are handed on without copying; the caller checks that
 * there are as many as the header says. flp_canonical_begin may also follow a record that
 * was not ended. */
void flp_canonical_begin(struct flp_sink *first, const struct flp_header *h);
void flp_canonical_values(struct flp_sink *first, const void *values, size_t bytes);
void flp_canonical_end(struct flp_sink *first, const struct flp_meta *merged);

#endif
