/* Sorting of many short columns at once. */
#ifndef FLP_KERNEL_SORT_H
#define FLP_KERNEL_SORT_H

#include "base/error.h"

#include <stddef.h>

/* Sorts each of the n columns of x[rows, n], finite numbers, in ascending order,
 * -0 before +0, so that the result does not depend on the order of the rows. The
 * algorithm is Batcher's merge exchange (Knuth, The Art of Computer Programming,
 * volume 3, algorithm 5.2.2M). Its comparisons do not depend on the values, so several
 * columns go through them together. _ref sorts column by column with qsort. */
int flp_sort_columns(double *x, size_t rows, size_t n, struct flp_error *e) FLP_CHECKED;
int flp_sort_columns_ref(double *x, size_t rows, size_t n, struct flp_error *e) FLP_CHECKED;

#endif
