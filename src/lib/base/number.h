/* Numbers as text: strict in, shortest out, the same in every locale. */
#ifndef FLP_BASE_NUMBER_H
#define FLP_BASE_NUMBER_H

#include <stddef.h>
#include <stdint.h>

#define FLP_NUMBER_TEXT 32 /* room for any number printed here, with its NUL */

/* Each reads all n bytes of s or fails: 0 and *out, or -1. No white space, no
 * plus sign, no hexadecimal; f64 takes decimal notation with an optional
 * exponent, rounds correctly, and fails with -2 where the number is too large
 * to be finite. */
int flp_number_u64(const char *s, size_t n, uint64_t *out);
int flp_number_f64(const char *s, size_t n, double *out);

/* Writes the shortest decimal text that reads back as v (to f64, or to f32
 * for v that is one) and returns its length. */
size_t flp_number_print(char out[FLP_NUMBER_TEXT], double v);
size_t flp_number_print_f32(char out[FLP_NUMBER_TEXT], float v);

#endif
