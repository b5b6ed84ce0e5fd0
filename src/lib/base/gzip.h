/* An input that may be gzipped (RFC 1952), or not: the first bytes tell. Much
 * as zlib's gzread would do it, but that gives what it has of a stream with
 * something else behind it and says nothing. */
#ifndef FLP_BASE_GZIP_H
#define FLP_BASE_GZIP_H

#include "base/in.h"

struct flp_gzip;

/* What is in `in`, which stays the caller's and must outlive it. */
struct flp_gzip *flp_gzip_open(struct flp_in *in, struct flp_error *e);
void flp_gzip_close(struct flp_gzip *z);

/* The next n bytes, fewer only at the end: *got says how many. A stream that
 * is cut or damaged, or followed by what is no gzip, is an error: so the end
 * is only seen by a read that gives fewer. */
int flp_gzip_read(struct flp_gzip *z, void *to, size_t n, size_t *got,
    struct flp_error *e) FLP_CHECKED;

#endif
