/* Public keys that more than one client claims. A client that has copied another's key can't use
 * it, but masks that are made with it cancel where they should not. */
#ifndef FLP_MASK_TWICE_H
#define FLP_MASK_TWICE_H

#include <stddef.h>
#include <stdint.h>

struct flp_twice {
	const unsigned char *key; /* 32 bytes */
	uint32_t client;
};

/* Sorts n keys. Equal ones are then side by side. */
void flp_twice_sort(struct flp_twice *key, size_t n);

/* Finds the next index, from *at on, of a key that is equal to the one before it. Returns 1 and
 * sets *at to that index, or returns 0 if there is none. Begin with *at = 1, and go on with
 * *at + 1. */
int flp_twice_next(const struct flp_twice *key, size_t n, size_t *at);

#endif
