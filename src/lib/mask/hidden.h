/* Memory for secrets: it is locked, lies between pages that can't be accessed, and is wiped when
 * it is freed. The process leaves no core dump. */
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

/* Allocates n zeroed elements of `size` bytes. The caller frees them with flp_hidden_free, which
 * wipes them. The end of the memory is aligned, but its beginning need not be: do not put arrays of
 * SIMD vectors there, and make the size of a structure a multiple of its alignment. An allocation
 * takes three pages more than its size, so allocate many secrets in one call. */
void *flp_hidden_new(size_t n, size_t size, struct flp_error *e) FLP_CHECKED;
void flp_hidden_free(void *secret); /* NULL does nothing */

/* Makes a record as flp_record_new does, but with its values in hidden memory, one allocation for
 * each tensor. Free it with flp_hidden_record_free, not flp_record_free; freeing one that is all
 * zero does nothing. */
int flp_hidden_record(struct flp_record *to, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;
void flp_hidden_record_free(struct flp_record *record);

#endif
