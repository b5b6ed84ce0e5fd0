#include "base/memory.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT 64

static void *
aligned(size_t n, size_t size, struct flp_error *e)
{
	size_t bytes;
	void *p;

	if (__builtin_mul_overflow(n, size, &bytes) || bytes > PTRDIFF_MAX - ALIGNMENT) {
		flp_error_system(e, ENOMEM, "%zu elements of %zu bytes", n, size);
		return NULL;
	}
	bytes = (bytes + ALIGNMENT) / ALIGNMENT * ALIGNMENT;
	if ((p = aligned_alloc(ALIGNMENT, bytes)) == NULL)
		flp_error_system(e, errno, "%zu bytes of memory", bytes);
	return p;
}

void *
flp_memory_new(size_t n, size_t size, struct flp_error *e)
{
	void *p = aligned(n, size, e);

	return p == NULL ? NULL : memset(p, 0, n * size);
}

int
flp_memory_resize(void **p, size_t old, size_t new, struct flp_error *e)
{
	void *q = aligned(new, 1, e);

	if (q == NULL)
		return -1;
	memcpy(q, *p, old < new ? old : new);
	free(*p);
	*p = q;
	return 0;
}

int
flp_memory_grow(void *array, size_t *cap, size_t need, size_t size, struct flp_error *e)
{
	size_t want = *cap ? *cap : 16, bytes;
	void **p = array, *q;

	if (need <= *cap)
		return 0;
	while (want < need)
		if (__builtin_mul_overflow(want, (size_t)2, &want))
			want = need;
	if (__builtin_mul_overflow(want, size, &bytes) || bytes > PTRDIFF_MAX)
		return flp_error_system(e, ENOMEM, "%zu elements of %zu bytes", need, size);
	if ((q = realloc(*p, bytes)) == NULL)
		return flp_error_system(e, errno, "%zu bytes of memory", bytes);
	*p = q;
	*cap = want;
	return 0;
}

char *
flp_memory_text(const char *s, size_t n, struct flp_error *e)
{
	char *p = flp_memory_new(n + 1, 1, e);

	if (p != NULL)
		memcpy(p, s, n);
	return p;
}
