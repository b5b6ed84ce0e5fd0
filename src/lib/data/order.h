/* Rows in the order of a label. */
#ifndef FLP_DATA_ORDER_H
#define FLP_DATA_ORDER_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* Sorts the n row numbers in `row` by key[row[i]], each below `keys`; rows of
 * one key stay in the order they had. start, where not NULL, gets keys + 1
 * places: those of key k stand at row[start[k]] up to row[start[k + 1]]. A
 * counting sort: time and memory in n + keys. */
int flp_order_stable(uint32_t *row, size_t n, const uint32_t *key, size_t keys,
    size_t *start, struct flp_error *e) FLP_CHECKED;

/* row[i] = i. */
void flp_order_natural(uint32_t *row, size_t n);

#endif
