/* Text that is written in many parts. After the first failure nothing more is written, so a caller
 * asks once, at the end, whether all went well. */
#ifndef FLP_BASE_SAY_H
#define FLP_BASE_SAY_H

#include "base/out.h"

struct flp_say {
	struct flp_out *out; /* the caller's, like e */
	struct flp_error *e; /* says what failed */
	int status;          /* 0, or -1 after a failure */
};

/* Writes as printf does. */
void flp_say(struct flp_say *s, const char *fmt, ...) FLP_PRINTF(2, 3);

/* Writes n bytes as they are. */
void flp_say_bytes(struct flp_say *s, const char *bytes, size_t n);

#endif
