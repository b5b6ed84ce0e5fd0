#include "data/description.h"
#include "base/memory.h"
#include "data/schema.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PARTS 6
#define PLAIN ((size_t)64) /* bytes by which a plain number may be longer than it was */

/* One tensor of a description, of names or of numbers. */
struct part {
	const char *name;
	const struct flp_texts *texts;
	const double *values;
	uint64_t n; /* bytes of the names as lines, or values */
};

/* Messages about a model have words of their own. */
static int
is_model(const struct flp_record *record)
{
	return record->header.kind == FLP_KIND_PARAMS;
}

/* Gives classes that are numbers the spelling of a schema, so that equal ones compare equal. */
static int
spell_classes(struct flp_texts *classes, struct flp_error *e)
{
	size_t used = 0, room = classes->used + classes->n * PLAIN;
	struct flp_texts spelled;
	int status = 0, changed = 0;
	char *lines = flp_memory_new(room, 1, e);

	if (lines == NULL)
		return -1;
	for (size_t i = 0; status >= 0 && i < classes->n; i++) {
		const char *text = flp_texts_get(classes, i);
		size_t n = strlen(text), length = n;
		char plain[FLP_TEXTS_BYTES];

		if ((status = flp_schema_plain(plain, &length, text, n, e)) == 0)
			length = n;
		if (status < 0)
			break;
		memcpy(lines + used, status ? plain : text, length);
		changed |= length != n || memcmp(lines + used, text, n) != 0;
		used += length + 1;
		lines[used - 1] = '\n';
	}
	if (status >= 0 && changed &&
	    (status = flp_texts_parse(&spelled, lines, used, e)) == 0) {
		flp_texts_free(classes);
		*classes = spelled;
	}
	free(lines);
	return status < 0 ? -1 : 0;
}

int
flp_description_names(struct flp_texts *to, const struct flp_record *from, const char *name,
    struct flp_error *e)
{
	const struct flp_tensor *t;
	const void *bytes = flp_record_values(from, name, &t);

	memset(to, 0, sizeof *to);
	if (bytes == NULL)
		return 0;
	if (is_model(from) && (t->dtype != FLP_DTYPE_U8 || t->rank != 1))
		return flp_error_bad(e, "tensor %s: expected names as u8", name);
	if (t->dtype != FLP_DTYPE_U8)
		return flp_error_bad(e, "%s: expected u8, found %s", name, flp_dtype_name(t->dtype));
	if (flp_texts_parse(to, bytes, (size_t)t->bytes, e) < 0)
		return flp_error_at(e, "%s%s", is_model(from) ? "tensor " : "", name);
	if (strcmp(name, ":classes") == 0 && spell_classes(to, e) < 0) {
		flp_texts_free(to);
		return flp_error_at(e, "%s%s", is_model(from) ? "tensor " : "", name);
	}
	return 0;
}

static int
check_schema(const struct flp_schema *s, size_t d, const struct flp_texts *features,
    const struct flp_texts *classes, struct flp_error *e)
{
	struct flp_texts names = { 0 };
	int status = flp_schema_features(s, &names, e);

	if (status == 0 && s->columns > 0 && names.n != d)
		status = flp_error_bad(e, "expected %zu features, found %zu", d, names.n);
	if (status == 0 && s->columns > 0 && features->n > 0)
		status = flp_texts_same(features, &names, e);
	flp_texts_free(&names);
	if (status < 0 || s->y.name == NULL || classes->n == 0)
		return status;
	if (s->y.kind == FLP_COLUMN_NUMBER)
		return flp_error_bad(e, "column %s: expected classes, found a number", s->y.name);
	return flp_texts_same(classes, &s->y.levels, e);
}

int
flp_description_schema(struct flp_texts *lines, const struct flp_record *from, size_t d,
    const struct flp_texts *features, const struct flp_texts *classes, struct flp_error *e)
{
	const struct flp_tensor *t;
	const void *bytes = flp_record_values(from, ":schema", &t);
	struct flp_schema s = { 0 };
	int status;

	memset(lines, 0, sizeof *lines);
	if (bytes == NULL)
		return 0;
	if (t->dtype != FLP_DTYPE_U8 || t->rank != 1)
		return flp_error_bad(e, ":schema: expected u8 of rank 1, found %s of rank %u",
		    flp_dtype_name(t->dtype), t->rank);
	if (flp_texts_parse_fields(lines, bytes, (size_t)t->bytes, e) < 0)
		return flp_error_at(e, ":schema");
	if ((status = flp_schema_check(&s, lines, e)) == 0 &&
	    (status = check_schema(&s, d, features, classes, e)) < 0)
		flp_error_at(e, ":schema");
	flp_schema_free(&s);
	if (status < 0)
		flp_texts_free(lines);
	return status;
}

/* The lines of y come last, and the name is the third field of each. */
const char *
flp_description_label(const struct flp_texts *lines, size_t *n)
{
	const char *line = lines->n > 0 ? flp_texts_get(lines, lines->n - 1) : NULL;

	if (line == NULL || strncmp(line, "y\t", 2) != 0)
		return NULL;
	line += 2;
	line += strcspn(line, "\t") + 1;
	*n = strcspn(line, "\t");
	return line;
}

/* A line for a message, on which tabs would be shown as codes. */
static const char *
shown(const struct flp_texts *lines, size_t i, char text[128])
{
	const char *line = flp_texts_get(lines, i);

	if (line == NULL || line[0] == '\0')
		return "none";
	snprintf(text, 128, "%.100s", line);
	for (char *p = text; *p != '\0'; p++)
		*p = *p == '\t' ? ' ' : *p;
	return text;
}

int
flp_description_same_schema(const struct flp_texts *expected, const struct flp_texts *found,
    int whole, struct flp_error *e)
{
	char a[128], b[128];

	if (expected->n == 0 || found->n == 0)
		return 0;
	for (size_t i = 0; i < expected->n || i < found->n; i++) {
		const char *x = flp_texts_get(expected, i), *y = flp_texts_get(found, i);

		if (!whole && (x == NULL || *x == 'y') && (y == NULL || *y == 'y'))
			return 0;
		if (x == NULL || y == NULL || strcmp(x, y) != 0) {
			flp_error_bad(e, "line %zu: expected %s, found %s", i + 1, shown(expected, i, a),
			    shown(found, i, b));
			return y == NULL ? -1 : flp_error_hide(e, "another line", "%s", b);
		}
	}
	return 0;
}

/* NULL for the tensor that is not there. */
static int
check_shapes(const struct flp_tensor *center, const struct flp_tensor *scale, size_t d,
    struct flp_error *e)
{
	if (center == NULL || scale == NULL)
		return flp_error_bad(e, "expected :center and :scale together, found %s alone",
		    center != NULL ? ":center" : ":scale");
	if (center->dtype != FLP_DTYPE_F64 || scale->dtype != FLP_DTYPE_F64)
		return flp_error_bad(e, ":center, :scale: expected f64, found %s and %s",
		    flp_dtype_name(center->dtype), flp_dtype_name(scale->dtype));
	if (center->rank != 1 || scale->rank != 1 || center->count != scale->count ||
	    (center->count != d && center->count != 1))
		return flp_error_bad(e, ":center, :scale: expected 1 or %zu values, found %llu and "
		    "%llu", d, (unsigned long long)center->count, (unsigned long long)scale->count);
	return 0;
}

/* The same of a model, whose tensors may be of any rank. */
static int
check_model_shapes(const struct flp_tensor *center, const struct flp_tensor *scale, size_t d,
    struct flp_error *e)
{
	if (center == NULL || scale == NULL || center->dtype != FLP_DTYPE_F64 ||
	    scale->dtype != FLP_DTYPE_F64 || center->count != scale->count ||
	    (center->count != 1 && center->count != d))
		return flp_error_bad(e, "tensors :center and :scale: expected f64 of 1 or %zu values",
		    d);
	return 0;
}

int
flp_description_scaling(struct flp_scaling *to, const struct flp_record *from, size_t d,
    struct flp_error *e)
{
	const struct flp_tensor *c = NULL, *s = NULL;
	const double *center = flp_record_values(from, ":center", &c);
	const double *scale = flp_record_values(from, ":scale", &s);
	int model = is_model(from);

	memset(to, 0, sizeof *to);
	if (center == NULL && scale == NULL)
		return 0;
	if ((model ? check_model_shapes(c, s, d, e) : check_shapes(c, s, d, e)) < 0)
		return -1;
	for (size_t i = 0; i < c->count; i++)
		if (!(scale[i] > 0 && isfinite(1 / scale[i])))
			return flp_error_bad(e, "%s %zu: expected more than 0, found %g", model ?
			    "tensor :scale: value" : ":scale: column", i, scale[i]);
	*to = (struct flp_scaling){ center, scale, (size_t)c->count };
	return 0;
}

/* The parts that are there, in the order of their tensors; their number. */
static size_t
list_parts(const struct flp_description *d, struct part part[PARTS])
{
	const struct flp_texts *texts[] = { d->features, d->classes, d->groups, d->schema };
	static const char *const name[] = { ":features", ":classes", ":groups", ":schema" };
	const struct flp_scaling *s = &d->scaling;
	size_t n = 0;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (texts[i] != NULL)
			part[n++] = (struct part){ name[i], texts[i], NULL, texts[i]->used };
	if (s->center != NULL) {
		part[n++] = (struct part){ ":center", NULL, s->center, s->n };
		part[n++] = (struct part){ ":scale", NULL, s->scale, s->n };
	}
	return n;
}

int
flp_description_add(struct flp_header *h, const struct flp_description *d, struct flp_error *e)
{
	struct part part[PARTS];
	size_t n = list_parts(d, part);

	for (size_t i = 0; i < n; i++)
		if (flp_header_add(h, part[i].name, part[i].texts ? FLP_DTYPE_U8 : FLP_DTYPE_F64, 1,
		    &part[i].n, e) < 0)
			return -1;
	return 0;
}

static int
write_names(struct flp_writer *w, const struct flp_texts *texts, struct flp_error *e)
{
	char *lines = flp_memory_new(texts->used, 1, e);
	int status;

	if (lines == NULL)
		return -1;
	flp_texts_lines(texts, lines);
	status = flp_writer_values(w, lines, texts->used, e);
	free(lines);
	return status;
}

int
flp_description_write(struct flp_writer *w, const struct flp_description *d,
    struct flp_error *e)
{
	struct part part[PARTS];
	size_t n = list_parts(d, part);

	for (size_t i = 0; i < n; i++)
		if ((part[i].texts ? write_names(w, part[i].texts, e) :
		    flp_writer_values(w, part[i].values, part[i].n * sizeof *part[i].values, e)) < 0)
			return -1;
	return 0;
}

void
flp_description_fill(struct flp_record *to, const struct flp_description *d)
{
	struct part part[PARTS];
	size_t n = list_parts(d, part);

	for (size_t i = 0; i < n; i++) {
		void *values = flp_record_values(to, part[i].name, NULL);

		if (part[i].texts != NULL)
			flp_texts_lines(part[i].texts, values);
		else
			memcpy(values, part[i].values, part[i].n * sizeof *part[i].values);
	}
}

const struct flp_scaling flp_scaling_images = {
	.center = &(const double){ 0 }, .scale = &(const double){ 255 }, .n = 1 };

size_t
flp_scaling_at(const struct flp_scaling *s, size_t column)
{
	return s->n == 1 ? 0 : column;
}

size_t
flp_scaling_differs(const struct flp_scaling *a, const struct flp_scaling *b, size_t d)
{
	for (size_t i = 0; i < d; i++) {
		size_t p = flp_scaling_at(a, i), q = flp_scaling_at(b, i);

		if (a->center[p] != b->center[q] || a->scale[p] != b->scale[q])
			return i;
	}
	return d;
}
