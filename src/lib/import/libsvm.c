/* LIBSVM's "LABEL INDEX:VALUE ...", indices from 1 upwards and rising in a row,
 * what is absent 0.
 *
 * The label is a class, named as it is written, or a target. What follows a #
 * in a line is passed over, and so are empty lines. A schema for it has a y
 * column alone, of any name ("label" in one that is made). Errors name the
 * line and the index.
 *
 * The record also holds the absent values. Unless --width is given, a file may become
 * SMALL bytes plus DENSE bytes for each of its own, so that one index can't make a table of
 * gigabytes from a file of a few bytes. */
#include "base/memory.h"
#include "base/number.h"
#include "import/forms.h"
#include "text/lines.h"
#include "text/value.h"

#include <stdlib.h>
#include <string.h>

#define DENSE 1024
#define SMALL ((uint64_t)64 << 20)

struct libsvm {
	struct flp_lines lines;
	uint64_t width; /* the greatest index there is, or may be */
	uint64_t widest; /* the line where it comes first */
	char *at, *end; /* what is left of the current line */
};

static int
at_line(const struct libsvm *l, struct flp_error *e)
{
	return flp_error_at(e, "line %llu", (unsigned long long)l->lines.number);
}

static int
blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The next word of the line: its length, 0 at the end. */
static size_t
next_word(struct libsvm *l, const char **word)
{
	while (l->at < l->end && blank(*l->at))
		l->at++;
	*word = l->at;
	while (l->at < l->end && !blank(*l->at))
		l->at++;
	return (size_t)(l->at - *word);
}

/* The next line with something in it: 1, 0 at the end, -1. */
static int
next_line(struct libsvm *l, struct flp_error *e)
{
	const char *word;
	char *text, *comment;
	size_t n;
	int status;

	do {
		if ((status = flp_lines_next(&l->lines, &text, &n, e)) <= 0)
			return status < 0 ? at_line(l, e) : 0;
		comment = memchr(text, '#', n);
		l->at = text;
		l->end = comment ? comment : text + n;
	} while (next_word(l, &word) == 0);
	l->at = text;
	return 1;
}

static int
take_number(const char *s, size_t n, double *v, struct flp_error *e)
{
	enum flp_value value = flp_value_parse(s, n, v);

	return value == FLP_VALUE_NUMBER ? 0 : flp_value_refuse(value, s, n, e);
}

/* The label as a target, or as the index of its class. */
static int
take_label(struct flp_source *source, float *target, uint32_t *class, struct flp_error *e)
{
	struct flp_schema *s = &source->schema;
	const char *word;
	size_t n = next_word(source->state, &word);
	double v = 0;
	long at;

	if (take_number(word, n, &v, e) < 0)
		return flp_error_at(e, "label");
	*target = (float)v;
	if (s->y.kind == FLP_COLUMN_NUMBER)
		return 0;
	if ((at = flp_schema_level(s, &s->y, word, n, "classes", e)) < 0)
		return flp_error_at(e, "label");
	*class = (uint32_t)at;
	return 0;
}

/* The next index, above `last`, and value: 1, 0 at the end of the line, -1. */
static int
take_pair(struct libsvm *l, uint64_t last, uint64_t *index, double *v, struct flp_error *e)
{
	const char *word, *colon;
	size_t n = next_word(l, &word);

	if (n == 0)
		return 0;
	colon = memchr(word, ':', n);
	if (colon == NULL || flp_number_u64(word, (size_t)(colon - word), index) < 0) {
		flp_error_bad(e, "expected INDEX:VALUE, found \"%.*s\"", flp_value_shown(n), word);
		return flp_value_hide(e, word, n);
	}
	if (*index <= last || *index > l->width)
		return flp_error_bad(e, "index %llu: expected %llu to %llu",
		    (unsigned long long)*index, (unsigned long long)last + 1,
		    (unsigned long long)l->width);
	if (take_number(colon + 1, n - (size_t)(colon - word) - 1, v, e) < 0)
		return flp_error_at(e, "index %llu", (unsigned long long)*index);
	return 1;
}

/* n < 2^32 rows of at most FLP_DATASET_FEATURES values of 4 bytes. */
static int
check_dense(const struct flp_source *source, uint64_t n, struct flp_error *e)
{
	const struct libsvm *l = source->state;
	uint64_t dense = n * l->width * sizeof(float), size = l->lines.bytes, most;

	if (source->wish->width > 0 || n > UINT32_MAX)
		return 0;
	most = size > (UINT64_MAX - SMALL) / DENSE ? UINT64_MAX : SMALL + DENSE * size;
	if (dense <= most)
		return 0;
	flp_error_bad(e, "index %llu: expected a table of at most %llu bytes for a file of %llu, "
	    "found %llu rows of that width (see --width)", (unsigned long long)l->width,
	    (unsigned long long)most, (unsigned long long)size, (unsigned long long)n);
	flp_error_hide(e, "a larger one", "%llu rows of that width", (unsigned long long)n);
	flp_error_hide(e, "of a size that fits its file", "of at most %llu bytes for a file of %llu",
	    (unsigned long long)most, (unsigned long long)size);
	return flp_error_at(e, "line %llu", (unsigned long long)l->widest);
}

static int
scan(struct flp_source *source, struct flp_error *e)
{
	struct libsvm *l = source->state;
	struct flp_schema *s = &source->schema;
	uint64_t n = 0, greatest = 0;
	int status;

	for (; (status = next_line(l, e)) > 0; n++) {
		uint64_t index = 0;
		uint32_t class;
		float target;
		double v;

		if (take_label(source, &target, &class, e) < 0 ||
		    (!s->closed && s->y.kind == FLP_COLUMN_LEVEL &&
		    flp_schema_count(&s->y, class, e) < 0))
			return at_line(l, e);
		while ((status = take_pair(l, index, &index, &v, e)) > 0)
			;
		if (status < 0)
			return at_line(l, e);
		if (index > greatest) {
			greatest = index;
			l->widest = l->lines.number;
		}
	}
	if (status < 0)
		return -1;
	if (source->wish->width == 0)
		l->width = greatest;
	if (l->width == 0)
		return flp_error_bad(e, "expected a value to tell the number of features, found none "
		    "(see --width)");
	if (check_dense(source, n, e) < 0)
		return -1;
	if (!s->closed && flp_schema_sort(&s->y, 1, e) < 0)
		return -1;
	s->closed = 1;
	return flp_source_frame(source, n, l->width, e);
}

static int
emit_line(struct flp_source *source, struct flp_rows *rows, float *x, struct flp_error *e)
{
	struct libsvm *l = source->state;
	uint64_t index = 0;
	uint32_t class = 0;
	float target;
	double v;
	int status;

	if (take_label(source, &target, &class, e) < 0)
		return -1;
	while ((status = take_pair(l, index, &index, &v, e)) > 0)
		x[index - 1] = (float)v;
	if (status < 0)
		return -1;
	return flp_rows_y(rows, source->schema.y.kind == FLP_COLUMN_NUMBER ? (void *)&target :
	    (void *)&class, 1, e);
}

static int
emit(struct flp_source *source, struct flp_rows *rows, struct flp_error *e)
{
	struct libsvm *l = source->state;
	int status;
	float *x;

	if (flp_lines_rewind(&l->lines, e) < 0)
		return -1;
	while ((status = next_line(l, e)) > 0) {
		if (flp_rows_row(rows, &x, e) < 0)
			return -1;
		if (emit_line(source, rows, x, e) < 0)
			return at_line(l, e);
	}
	return status;
}

static void
close_libsvm(struct flp_source *source)
{
	struct libsvm *l = source->state;

	flp_lines_close(&l->lines);
	free(l);
}

static int
open_libsvm(struct flp_source *source, struct flp_error *e)
{
	struct flp_schema *s = &source->schema;
	struct libsvm *l = flp_memory_new(1, sizeof *l, e);

	if (l == NULL)
		return -1;
	source->state = l;
	l->width = source->wish->width ? source->wish->width : FLP_DATASET_FEATURES;
	if (flp_in_spool(source->in, e) < 0)
		return -1;
	if (s->closed && (s->columns > 0 || s->group.name != NULL || s->y.name == NULL))
		return flp_error_usage(e, "schema: expected y alone for libsvm, found %s",
		    s->columns > 0 ? "x" : s->group.name != NULL ? "group" : "none");
	if (!s->closed && flp_schema_name(&s->y, "label", 5, source->wish->target ==
	    FLP_TARGET_NUMBER ? FLP_COLUMN_NUMBER : FLP_COLUMN_LEVEL, e) < 0)
		return -1;
	if (flp_lines_open(&l->lines, source->in, e) < 0)
		return -1;
	l->lines.check_ends = 1;
	return 0;
}

const struct flp_import_form flp_import_libsvm = {
	.name = "libsvm",
	.makes = FLP_KIND_DATA,
	.takes = { "target", "width" },
	.open = open_libsvm,
	.scan = scan,
	.emit = emit,
	.close = close_libsvm,
};
