/* Values in chunks: the framing that encodings share.
 *
 * A chunk is the length of its values (u32, 1 to FLP_CHUNK), the length of what
 * they are encoded as (u32, 1 to twice FLP_CHUNK), and that. Two zero lengths end
 * the chunks, then comes the XXH3-64 of all these bytes (u64), then zeros up to
 * FLP_ALIGNMENT. The checksum catches what the id can't: a flipped bit that decodes
 * to the same values.
 *
 * An encoding may store parameters of a whole tensor before the first chunk; the checksum
 * covers them too. Its begin_read calls flp_chunks_begin, then reads them with
 * flp_chunks_take. Its begin_write calls flp_chunks_begin, then writes them with
 * flp_chunks_give. Both keep them in p->params for encode and decode. */
#ifndef FLP_FORMAT_CHUNKS_H
#define FLP_FORMAT_CHUNKS_H

#include "base/error.h"

#include <stddef.h>

#define FLP_CHUNK ((size_t)1 << 20)

struct flp_payload;

/* The functions of a struct flp_encoding_kind, to which its encode and decode
 * are added. They keep p->chunks from tensor to tensor, until flp_chunks_free. */
int flp_chunks_begin(struct flp_payload *p, struct flp_error *e) FLP_CHECKED;
int flp_chunks_read(struct flp_payload *p, void *to, size_t n, struct flp_error *e) FLP_CHECKED;
int flp_chunks_end_read(struct flp_payload *p, struct flp_error *e) FLP_CHECKED;
int flp_chunks_skip(struct flp_payload *p, struct flp_error *e) FLP_CHECKED;
int flp_chunks_write(struct flp_payload *p, const void *from, size_t n,
    struct flp_error *e) FLP_CHECKED;
int flp_chunks_end_write(struct flp_payload *p, struct flp_error *e) FLP_CHECKED;

/* Reads and writes n bytes that stand before the first chunk. */
int flp_chunks_take(struct flp_payload *p, void *to, size_t n, struct flp_error *e) FLP_CHECKED;
int flp_chunks_give(struct flp_payload *p, const void *from, size_t n,
    struct flp_error *e) FLP_CHECKED;

struct flp_chunks;
void flp_chunks_free(struct flp_chunks *c); /* NULL does nothing */

#endif
