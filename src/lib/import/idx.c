/* IDX, the form of the MNIST files, plain or gzipped.
 *
 * A file is the bytes 0, 0, type, rank, then as many big-endian u32 dims, then
 * values. Examples are of type 8 (u8), [n, ...], flattened to [n, d]; they stay
 * u8 and carry center 0 and scale 255. wish->label names a file u8 [n], whose
 * classes are "0" up to the greatest found; wish->group a file [n] of u8 or
 * 16-bit values (type 8 or 11, taken as unsigned), whose groups are the values
 * found. A schema for it has classes and groups alone, of any column name.
 *
 * The examples are not read by the scan but passed through when they come: a
 * damaged file is an error after rows have been written. */
#include "base/gzip.h"
#include "base/memory.h"
#include "import/forms.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEP ((size_t)64 << 10)
#define VALUES 65536 /* of a 16-bit label or group */

enum type { U8 = 8, I16 = 11 };

struct shape {
	enum type type;
	uint64_t n, d; /* rows, and values in a row */
};

struct idx {
	struct flp_gzip *examples;
	struct shape shape;
	uint32_t *label, *group; /* of each row, n of them; NULL: none */
	unsigned char *block;
};

static int
read_all(struct flp_gzip *z, void *to, size_t n, struct flp_error *e)
{
	size_t got;

	if (flp_gzip_read(z, to, n, &got, e) < 0)
		return -1;
	return got == n ? 0 : flp_error_bad(e, "expected more bytes, found the end of the file");
}

static int
read_end(struct flp_gzip *z, struct flp_error *e)
{
	unsigned char byte;
	size_t got;

	if (flp_gzip_read(z, &byte, 1, &got, e) < 0)
		return -1;
	return got == 0 ? 0 : flp_error_bad(e, "expected the end of the file, found more bytes");
}

/* Refuses a file that is too short for the values it claims, which follow a header of this
 * many bytes, before any of them is read. */
static int
check_size(const struct flp_gzip *z, const struct shape *shape, uint64_t header,
    struct flp_error *e)
{
	uint64_t bytes = header + shape->n * shape->d * (shape->type == U8 ? 1 : 2), most;

	if (!flp_gzip_most(z, &most) || bytes <= most)
		return 0;
	return flp_error_bad(e, "expected more bytes, found the end of the file: %llu rows of "
	    "%llu values take %llu, and there are at most %llu", (unsigned long long)shape->n,
	    (unsigned long long)shape->d, (unsigned long long)bytes, (unsigned long long)most);
}

static int
read_shape(struct flp_gzip *z, struct shape *shape, struct flp_error *e)
{
	unsigned char magic[4];

	if (read_all(z, magic, sizeof magic, e) < 0)
		return -1;
	if (magic[0] != 0 || magic[1] != 0 || (magic[2] != U8 && magic[2] != I16) || magic[3] == 0)
		return flp_error_bad(e, "expected an IDX file of type 08 or 0b and rank 1 or more, "
		    "found the bytes %02x %02x %02x %02x", magic[0], magic[1], magic[2], magic[3]);
	*shape = (struct shape){ magic[2], 0, 1 };
	for (unsigned i = 0; i < magic[3]; i++) {
		uint32_t dim;

		if (read_all(z, &dim, sizeof dim, e) < 0)
			return -1;
		dim = be32toh(dim);
		if (i == 0)
			shape->n = dim;
		else if ((shape->d *= dim) == 0 || shape->d > FLP_DATASET_FEATURES)
			return flp_error_bad(e, "expected 1 to %zu values in a row, found %llu",
			    FLP_DATASET_FEATURES, (unsigned long long)shape->d);
	}
	return check_size(z, shape, sizeof magic + magic[3] * sizeof(uint32_t), e);
}

/* n values as numbers; memory grows with what arrives. */
static int
read_values(struct flp_gzip *z, const struct shape *shape, uint32_t **to, struct flp_error *e)
{
	unsigned char block[4096];
	size_t size = shape->type == U8 ? 1 : 2, room = 0;

	for (uint64_t i = 0; i < shape->n;) {
		size_t n = sizeof block / size;

		if (n > shape->n - i)
			n = (size_t)(shape->n - i);
		if (read_all(z, block, n * size, e) < 0 ||
		    flp_memory_grow(to, &room, (size_t)i + n, sizeof **to, e) < 0)
			return -1;
		for (size_t k = 0; k < n; k++)
			(*to)[i + k] = size == 1 ? block[k] :
			    (uint32_t)block[2 * k] << 8 | block[2 * k + 1];
		i += n;
	}
	return read_end(z, e);
}

/* One number for each of n rows, from a file of its own. */
static int
read_column(const char *path, uint64_t n, int is_group, uint32_t **to, struct flp_error *e)
{
	struct flp_in in;
	struct flp_gzip *z = NULL;
	struct shape shape;
	int status = -1;

	if (flp_in_open(&in, path, e) < 0)
		return -1;
	if ((z = flp_gzip_open(&in, e)) == NULL || read_shape(z, &shape, e) < 0)
		goto done;
	if (shape.n != n || shape.d != 1)
		flp_error_bad(e, "rows: expected %llu of one value, found %llu of %llu",
		    (unsigned long long)n, (unsigned long long)shape.n, (unsigned long long)shape.d);
	else if (shape.type == I16 && !is_group)
		flp_error_bad(e, "expected type 08, found 0b");
	else
		status = read_values(z, &shape, to, e);
done:
	flp_gzip_close(z);
	flp_in_close(&in);
	return status < 0 ? flp_error_in(e, in.name) : 0;
}

/* Names for the values: all up to the greatest, or those found. */
static int
name_values(struct flp_texts *names, const uint32_t *value, uint64_t n, int all,
    struct flp_error *e)
{
	unsigned char *found = flp_memory_new(VALUES, 1, e);
	uint32_t most = 0;
	int status = found == NULL ? -1 : 0;

	for (uint64_t i = 0; status == 0 && i < n; i++) {
		found[value[i]] = 1;
		most = value[i] > most ? value[i] : most;
	}
	for (uint32_t v = 0; status == 0 && n > 0 && v <= most; v++) {
		char text[16];
		int length = snprintf(text, sizeof text, "%u", v);

		if (all || found[v])
			status = flp_texts_add(names, text, (size_t)length, VALUES, e);
	}
	free(found);
	return status;
}

/* Values become indices of their names. */
static int
index_values(const struct flp_texts *names, uint32_t *value, uint64_t n, struct flp_error *e)
{
	uint32_t *index = flp_memory_new(VALUES, sizeof *index, e);
	int status = index == NULL ? -1 : 0;

	for (uint32_t v = 0; status == 0 && v < VALUES; v++) {
		char text[16];
		int length = snprintf(text, sizeof text, "%u", v);

		index[v] = (uint32_t)(flp_texts_find(names, text, (size_t)length) + 1);
	}
	for (uint64_t i = 0; status == 0 && i < n; i++) {
		if (index[value[i]] == 0) {
			flp_error_bad(e, "row %llu: expected one of the schema's %zu names, found \"%u\"",
			    (unsigned long long)i + 1, names->n, value[i]);
			status = flp_error_hide(e, "another number", "\"%u\"", value[i]);
		} else {
			value[i] = index[value[i]] - 1;
		}
	}
	free(index);
	return status;
}

/* Classes without rows are there only because a greater one is: they count as having many. */
static int
count_rows(struct flp_column *c, const uint32_t *index, uint64_t n, struct flp_error *e)
{
	for (uint64_t i = 0; i < n; i++)
		if (flp_schema_count(c, index[i], e) < 0)
			return -1;
	for (size_t k = 0; k < c->levels.n; k++)
		if (c->rows[k] == 0)
			c->rows[k] = n;
	return 0;
}

static int
scan_column(const struct flp_source *source, const char *path, const char *name,
    struct flp_column *c, uint32_t **to, struct flp_error *e)
{
	uint64_t n = ((struct idx *)source->state)->shape.n;
	int is_group = c == &source->schema.group;

	if (path == NULL) {
		if (c->name != NULL)
			return flp_error_usage(e, "%s: expected a file, since the schema has "
			    "such a column", name);
		return 0;
	}
	if (read_column(path, n, is_group, to, e) < 0)
		return -1;
	if (!source->schema.closed && (flp_schema_name(c, name, strlen(name), FLP_COLUMN_LEVEL,
	    e) < 0 || name_values(&c->levels, *to, n, !is_group, e) < 0))
		return -1;
	if (c->name == NULL || c->kind != FLP_COLUMN_LEVEL)
		return flp_error_usage(e, "schema: expected a %s with levels, found none",
		    name);
	if (index_values(&c->levels, *to, n, e) < 0)
		return flp_error_in(e, flp_in_name(path));
	return source->schema.closed ? 0 : count_rows(c, *to, n, e);
}

static int
scan(struct flp_source *source, struct flp_error *e)
{
	const struct flp_wish *w = source->wish;
	struct flp_schema *s = &source->schema;
	struct idx *x = source->state;

	if (s->columns > 0)
		return flp_error_usage(e, "schema: expected no x for idx, found %zu columns",
		    s->columns);
	if (read_shape(x->examples, &x->shape, e) < 0)
		return -1;
	if (x->shape.type != U8)
		return flp_error_bad(e, "expected type 08, found %02x", x->shape.type);
	if (scan_column(source, w->label, "label", &s->y, &x->label, e) < 0 ||
	    scan_column(source, w->group, "group", &s->group, &x->group, e) < 0 ||
	    flp_source_frame(source, x->shape.n, x->shape.d, e) < 0)
		return -1;
	source->frame.dtype = FLP_DTYPE_U8;
	source->frame.description.scaling = flp_scaling_images;
	return 0;
}

static int
emit(struct flp_source *source, struct flp_rows *rows, struct flp_error *e)
{
	struct idx *x = source->state;
	uint64_t left = x->shape.n * x->shape.d;

	if ((x->block = flp_memory_new(STEP, 1, e)) == NULL)
		return -1;
	while (left > 0) {
		size_t n = left < STEP ? (size_t)left : STEP;

		if (read_all(x->examples, x->block, n, e) < 0 || flp_rows_x(rows, x->block, n, e) < 0)
			return -1;
		left -= n;
	}
	if (read_end(x->examples, e) < 0)
		return -1;
	if (x->label != NULL && flp_rows_y(rows, x->label, (size_t)x->shape.n, e) < 0)
		return -1;
	return x->group == NULL ? 0 : flp_rows_group(rows, x->group, (size_t)x->shape.n, e);
}

static void
close_idx(struct flp_source *source)
{
	struct idx *x = source->state;

	flp_gzip_close(x->examples);
	free(x->label);
	free(x->group);
	free(x->block);
	free(x);
}

static int
open_idx(struct flp_source *source, struct flp_error *e)
{
	struct idx *x = flp_memory_new(1, sizeof *x, e);

	if (x == NULL)
		return -1;
	source->state = x;
	return (x->examples = flp_gzip_open(source->in, e)) == NULL ? -1 : 0;
}

const struct flp_import_form flp_import_idx = {
	.name = "idx",
	.makes = FLP_KIND_DATA,
	.takes = { "label", "group" },
	.files = 1,
	.open = open_idx,
	.scan = scan,
	.emit = emit,
	.close = close_idx,
};
