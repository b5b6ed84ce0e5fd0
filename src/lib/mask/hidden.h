/* Where secrets are kept: in memory that is locked, fenced by pages that nothing may touch,
 * and wiped when it is freed, in a process that leaves no core. */
#ifndef FLP_MASK_HIDDEN_H
#define FLP_MASK_HIDDEN_H

#include "base/error.h"

#include <stddef.h>

/* Starts libsodium, and forbids core dumps (RLIMIT_CORE) and debuggers of other processes of
 * this user (PR_SET_DUMPABLE). A tool calls it first, before it reads a key. */
int flp_hidden_begin(struct flp_error *e) FLP_CHECKED;

/* Wipes what functions that have returned left on the stack, below the caller: the library's
 * scalars leave copies there. Call it when a secret has been used, and last in a tool. */
void flp_hidden_tidy(void);

/* n zeroed elements of `size` bytes. The caller frees them with flp_hidden_free, which wipes
 * them. The end is aligned, the beginning is not: such an element is no array of vectors, and
 * a structure in it needs a size that is a multiple of its alignment. An allocation takes
 * three pages more than its size, so a thousand secrets are one allocation and not a
 * thousand. */
void *flp_hidden_new(size_t n, size_t size, struct flp_error *e) FLP_CHECKED;
void flp_hidden_free(void *secret); /* NULL does nothing */

#endif
