/* Numbers as text. They are read strictly and printed as short as possible, in the same way in
 * every locale. */
#ifndef FLP_BASE_NUMBER_H
#define FLP_BASE_NUMBER_H

#include <stddef.h>
#include <stdint.h>

#define FLP_NUMBER_TEXT 32 /* room for any number printed here, with its NUL */

/* Each reads a number, which must be all n bytes of s. Returns 0 and sets *out; -1 if the bytes are
 * not such a number. White space, a plus sign and hexadecimal are not allowed. flp_number_f64
 * takes decimal notation with an optional exponent, rounds correctly, and returns -2 if the
 * number is too large to be finite. */
int flp_number_u64(const char *s, size_t n, uint64_t *out);
int flp_number_f64(const char *s, size_t n, double *out);

/* Writes a number of any size exactly, in a spelling that all equal numbers share. The text s
 * is in the form that flp_number_f64 takes, and may begin with a plus sign. The spelling is a
 * plain decimal without a plus sign and without needless zeros: 0.5, 10, 0 for -0. If that
 * would be longer than FLP_NUMBER_PLAIN bytes, it is DeN with whole numbers D, which does not
 * end in 0, and N: 1e400, -15e-42. out is not ended by NUL. Returns the length; 0 if s is not a
 * number; -1 if N would have more than 18 digits or the text more than `room` bytes. */
#define FLP_NUMBER_PLAIN 40
long flp_number_plain(char *out, size_t room, const char *s, size_t n);

/* Writes the shortest decimal text that reads back as v (to f64, or to f32
 * for v that is one) and returns its length. */
size_t flp_number_print(char out[FLP_NUMBER_TEXT], double v);
size_t flp_number_print_f32(char out[FLP_NUMBER_TEXT], float v);

/* The least number with at most `digits` significant decimal digits, 1 to 15, that is not below v;
 * v itself if v is 0 or not finite. */
double flp_number_above(double v, int digits);

#endif
