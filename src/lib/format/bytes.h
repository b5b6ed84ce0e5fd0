/* Little-endian numbers in byte strings, and the padding of the parts of a
 * record. */
#ifndef FLP_FORMAT_BYTES_H
#define FLP_FORMAT_BYTES_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define FLP_ALIGNMENT 64 /* header, tail and each tensor's values are padded to a multiple of it */

/* n rounded up to FLP_ALIGNMENT. */
static inline uint64_t
flp_bytes_padded(uint64_t n)
{
	return (n + FLP_ALIGNMENT - 1) / FLP_ALIGNMENT * FLP_ALIGNMENT;
}

static inline uint32_t
flp_bytes_u32(const unsigned char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof v);
	return le32toh(v);
}

static inline uint64_t
flp_bytes_u64(const unsigned char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof v);
	return le64toh(v);
}

static inline void
flp_bytes_put_u32(unsigned char *p, uint32_t v)
{
	v = htole32(v);
	memcpy(p, &v, sizeof v);
}

static inline void
flp_bytes_put_u64(unsigned char *p, uint64_t v)
{
	v = htole64(v);
	memcpy(p, &v, sizeof v);
}

/* Returns 1 if all n bytes are 0. */
static inline int
flp_bytes_zero(const unsigned char *p, size_t n)
{
	return n == 0 || (p[0] == 0 && memcmp(p, p + 1, n - 1) == 0);
}

#endif
