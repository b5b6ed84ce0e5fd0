/* The header of a record: kind, privacy state, metadata and the table of
 * tensors. fl(5) gives the bytes and the limits. */
#ifndef FLP_FORMAT_HEADER_H
#define FLP_FORMAT_HEADER_H

#include "format/bytes.h"
#include "format/kind.h"
#include "format/meta.h"
#include "format/privacy.h"
#include "format/tensor.h"

#define FLP_VERSION 1
#define FLP_HEADER_LIMIT ((size_t)16 << 20) /* bytes of a header */
#define FLP_TENSOR_LIMIT ((size_t)1 << 18)

struct flp_header {
	enum flp_kind kind;
	enum flp_privacy privacy;
	struct flp_meta meta; /* once a reader has finished the record, also the keys of its footer */
	size_t tensors, room;
	struct flp_tensor *tensor;
};

/* flp_header_init makes an empty header. flp_header_free frees what a header holds and leaves it
 * empty. */
void flp_header_init(struct flp_header *h, enum flp_kind kind);
void flp_header_free(struct flp_header *h);
int flp_header_copy(struct flp_header *to, const struct flp_header *from,
    struct flp_error *e) FLP_CHECKED;

/* Adds a dense tensor at the end. The name is 1 to 255 bytes of printable UTF-8,
 * and no two names may be the same by the time the header is encoded. A name that
 * begins with ':' marks a description (names of columns, scaling), which no tool
 * does arithmetic on. */
int flp_header_add(struct flp_header *h, const char *name, enum flp_dtype dtype,
    unsigned rank, const uint64_t *dims, struct flp_error *e) FLP_CHECKED;

/* The same with a name of n bytes and an encoding. */
int flp_header_append(struct flp_header *h, const char *name, size_t n, enum flp_dtype dtype,
    enum flp_encoding encoding, unsigned rank, const uint64_t *dims,
    struct flp_error *e) FLP_CHECKED;

/* Takes tensor number i out of the table; those after it move up. */
void flp_header_remove(struct flp_header *h, size_t i);

/* The index of the tensor with that name, or -1. */
long flp_header_find(const struct flp_header *h, const char *name);

/* Check that both have the same tensors in the same order, by flp_tensor_same and
 * flp_tensor_alike. FLP_ERROR_BAD if not; `a` is what the message calls expected. */
int flp_header_same_tensors(const struct flp_header *a, const struct flp_header *b,
    struct flp_error *e) FLP_CHECKED;
int flp_header_alike_tensors(const struct flp_header *a, const struct flp_header *b,
    struct flp_error *e) FLP_CHECKED;

/* The header as bytes, padded and with its checksum. The caller frees *bytes. Two
 * tensors with the same name are an error. */
int flp_header_encode(const struct flp_header *h, unsigned char **bytes, size_t *n,
    struct flp_error *e) FLP_CHECKED;

/* flp_header_magic checks that a record may begin with these n bytes. flp_header_length
 * does the same, and reads the length of a header from the first FLP_ALIGNMENT bytes of a
 * record. flp_header_decode decodes all n bytes of the header into an empty *h. */
int flp_header_magic(const unsigned char *first, size_t n, struct flp_error *e) FLP_CHECKED;
int flp_header_length(const unsigned char first[FLP_ALIGNMENT], size_t *n,
    struct flp_error *e) FLP_CHECKED;
int flp_header_decode(struct flp_header *h, const unsigned char *bytes, size_t n,
    struct flp_error *e) FLP_CHECKED;

#endif
