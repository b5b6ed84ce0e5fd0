#include "kernel/sort.h"
#include "base/bits.h"
#include "base/memory.h"
#include "base/simd.h"

#include <stdlib.h>

#define TILE 8 /* columns sorted together: a row of them is a cache line */

/* A double as an integer of the same order, and back: its own inverse. Negative
 * numbers have their bits turned, since they grow the other way. */
static int64_t
key(int64_t bits)
{
	return bits < 0 ? bits ^ INT64_MAX : bits;
}

FLP_SIMD static void
merge_exchange(int64_t (*row)[TILE], size_t rows)
{
	size_t top = 1;

	while (2 * top < rows)
		top *= 2;
	for (size_t p = top; p > 0 && rows > 1; p /= 2)
		for (size_t q = top, r = 0, d = p;; d = q - p, q /= 2, r = p) {
			for (size_t i = 0; i + d < rows; i++) {
				if ((i & p) != r)
					continue;
				for (size_t j = 0; j < TILE; j++) {
					int64_t a = row[i][j], b = row[i + d][j];

					row[i][j] = a < b ? a : b;
					row[i + d][j] = a < b ? b : a;
				}
			}
			if (q == p)
				break;
		}
}

int
flp_sort_columns(double *x, size_t rows, size_t n, struct flp_error *e)
{
	int64_t (*tile)[TILE] = flp_memory_new(rows, sizeof *tile, e);

	if (tile == NULL)
		return -1;
	for (size_t at = 0; at < n; at += TILE) {
		size_t columns = n - at < TILE ? n - at : TILE;

		for (size_t i = 0; i < rows; i++)
			for (size_t j = 0; j < columns; j++)
				tile[i][j] = key(flp_bits_f64(x[i * n + at + j]));
		merge_exchange(tile, rows);
		for (size_t i = 0; i < rows; i++)
			for (size_t j = 0; j < columns; j++)
				x[i * n + at + j] = flp_bits_to_f64(key(tile[i][j]));
	}
	free(tile);
	return 0;
}

static int
by_key(const void *a, const void *b)
{
	int64_t x = key(flp_bits_f64(*(const double *)a)), y = key(flp_bits_f64(*(const double *)b));

	return (x > y) - (x < y);
}

int
flp_sort_columns_ref(double *x, size_t rows, size_t n, struct flp_error *e)
{
	double *column = flp_memory_new(rows, sizeof *column, e);

	if (column == NULL)
		return -1;
	for (size_t j = 0; j < n; j++) {
		for (size_t i = 0; i < rows; i++)
			column[i] = x[i * n + j];
		qsort(column, rows, sizeof *column, by_key);
		for (size_t i = 0; i < rows; i++)
			x[i * n + j] = column[i];
	}
	free(column);
	return 0;
}
