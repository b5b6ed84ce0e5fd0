/* The zlib encoding of a tensor's values: independent chunks.
 *
 * Each chunk is the length of its values (u32, 1 to FLP_CHUNK), the length of
 * its zlib stream (u32, at most twice FLP_CHUNK) and the stream, with nothing
 * behind it; two zero lengths end the chunks, then comes the XXH3-64 of all
 * these bytes (u64), then zero padding to FLP_ALIGNMENT. The checksum catches what
 * the id can't: a flipped bit that inflates to the same values. */
#ifndef FLP_FORMAT_ZLIB_H
#define FLP_FORMAT_ZLIB_H

#include "base/in.h"
#include "base/out.h"

#define FLP_CHUNK ((size_t)1 << 20)

struct flp_inflater;
struct flp_deflater;

/* One tensor's reader, used again after each end. Values that do not come out
 * at exactly the lengths said are an error. */
struct flp_inflater *flp_inflater_new(struct flp_error *e);
void flp_inflater_free(struct flp_inflater *z);
void flp_inflater_begin(struct flp_inflater *z);
int flp_inflater_read(struct flp_inflater *z, struct flp_in *in, void *to, size_t n,
    struct flp_error *e) FLP_CHECKED;
int flp_inflater_end(struct flp_inflater *z, struct flp_in *in, struct flp_error *e) FLP_CHECKED;

/* Passes over what is left of a tensor's chunks, unseen. */
int flp_inflater_skip(struct flp_inflater *z, struct flp_in *in, struct flp_error *e) FLP_CHECKED;

struct flp_deflater *flp_deflater_new(struct flp_error *e);
void flp_deflater_free(struct flp_deflater *z);
void flp_deflater_begin(struct flp_deflater *z);
int flp_deflater_write(struct flp_deflater *z, struct flp_out *out, const void *from,
    size_t n, struct flp_error *e) FLP_CHECKED;
int flp_deflater_end(struct flp_deflater *z, struct flp_out *out, struct flp_error *e) FLP_CHECKED;

#endif
