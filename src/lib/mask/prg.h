/* Masks: the stream of AES-256 in counter mode under a key, as values modulo 2^bits.
 *
 * The counter block begins at zero and counts as one big-endian number of 128 bits. Value i of
 * a mask is the bits / 8 bytes of the stream from byte i * bits / 8 on, little-endian. A key must
 * be used for one vector only: the difference of two vectors under the same mask is the difference
 * of the vectors. */
#ifndef FLP_MASK_PRG_H
#define FLP_MASK_PRG_H

#include "format/record.h"

#include <stddef.h>
#include <stdint.h>

struct flp_prg_key {
	unsigned char key[32];
	int subtract; /* 1: the mask is subtracted; 0: it is added */
};

/* Adds to values[n] the values first to first + n - 1 of the masks of all `count` keys, and
 * reduces the sums modulo 2^bits; bits is 16, 24, 32, 48 or 64. A vector may be masked in pieces
 * of any size. The working memory has a fixed size, and is wiped. It is fastest to give all keys in
 * one call: with a dozen or more it reaches most of the processor's AES speed. */
int flp_prg_add(uint64_t *values, uint64_t first, size_t n, unsigned bits,
    const struct flp_prg_key *keys, size_t count, struct flp_error *e) FLP_CHECKED;

/* The same for a record. Its tensors, all u64, are one vector, in their order. */
int flp_prg_add_record(struct flp_record *vector, unsigned bits, const struct flp_prg_key *keys,
    size_t count, struct flp_error *e) FLP_CHECKED;

/* flp_prg_add value by value, slowly. */
int flp_prg_add_ref(uint64_t *values, uint64_t first, size_t n, unsigned bits,
    const struct flp_prg_key *keys, size_t count, struct flp_error *e) FLP_CHECKED;

#endif
