/* The header of a record: kind, privacy state, metadata and the table of
 * tensors. Bytes and limits are drawn in fl(5). */
#ifndef FLP_FORMAT_HEADER_H
#define FLP_FORMAT_HEADER_H

#include "base/dtype.h"
#include "base/error.h"
#include "format/meta.h"

#include <stddef.h>
#include <stdint.h>

#define FLP_VERSION 1
#define FLP_HEADER_LIMIT ((size_t)16 << 20) /* bytes of a header */
#define FLP_TENSOR_LIMIT ((size_t)1 << 18)
#define FLP_RANK_LIMIT 8
#define FLP_NAME_LIMIT 255 /* bytes of a tensor's name */
#define FLP_ALIGNMENT 64       /* header, dense tensors and tail are multiples */

/* Closed in version 1. */
enum flp_kind {
	FLP_KIND_PARAMS = 1, /* a model's parameters, or any named arrays */
	FLP_KIND_UPDATE,     /* new parameters minus old */
	FLP_KIND_SUM,        /* a sum of params or updates, not yet divided */
	FLP_KIND_PARTIAL,    /* exact sums that aggregate again */
	FLP_KIND_DATA,       /* rows: features, labels, groups */
	FLP_KIND_STATS,      /* counts and moments of data */
	FLP_KIND_COHORT,     /* the clients drawn for a round */
	FLP_KIND_STATE,      /* what a tool keeps from round to round */
	FLP_KIND_MASKED, FLP_KIND_KEY, FLP_KIND_SHARE, /* secure aggregation */
};
#define FLP_KINDS FLP_KIND_SHARE

/* fl(5) says which kinds may have which. */
enum flp_privacy {
	FLP_PRIVACY_RAW = 0,
	FLP_PRIVACY_CLIPPED,
	FLP_PRIVACY_NOISED,
	FLP_PRIVACY_MASKED, /* of records of kind FLP_KIND_MASKED */
};
#define FLP_PRIVACIES (FLP_PRIVACY_MASKED + 1)

/* How a tensor's values stand in the payload. 3 to 5 are kept for quantized,
 * sparse and modular values and refused until a tool reads them. */
enum flp_encoding {
	FLP_ENCODING_DENSE = 1,
	FLP_ENCODING_ZLIB,
	FLP_ENCODING_QUANTIZED,
	FLP_ENCODING_SPARSE,
	FLP_ENCODING_MODULAR,
};

struct flp_tensor {
	char *name;
	enum flp_dtype dtype;
	enum flp_encoding encoding;
	unsigned rank;
	uint64_t dims[FLP_RANK_LIMIT];
	uint64_t count; /* values: the product of dims, 1 for rank 0 */
	uint64_t bytes; /* of the values, without padding */
};

struct flp_header {
	enum flp_kind kind;
	enum flp_privacy privacy;
	struct flp_meta meta; /* after a record's end also what its footer says */
	size_t tensors, room;
	struct flp_tensor *tensor;
};

const char *flp_kind_name(enum flp_kind kind);          /* "params", ... */
const char *flp_privacy_name(enum flp_privacy privacy); /* "raw", ... */
const char *flp_encoding_name(enum flp_encoding encoding);

/* An empty header; flp_header_free gives back what a header holds and leaves
 * it empty. */
void flp_header_init(struct flp_header *h, enum flp_kind kind);
void flp_header_free(struct flp_header *h);
int flp_header_copy(struct flp_header *to, const struct flp_header *from,
    struct flp_error *e) FLP_CHECKED;

/* Adds a dense tensor at the end. The name is 1 to 255 bytes of printable
 * UTF-8, unlike any other by the time the header is encoded; one that begins
 * with ':' marks a description (names of columns, scaling), which no tool does
 * arithmetic on. */
int flp_header_add(struct flp_header *h, const char *name, enum flp_dtype dtype,
    unsigned rank, const uint64_t *dims, struct flp_error *e) FLP_CHECKED;

/* Changes a tensor's dtype, and its size with it. */
int flp_tensor_set_dtype(struct flp_tensor *t, enum flp_dtype dtype,
    struct flp_error *e) FLP_CHECKED;

/* The index of the tensor of that name, or -1. */
long flp_header_find(const struct flp_header *h, const char *name);

/* 1 for a tensor that describes rather than counts: its name begins with ':' */
int flp_tensor_describes(const struct flp_tensor *t);

/* "200x784", "scalar" */
#define FLP_DIMS_TEXT (FLP_RANK_LIMIT * 21 + 1)
void flp_tensor_dims(const struct flp_tensor *t, char text[FLP_DIMS_TEXT]);

/* The error of a value that is not finite; -1. */
int flp_tensor_not_finite(const struct flp_tensor *t, uint64_t value, struct flp_error *e);

/* 0 where both have the same name, dtype and dims; else -1 and what differs,
 * as "expected ..., found ..." with a's as expected. */
int flp_tensor_same(const struct flp_tensor *a, const struct flp_tensor *b,
    struct flp_error *e) FLP_CHECKED;
int flp_header_same_tensors(const struct flp_header *a, const struct flp_header *b,
    struct flp_error *e) FLP_CHECKED;

/* The tensor table's bytes to `to`, or only their number where to is NULL;
 * without encodings (their byte is 0) it is what the id covers. */
size_t flp_header_table(const struct flp_header *h, int with_encoding, unsigned char *to);

/* The header as bytes, padded and with its checksum; *bytes is for the caller
 * to free. */
int flp_header_encode(const struct flp_header *h, unsigned char **bytes, size_t *n,
    struct flp_error *e) FLP_CHECKED;

/* The first FLP_ALIGNMENT bytes of a record say how long the header is, or are an
 * error; then all n bytes are decoded into an empty *h. */
int flp_header_length(const unsigned char first[FLP_ALIGNMENT], size_t *n,
    struct flp_error *e) FLP_CHECKED;
int flp_header_decode(struct flp_header *h, const unsigned char *bytes, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* A dense tensor's or any padded part's size: n rounded up to FLP_ALIGNMENT. */
uint64_t flp_header_padded(uint64_t n);

#endif
