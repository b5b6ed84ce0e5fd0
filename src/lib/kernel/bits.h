/* The bits of a double, and back. */
#ifndef FLP_KERNEL_BITS_H
#define FLP_KERNEL_BITS_H

#include <stdint.h>
#include <string.h>

static inline int64_t
flp_bits(double x)
{
	int64_t u;

	memcpy(&u, &x, sizeof u);
	return u;
}

static inline double
flp_bits_f64(int64_t u)
{
	double x;

	memcpy(&x, &u, sizeof x);
	return x;
}

#endif
