/* A record's id: XXH3-128 over what the record means, whatever its encoding.
 *
 * Hashed are, in this order: kind and privacy (one byte each); the tensor
 * table as in the header but with every encoding byte 0, preceded by its
 * count (u32); the values of all tensors, little-endian, without padding;
 * the metadata of header and footer merged and sorted, preceded by its length
 * (u32). The id finds damage, duplicates and parents; it is no cryptography:
 * anyone can make a record for an id. */
#ifndef FLP_FORMAT_ID_H
#define FLP_FORMAT_ID_H

#include "format/header.h"

#include <stddef.h>

#define FLP_ID_TEXT 33 /* 32 hexadecimal digits and a NUL */

/* The hash in its canonical, big-endian form. */
struct flp_id {
	unsigned char byte[16];
};

/* A running hash: for each record flp_hash_begin, then all bytes of its values
 * in the table's order, cut anywhere, then flp_hash_end. It hashes what it is
 * given: that these are as many bytes as the header says is for the caller to
 * check. flp_hash_begin also starts anew after a record that was not ended. */
struct flp_hash;

struct flp_hash *flp_hash_new(struct flp_error *e) FLP_CHECKED;
void flp_hash_free(struct flp_hash *s); /* NULL does nothing */
int flp_hash_begin(struct flp_hash *s, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;
void flp_hash_values(struct flp_hash *s, const void *values, size_t bytes);

/* `merged` is the metadata of header and footer as one (flp_meta_join). */
void flp_hash_end(struct flp_hash *s, const struct flp_meta *merged, struct flp_id *id);

/* The same, and an error where the id is not `expected`. */
int flp_hash_check(struct flp_hash *s, const struct flp_meta *merged,
    const struct flp_id *expected, struct flp_id *id, struct flp_error *e) FLP_CHECKED;

void flp_id_text(const struct flp_id *id, char text[FLP_ID_TEXT]);

#endif
