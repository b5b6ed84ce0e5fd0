/* Rows in the order of a label. */
#ifndef FLP_DATA_ORDER_H
#define FLP_DATA_ORDER_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* Sorts the n row numbers in `row` by key[row[i]], each below `keys`; rows with
 * the same key keep their order. If start is not NULL, it gets keys + 1 indices:
 * the rows of key k are row[start[k]] up to, but not including, row[start[k + 1]].
 * This is a counting sort; its time and memory grow with n + keys. */
int flp_order_stable(uint32_t *row, size_t n, const uint32_t *key, size_t keys,
    size_t *start, struct flp_error *e) FLP_CHECKED;

/* row[i] = i. */
void flp_order_natural(uint32_t *row, size_t n);

#endif
