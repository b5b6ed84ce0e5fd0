/* Bytes that nobody can guess. This is the only code that asks the system's
 * random generator; reproducible numbers come from kernel/random.h. */
#ifndef FLP_BASE_SECRET_H
#define FLP_BASE_SECRET_H

#include "base/error.h"

#include <stddef.h>

/* Fills to[n] with bytes from the system's generator. Any number of threads
 * may call it. FLP_ERROR_SYSTEM if the system does not have a generator; `to` is then
 * left as it was. */
int flp_secret_bytes(void *to, size_t n, struct flp_error *e) FLP_CHECKED;

#endif
