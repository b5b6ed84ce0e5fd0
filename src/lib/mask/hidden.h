/* Secrets are kept in memory that is locked, fenced by pages that nothing may touch, and wiped
 * when it is freed, in a process that leaves no core dump. */
#ifndef FLP_MASK_HIDDEN_H
#define FLP_MASK_HIDDEN_H

#include "base/error.h"
#include "format/record.h"

#include <stddef.h>

/* Starts libsodium, and forbids core dumps (RLIMIT_CORE) and debuggers that other processes of
 * this user attach (PR_SET_DUMPABLE). A tool calls it first, before it reads a key. */
int flp_hidden_begin(struct flp_error *e) FLP_CHECKED;

/* Wipes the stack below the caller, where functions that have returned may have left copies of
 * secrets. Call it after a secret has been used, and as the last step of a tool. */
void flp_hidden_tidy(void);

/* n zeroed elements of `size` bytes. The caller frees them with flp_hidden_free, which wipes
 * them. The end is aligned, but the beginning is not: do not put arrays of SIMD vectors there, and
 * make the size of a structure a multiple of its alignment. An allocation takes three pages more
 * than its size, so allocate a thousand secrets in one call and not in a thousand. */
void *flp_hidden_new(size_t n, size_t size, struct flp_error *e) FLP_CHECKED;
void flp_hidden_free(void *secret); /* NULL does nothing */

/* A record as flp_record_new makes it, but with hidden values, each tensor an allocation of its
 * own. Free it with flp_hidden_record_free, not flp_record_free; all zero does nothing. */
int flp_hidden_record(struct flp_record *to, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;
void flp_hidden_record_free(struct flp_record *record);

#endif
