/* Memory whose size is checked before it is asked for. */
#ifndef FLP_BASE_MEMORY_H
#define FLP_BASE_MEMORY_H

#include "base/error.h"

#include <stddef.h>

/* n zeroed elements of `size` bytes, aligned for vectors (64 bytes). NULL and
 * an error when the product overflows or memory is out; never NULL for n = 0.
 * The caller frees it with free(). */
void *flp_memory_new(size_t n, size_t size, struct flp_error *e) FLP_CHECKED;

/* Makes room for `need` elements of `size` bytes in *array, which holds room
 * for *cap, by doubling; what is there stays, new elements are not zeroed.
 * *array and *cap start as NULL and 0. */
int flp_memory_grow(void *array, size_t *cap, size_t need, size_t size,
    struct flp_error *e) FLP_CHECKED;

/* Makes the block *p of `old` bytes, from flp_memory_new, one of `new` bytes,
 * aligned as before; what is beyond the old size is not zeroed. */
int flp_memory_resize(void **p, size_t old, size_t new, struct flp_error *e) FLP_CHECKED;

/* A copy of n bytes with a NUL after them. */
char *flp_memory_text(const char *s, size_t n, struct flp_error *e) FLP_CHECKED;

#endif
