/* Chunks: how all encodings but dense frame the values of a tensor.
 *
 * A chunk is the length of its values (u32, 1 to FLP_CHUNK), the length of their
 * encoded form (u32, 1 to twice FLP_CHUNK), and the encoded form. Two lengths of
 * zero end the chunks. Then come the XXH3-64 of all these bytes (u64) and zeros up
 * to a multiple of FLP_ALIGNMENT. The checksum finds what the id can't: a flipped bit that does
 * not change the decoded values.
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

/* Functions for a struct flp_encoding_kind, which then needs only encode and decode of its own.
 * They keep p->chunks from tensor to tensor, until flp_chunks_free. */
int flp_chunks_begin(struct flp_payload *p, struct flp_error *e) FLP_CHECKED;
int flp_chunks_read(struct flp_payload *p, void *to, size_t n, struct flp_error *e) FLP_CHECKED;
int flp_chunks_end_read(struct flp_payload *p, struct flp_error *e) FLP_CHECKED;
int flp_chunks_skip(struct flp_payload *p, struct flp_error *e) FLP_CHECKED;
int flp_chunks_write(struct flp_payload *p, const void *from, size_t n,
    struct flp_error *e) FLP_CHECKED;
int flp_chunks_end_write(struct flp_payload *p, struct flp_error *e) FLP_CHECKED;

/* Read and write n bytes that come before the first chunk. */
int flp_chunks_take(struct flp_payload *p, void *to, size_t n, struct flp_error *e) FLP_CHECKED;
int flp_chunks_give(struct flp_payload *p, const void *from, size_t n,
    struct flp_error *e) FLP_CHECKED;

struct flp_chunks;
void flp_chunks_free(struct flp_chunks *c); /* NULL does nothing */

#endif
