/* The values of a record, tensor after tensor, each in its encoding: what a reader
 * and a writer have in common. */
#ifndef FLP_FORMAT_PAYLOAD_H
#define FLP_FORMAT_PAYLOAD_H

#include "base/in.h"
#include "base/out.h"
#include "format/header.h"

#define FLP_PAYLOAD_PARAMS 64

struct flp_payload {
	struct flp_in *in;   /* of a reader, or NULL */
	struct flp_out *out; /* of a writer, or NULL */
	const struct flp_header *header;
	size_t index;                         /* in the table, of the tensor below */
	const struct flp_tensor *tensor;      /* the one whose values come next; NULL after the last */
	const struct flp_encoding_kind *kind; /* of that tensor */
	uint64_t left;                        /* bytes of its values that are still to come */
	int passed;                           /* 1: it was read to its end; set by end_read */
	unsigned char params[FLP_PAYLOAD_PARAMS]; /* what its encoding keeps about it */
	struct flp_chunks *chunks;            /* made when first needed, or NULL */
};

/* Begins the values of a record. Before the first record the caller sets `in` or `out`; all else is
 * zero. The header must stay valid until the values end. */
int flp_payload_begin(struct flp_payload *p, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;

/* Frees what it holds; `in` and `out` stay the caller's. */
void flp_payload_free(struct flp_payload *p);

/* Ends the current tensor if all of its values were read or written, and then those after it that
 * are empty. After it p->tensor has values to come, or is NULL. */
int flp_payload_settle(struct flp_payload *p, struct flp_error *e) FLP_CHECKED;

/* After flp_payload_settle: it is misuse unless `bytes` bytes are whole values of the
 * current tensor, and no more than are left. */
int flp_payload_check(const struct flp_payload *p, uint64_t bytes,
    struct flp_error *e) FLP_CHECKED;

/* Read or write this many bytes of values. flp_payload_check must have passed. */
int flp_payload_read(struct flp_payload *p, void *to, uint64_t bytes,
    struct flp_error *e) FLP_CHECKED;
int flp_payload_write(struct flp_payload *p, const void *from, uint64_t bytes,
    struct flp_error *e) FLP_CHECKED;

/* Skips the values that are still to come, up to the record's tail, even if an encoding has
 * refused values before. It trusts the lengths that are stored with the values, so the caller must
 * check that a tail is there. */
int flp_payload_skip(struct flp_payload *p, struct flp_error *e) FLP_CHECKED;

#endif
