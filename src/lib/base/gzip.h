/* An input that may or may not be gzipped (RFC 1952): its first bytes tell. This
 * is like zlib's gzread, except that gzread reports no error if other bytes follow
 * a gzip stream. */
#ifndef FLP_BASE_GZIP_H
#define FLP_BASE_GZIP_H

#include "base/in.h"

struct flp_gzip;

/* Opens what is in `in`, which stays the caller's and must outlive it. */
struct flp_gzip *flp_gzip_open(struct flp_in *in, struct flp_error *e) FLP_CHECKED;
void flp_gzip_close(struct flp_gzip *z);

/* Reads the next n bytes, fewer only at the end: *got says how many. A stream
 * that is cut or damaged, or followed by other bytes, is an error. So the input is
 * known to be whole only once a call has given fewer than n bytes. */
int flp_gzip_read(struct flp_gzip *z, void *to, size_t n, size_t *got,
    struct flp_error *e) FLP_CHECKED;

/* Goes back to the beginning of a regular input. */
int flp_gzip_rewind(struct flp_gzip *z, struct flp_error *e) FLP_CHECKED;

/* Sets *most to the most bytes that can come in all. It follows from the size of the file,
 * once some bytes have been read. Returns 1, or 0 if it is not known. */
int flp_gzip_most(const struct flp_gzip *z, uint64_t *most);

#endif
