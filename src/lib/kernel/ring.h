/* The ring of whole numbers modulo 2^bits, in which masked values are added, and its values
 * as bytes.
 *
 * A value is a uint64_t below 2^bits. It stands for a number of either sign, as flp_ring_signed
 * says. As bytes, values follow each other, little-endian, in bits / 8 bytes each. `bits` is one
 * of the widths of the table below. */
#ifndef FLP_KERNEL_RING_H
#define FLP_KERNEL_RING_H

#include <stddef.h>
#include <stdint.h>

/* The width number i, from 0, of 16, 24, 32, 48 and 64; 0 past the last. */
unsigned flp_ring_width(size_t i);

/* The same as a text, as base/choice.h asks for it: "16", "24", ... */
const char *flp_ring_name(unsigned i);

/* Bytes of a value; 0 if `bits` is not one of the widths. */
size_t flp_ring_bytes(unsigned bits);

/* 2^bits - 1, the greatest value. */
static inline uint64_t
flp_ring_most(unsigned bits)
{
	return UINT64_MAX >> (64 - bits);
}

/* A number, of either sign in two's complement, as a value. */
static inline uint64_t
flp_ring_reduce(uint64_t number, unsigned bits)
{
	return number & flp_ring_most(bits);
}

/* The number that a value stands for: the value itself if it is below 2^(bits - 1), otherwise
 * the value minus 2^bits. */
static inline int64_t
flp_ring_signed(uint64_t value, unsigned bits)
{
	return (int64_t)(value << (64 - bits)) >> (64 - bits);
}

/* The index of the first of n numbers that is 2^bits or more, n if none is. */
size_t flp_ring_beyond(const uint64_t *values, size_t n, unsigned bits);

/* sum[i] = sum[i] + values[i] modulo 2^bits, for n numbers of any size. */
void flp_ring_add(uint64_t *sum, const uint64_t *values, size_t n, unsigned bits);

/* Convert n values to n * bits / 8 bytes, and back. Nothing is written beyond these bytes. If a
 * number is above 2^bits - 1, its higher bits are lost. */
void flp_ring_pack(unsigned char *bytes, const uint64_t *values, size_t n, unsigned bits);
void flp_ring_unpack(uint64_t *values, const unsigned char *bytes, size_t n, unsigned bits);

/* The same, by plain loops. */
void flp_ring_pack_ref(unsigned char *bytes, const uint64_t *values, size_t n, unsigned bits);
void flp_ring_unpack_ref(uint64_t *values, const unsigned char *bytes, size_t n, unsigned bits);

#endif
