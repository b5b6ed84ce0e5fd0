/* IDX, the form of the MNIST files, plain or gzipped.
 *
 * A file is the bytes 0, 0, type, rank, then as many big-endian u32 dims, then
 * values, big-endian too. Examples are of type 08 (u8), [n, ...], flattened to [n, d]; they
 * stay u8 and carry center 0 and scale 255. wish->label and wish->group name files [n] of any
 * whole type: 08, or 09, 0b or 0c, which are signed with 8, 16 or 32 bits. Groups are the
 * values found, in order, and so are classes; but those of type 08 are "0" up to the greatest
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
#define DIGITS 65536 /* values of 16 bits, by which values of 32 are sorted */
#define NAME 16      /* room for such a value as text */

static const struct type {
	unsigned char code;
	unsigned bytes; /* of a value */
	int is_signed;
} types[] = {
	{ 0x08, 1, 0 },
	{ 0x09, 1, 1 },
	{ 0x0b, 2, 1 },
	{ 0x0c, 4, 1 },
};

#define U8 (&types[0])

struct shape {
	const struct type *type;
	uint64_t n, d; /* rows, and values in a row */
};

/* One value of each row. */
struct column {
	const struct type *type;
	uint32_t *value; /* that of the file, plus BIAS; at last the index of its name */
	uint32_t *known; /* the different values, in order, */
	uint32_t *index; /* and of each the index of its name, or UNKNOWN */
	size_t knowns;
};

#define BIAS 0x80000000u /* makes unsigned order that of the values */
#define UNKNOWN UINT32_MAX

struct idx {
	struct flp_gzip *examples;
	struct shape shape;
	struct column label, group; /* without values where there is none */
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
	uint64_t bytes = header + shape->n * shape->d * shape->type->bytes, most;
	char why[160];

	if (!flp_gzip_most(z, &most) || bytes <= most)
		return 0;
	sprintf(why, ": %llu rows of %llu values take %llu bytes, and the file has at most %llu",
	    (unsigned long long)shape->n, (unsigned long long)shape->d, (unsigned long long)bytes,
	    (unsigned long long)most);
	flp_error_bad(e, "expected more bytes, found the end of the file%s", why);
	return flp_error_hide(e, "", "%s", why);
}

static const struct type *
find_type(const unsigned char *magic)
{
	if (magic[0] != 0 || magic[1] != 0 || magic[3] == 0)
		return NULL;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (types[i].code == magic[2])
			return &types[i];
	return NULL;
}

/* The file may be a table, given by mistake. */
static int
not_idx(const unsigned char magic[4], struct flp_error *e)
{
	flp_error_bad(e, "expected an IDX file of type 08, 09, 0b or 0c and rank 1 or more, found the "
	    "bytes %02x %02x %02x %02x", magic[0], magic[1], magic[2], magic[3]);
	return flp_error_hide(e, "another file", "the bytes %02x %02x %02x %02x", magic[0], magic[1],
	    magic[2], magic[3]);
}

static int
read_shape(struct flp_gzip *z, struct shape *shape, struct flp_error *e)
{
	unsigned char magic[4];

	if (read_all(z, magic, sizeof magic, e) < 0)
		return -1;
	*shape = (struct shape){ find_type(magic), 0, 1 };
	if (shape->type == NULL)
		return not_idx(magic, e);
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

static uint32_t
value_at(const unsigned char *p, const struct type *type)
{
	uint32_t v = type->is_signed && p[0] >= 0x80 ? UINT32_MAX : 0;

	for (unsigned i = 0; i < type->bytes; i++)
		v = v << 8 | p[i];
	return v + BIAS;
}

/* n values; memory grows with what arrives. */
static int
read_values(struct flp_gzip *z, const struct shape *shape, uint32_t **to, struct flp_error *e)
{
	unsigned char block[4096];
	size_t size = shape->type->bytes, room = 0;

	for (uint64_t i = 0; i < shape->n;) {
		size_t n = sizeof block / size;

		if (n > shape->n - i)
			n = (size_t)(shape->n - i);
		if (read_all(z, block, n * size, e) < 0 ||
		    flp_memory_grow(to, &room, (size_t)i + n, sizeof **to, e) < 0)
			return -1;
		for (size_t k = 0; k < n; k++)
			(*to)[i + k] = value_at(block + k * size, shape->type);
		i += n;
	}
	return read_end(z, e);
}

/* A file of labels or groups does not go with one of n rows of features. */
static int
wrong_shape(const struct shape *shape, uint64_t n, struct flp_error *e)
{
	char found[80];

	sprintf(found, "%llu rows of %llu", (unsigned long long)shape->n, (unsigned long long)shape->d);
	flp_error_bad(e, "expected %llu rows of one value, found %s", (unsigned long long)n, found);
	flp_error_hide(e, "another shape", "%s", found);
	return flp_error_hide(e, "as many rows as the features have,", "%llu rows of one value,",
	    (unsigned long long)n);
}

/* One number for each of n rows, from a file of its own. */
static int
read_column(const char *path, uint64_t n, struct column *to, struct flp_error *e)
{
	struct flp_in in;
	struct flp_gzip *z = NULL;
	struct shape shape;
	int status = -1;

	if (flp_in_open(&in, path, e) < 0)
		return -1;
	if ((z = flp_gzip_open(&in, e)) == NULL || read_shape(z, &shape, e) < 0)
		goto done;
	to->type = shape.type;
	if (shape.n == n && shape.d == 1)
		status = read_values(z, &shape, &to->value, e);
	else
		wrong_shape(&shape, n, e);
done:
	flp_gzip_close(z);
	flp_in_close(&in);
	return status < 0 ? flp_error_in(e, in.name) : 0;
}

/* A counting sort by 16 of the bits; `count` has room for DIGITS. */
static void
sort_by(uint32_t *to, const uint32_t *from, size_t n, unsigned shift, size_t *count)
{
	size_t at = 0;

	memset(count, 0, DIGITS * sizeof *count);
	for (size_t i = 0; i < n; i++)
		count[from[i] >> shift & (DIGITS - 1)]++;
	for (size_t k = 0; k < DIGITS; k++) {
		size_t here = count[k];

		count[k] = at;
		at += here;
	}
	for (size_t i = 0; i < n; i++)
		to[count[from[i] >> shift & (DIGITS - 1)]++] = from[i];
}

/* Where a value of at most 16 bits stands in a table of DIGITS. */
static size_t
digit(uint32_t value)
{
	return (value - BIAS + DIGITS / 2) & (DIGITS - 1);
}

/* Finds the different values of at most 16 bits. */
static int
mark_known(struct column *c, size_t n, struct flp_error *e)
{
	unsigned char *found = flp_memory_new(DIGITS, 1, e);

	c->known = flp_memory_new(DIGITS, sizeof *c->known, e);
	for (size_t i = 0; found != NULL && i < n; i++)
		found[digit(c->value[i])] = 1;
	for (size_t k = 0; found != NULL && c->known != NULL && k < DIGITS; k++)
		if (found[k])
			c->known[c->knowns++] = (uint32_t)k - DIGITS / 2 + BIAS;
	free(found);
	return found != NULL && c->known != NULL ? 0 : -1;
}

/* Finds the different values of 32 bits, in memory for n of them. */
static int
sort_known(struct column *c, size_t n, struct flp_error *e)
{
	uint32_t *half = flp_memory_new(n, sizeof *half, e);
	size_t *count = flp_memory_new(DIGITS, sizeof *count, e);
	int status = -1;

	c->known = flp_memory_new(n, sizeof *c->known, e);
	if (half != NULL && count != NULL && c->known != NULL) {
		sort_by(half, c->value, n, 0, count);
		sort_by(c->known, half, n, 16, count);
		for (size_t i = 0; i < n; i++)
			if (i == 0 || c->known[i] != c->known[c->knowns - 1])
				c->known[c->knowns++] = c->known[i];
		status = 0;
	}
	free(half);
	free(count);
	return status;
}

static size_t
print_value(char to[NAME], uint32_t value)
{
	return (size_t)snprintf(to, NAME, "%d", (int32_t)(value - BIAS));
}

/* Names for the values: those found or, with `all`, each from 0 up to the greatest. */
static int
name_values(struct flp_texts *names, const struct column *c, int all, size_t most,
    struct flp_error *e)
{
	size_t n = all && c->knowns > 0 ? c->known[c->knowns - 1] - BIAS + 1 : c->knowns;
	char name[NAME];

	for (size_t i = 0; i < n; i++)
		if (flp_texts_add(names, name, print_value(name, all ? (uint32_t)i + BIAS : c->known[i]),
		    most, e) < 0)
			return -1;
	return 0;
}

/* The place of a value among the different ones, where it is. */
static size_t
search(const struct column *c, uint32_t value)
{
	size_t least = 0, most = c->knowns - 1;

	while (least < most) {
		size_t middle = (least + most) / 2;

		if (c->known[middle] < value)
			least = middle + 1;
		else
			most = middle;
	}
	return least;
}

/* The values that are near each other become places by a table, others by a search. */
static int
place_values(struct column *c, size_t n, struct flp_error *e)
{
	uint32_t *place, least = c->knowns > 0 ? c->known[0] : 0;

	if (c->knowns == 0 || c->known[c->knowns - 1] - least >= DIGITS) {
		for (size_t i = 0; i < n; i++)
			c->value[i] = (uint32_t)search(c, c->value[i]);
		return 0;
	}
	if ((place = flp_memory_new(DIGITS, sizeof *place, e)) == NULL)
		return -1;
	for (size_t k = 0; k < c->knowns; k++)
		place[c->known[k] - least] = (uint32_t)k;
	for (size_t i = 0; i < n; i++)
		c->value[i] = place[c->value[i] - least];
	free(place);
	return 0;
}

/* Values become indices of their names. */
static int
index_values(const struct flp_texts *names, struct column *c, uint64_t n, struct flp_error *e)
{
	char name[NAME];

	if (place_values(c, (size_t)n, e) < 0)
		return -1;
	if ((c->index = flp_memory_new(c->knowns, sizeof *c->index, e)) == NULL)
		return -1;
	for (size_t i = 0; i < c->knowns; i++) {
		long at = flp_texts_find(names, name, print_value(name, c->known[i]));

		c->index[i] = at < 0 ? UNKNOWN : (uint32_t)at;
	}
	for (uint64_t i = 0; i < n; i++) {
		uint32_t at = c->index[c->value[i]];

		if (at == UNKNOWN) {
			print_value(name, c->known[c->value[i]]);
			flp_error_bad(e, "row %llu: expected one of the schema's %zu names, found \"%s\"",
			    (unsigned long long)i + 1, names->n, name);
			return flp_error_hide(e, "another number", "\"%s\"", name);
		}
		c->value[i] = at;
	}
	return 0;
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
    struct flp_column *c, struct column *to, struct flp_error *e)
{
	uint64_t n = ((struct idx *)source->state)->shape.n;
	int is_group = c == &source->schema.group;

	if (path == NULL) {
		if (c->name != NULL)
			return flp_error_usage(e, "%s: expected a file, since the schema has "
			    "such a column", name);
		return 0;
	}
	if (read_column(path, n, to, e) < 0 || (to->type->bytes <= 2 ? mark_known :
	    sort_known)(to, (size_t)n, e) < 0)
		return -1;
	if (!source->schema.closed &&
	    flp_schema_name(c, name, strlen(name), FLP_COLUMN_LEVEL, e) < 0)
		return -1;
	if (!source->schema.closed && name_values(&c->levels, to, !is_group && to->type == U8,
	    flp_schema_most(&source->schema, c), e) < 0)
		return flp_error_in(e, flp_in_name(path));
	if (c->name == NULL || c->kind != FLP_COLUMN_LEVEL)
		return flp_error_usage(e, "schema: expected a %s with levels, found none",
		    name);
	if (index_values(&c->levels, to, n, e) < 0)
		return flp_error_in(e, flp_in_name(path));
	return source->schema.closed ? 0 : count_rows(c, to->value, n, e);
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
		return flp_error_bad(e, "expected type 08, found %02x", x->shape.type->code);
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
	if (x->label.value != NULL && flp_rows_y(rows, x->label.value, (size_t)x->shape.n, e) < 0)
		return -1;
	return x->group.value == NULL ? 0 :
	    flp_rows_group(rows, x->group.value, (size_t)x->shape.n, e);
}

static void
free_column(struct column *c)
{
	free(c->value);
	free(c->known);
	free(c->index);
}

static void
close_idx(struct flp_source *source)
{
	struct idx *x = source->state;

	flp_gzip_close(x->examples);
	free_column(&x->label);
	free_column(&x->group);
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
