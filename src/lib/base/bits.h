/* Converts floats to the integers that have the same bits, and back. */
#ifndef FLP_BASE_BITS_H
#define FLP_BASE_BITS_H

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the values of records are used as they stand in a file, which is little-endian: \
this machine is not"
#endif

#include <stdint.h>
#include <string.h>

static inline uint32_t
flp_bits_f32(float x)
{
	uint32_t u;

	memcpy(&u, &x, sizeof u);
	return u;
}

static inline float
flp_bits_to_f32(uint32_t u)
{
	float x;

	memcpy(&x, &u, sizeof x);
	return x;
}

static inline int64_t
flp_bits_f64(double x)
{
	int64_t u;

	memcpy(&u, &x, sizeof u);
	return u;
}

static inline double
flp_bits_to_f64(int64_t u)
{
	double x;

	memcpy(&x, &u, sizeof x);
	return x;
}

#endif
