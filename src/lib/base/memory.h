/* Memory whose size is checked before it is asked for. */
#ifndef FLP_BASE_MEMORY_H
#define FLP_BASE_MEMORY_H

#include "base/error.h"

#include <stddef.h>

/* n elements of `size` bytes, all zero, aligned to 64 bytes. The caller frees them with free().
 * NULL with FLP_ERROR_SYSTEM if the product overflows or memory runs out; n = 0 does not
 * give NULL. */
void *flp_memory_new(size_t n, size_t size, struct flp_error *e) FLP_CHECKED;

/* Makes room for at least `need` elements of `size` bytes in the array to which `array` points,
 * which has room for *cap, by doubling it. Its elements are kept; new ones are not set to zero.
 * At first the array is NULL and *cap is 0. */
int flp_memory_grow(void *array, size_t *cap, size_t need, size_t size,
    struct flp_error *e) FLP_CHECKED;

/* Resizes the block *p, which flp_memory_new made, from `old` to `new` bytes. It is aligned as
 * before; bytes beyond the old size are not set to zero. */
int flp_memory_resize(void **p, size_t old, size_t new, struct flp_error *e) FLP_CHECKED;

/* A copy of n bytes with a NUL after them. The caller frees it. */
char *flp_memory_text(const char *s, size_t n, struct flp_error *e) FLP_CHECKED;

#endif
