/* Writes a stream of records, forward only, in blocks. A call out of turn, outside a record
 * or beyond a tensor, is misuse (flp_error_misuse). So is a header with an unknown kind,
 * privacy state, dtype or encoding, or with a state that its kind may not have. */
#ifndef FLP_FORMAT_WRITER_H
#define FLP_FORMAT_WRITER_H

#include "base/out.h"
#include "format/digest.h"
#include "format/header.h"
#include "format/id.h"

struct flp_writer;

/* A writer to `out`, which stays the caller's and must outlive it. */
struct flp_writer *flp_writer_new(struct flp_out *out, struct flp_error *e) FLP_CHECKED;
void flp_writer_free(struct flp_writer *w);

/* Lets the writer also compute the digest of each record, of any kind, from the next record
 * on. flp_writer_digest gives that of the record last ended; without this it is all zero. */
int flp_writer_compute_digest(struct flp_writer *w, struct flp_error *e) FLP_CHECKED;
void flp_writer_digest(const struct flp_writer *w, struct flp_digest *digest);

/* Begins a record. The header is copied. Tensors are written as their
 * encoding says. */
int flp_writer_begin(struct flp_writer *w, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;

/* Values, `bytes` bytes of them, that follow those written last, tensor after
 * tensor in the table's order; a call stays within one tensor and gives whole
 * values. */
int flp_writer_values(struct flp_writer *w, const void *from, uint64_t bytes,
    struct flp_error *e) FLP_CHECKED;

/* Ends the record with a footer (NULL for none) and the tail. Where values are
 * missing it is an error, and the record has no tail. *id (where not NULL) is the record's. */
int flp_writer_end(struct flp_writer *w, const struct flp_meta *footer,
    struct flp_id *id, struct flp_error *e) FLP_CHECKED;

#endif
