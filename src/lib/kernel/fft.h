/* The discrete Fourier transform of complex numbers in double precision. The length is a
 * power of two.
 *
 *     y[k] = sum of x[j] exp(-2 pi i j k / n) over j
 *
 * The error of each number is at most 2e-16 (log2(n) + 4) times the root of the sum of |x|^2. */
#ifndef FLP_KERNEL_FFT_H
#define FLP_KERNEL_FFT_H

#include "base/error.h"

#include <stddef.h>

struct flp_fft {
	size_t n;
	double *cosine, *sine; /* of 2 pi k / n, for k below n / 2 */
	double *re, *im;       /* room for what is being transformed */
};

/* n is a power of two, at most 2^31; anything else is misuse. flp_fft_free frees what *fft
 * holds. */
int flp_fft_init(struct flp_fft *fft, size_t n, struct flp_error *e) FLP_CHECKED;
void flp_fft_free(struct flp_fft *fft);

/* Each transforms re[n] + i im[n] in place. The inverse undoes the transform. */
void flp_fft_forward(struct flp_fft *fft, double *re, double *im);
void flp_fft_inverse(struct flp_fft *fft, double *re, double *im);

/* The forward transform, by its definition, into to_re[n] and to_im[n]. */
void flp_fft_ref(const double *re, const double *im, size_t n, double *to_re, double *to_im);

#endif
