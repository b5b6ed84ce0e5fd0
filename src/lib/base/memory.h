/* Memory whose size is checked before it is asked for. */
#ifndef FLP_BASE_MEMORY_H
#define FLP_BASE_MEMORY_H

#include "base/error.h"

#include <stddef.h>

/* n zeroed elements of `size` bytes, aligned for vectors (64 bytes). NULL and an
 * error if the product overflows or there is not enough memory; n = 0 is not an
 * error and does not give NULL. The caller frees it with free(). */
void *flp_memory_new(size_t n, size_t size, struct flp_error *e) FLP_CHECKED;

/* Makes room for `need` elements of `size` bytes in *array, which has room for
 * *cap, by doubling it. Its elements are kept; new ones are not zeroed. *array and
 * *cap start as NULL and 0. */
int flp_memory_grow(void *array, size_t *cap, size_t need, size_t size,
    struct flp_error *e) FLP_CHECKED;

/* Resizes the block *p, which flp_memory_new made, from `old` to `new` bytes. It is
 * aligned as before; bytes beyond the old size are not zeroed. */
int flp_memory_resize(void **p, size_t old, size_t new, struct flp_error *e) FLP_CHECKED;

/* A copy of n bytes with a NUL after them. */
char *flp_memory_text(const char *s, size_t n, struct flp_error *e) FLP_CHECKED;

#endif
