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

/* Makes the writer also compute the digest of each record, of any kind, from the next record
 * on. flp_writer_digest gives the digest of the last record that was ended; all zeros if none
 * was computed. */
int flp_writer_compute_digest(struct flp_writer *w, struct flp_error *e) FLP_CHECKED;
void flp_writer_digest(const struct flp_writer *w, struct flp_digest *digest);

/* Begins a record. The header is copied. Tensors are written as their
 * encoding says. */
int flp_writer_begin(struct flp_writer *w, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;

/* Writes the next `bytes` bytes of values, tensor after tensor in the table's
 * order. A call stays within one tensor and writes whole values. */
int flp_writer_values(struct flp_writer *w, const void *from, uint64_t bytes,
    struct flp_error *e) FLP_CHECKED;

/* Ends the record with a footer (NULL: an empty one) and the tail. If values are missing, that is
 * misuse, and the tail is not written. If id is not NULL, *id is set to the record's id. */
int flp_writer_end(struct flp_writer *w, const struct flp_meta *footer,
    struct flp_id *id, struct flp_error *e) FLP_CHECKED;

#endif
