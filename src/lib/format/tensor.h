/* A row of a record's table: a tensor's name, dtype, dimensions and encoding. */
#ifndef FLP_FORMAT_TENSOR_H
#define FLP_FORMAT_TENSOR_H

#include "base/dtype.h"
#include "base/error.h"
#include "format/encoding.h"

#include <stddef.h>
#include <stdint.h>

#define FLP_RANK_LIMIT 8
#define FLP_NAME_LIMIT 255 /* bytes of a tensor's name */

struct flp_tensor {
	char *name;
	enum flp_dtype dtype;
	enum flp_encoding encoding;
	unsigned rank;
	uint64_t dims[FLP_RANK_LIMIT];
	uint64_t count; /* values: the product of dims, 1 for rank 0 */
	uint64_t bytes; /* of the values, without padding */
};

/* Changes a tensor's dtype, and its size with it. */
int flp_tensor_set_dtype(struct flp_tensor *t, enum flp_dtype dtype,
    struct flp_error *e) FLP_CHECKED;

/* Returns 1 for a description, which no tool does arithmetic on: its name begins with ':'. */
int flp_tensor_describes(const struct flp_tensor *t);

/* Writes the dimensions as text: "200x784", "scalar". */
#define FLP_DIMS_TEXT (FLP_RANK_LIMIT * 21 + 1)
void flp_tensor_dims(const struct flp_tensor *t, char text[FLP_DIMS_TEXT]);

/* The error of a value that is not finite. Returns -1. */
int flp_tensor_not_finite(const struct flp_tensor *t, uint64_t value, struct flp_error *e);

/* Checks that both have the same name, dtype and dims. FLP_ERROR_BAD says what differs, where `a`
 * is the expected one. */
int flp_tensor_same(const struct flp_tensor *a, const struct flp_tensor *b,
    struct flp_error *e) FLP_CHECKED;

/* The same, but floats may be of different float dtypes, except in descriptions. */
int flp_tensor_alike(const struct flp_tensor *a, const struct flp_tensor *b,
    struct flp_error *e) FLP_CHECKED;

/* Writes the tensor's row of the table as bytes, with `encoding` as the code of the encoding.
 * Returns the number of bytes. */
#define FLP_TENSOR_ROW (4 + FLP_NAME_LIMIT + 8 * FLP_RANK_LIMIT)
size_t flp_tensor_row(const struct flp_tensor *t, unsigned char encoding,
    unsigned char row[FLP_TENSOR_ROW]);

#endif
