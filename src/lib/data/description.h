/* What a record says about its columns, in tensors that data/dataset.h lists. Data
 * records, statistics and models carry the same ones. */
#ifndef FLP_DATA_DESCRIPTION_H
#define FLP_DATA_DESCRIPTION_H

#include "format/record.h"
#include "text/texts.h"

/* A column x stands for (x - center) / scale. One value holds for all columns. */
struct flp_scaling {
	const double *center, *scale; /* n values each, NULL: none */
	size_t n;                     /* 1, or one for each column */
};

/* The scaling of images, whose pixels are u8: center 0 and scale 255. It is not a statistic. */
extern const struct flp_scaling flp_scaling_images;

struct flp_description {
	const struct flp_texts *features, *classes, *groups; /* NULL: none */
	const struct flp_texts *schema; /* lines as flp_schema_lines gives them; NULL: none */
	struct flp_scaling scaling;
};

/* Reads the names in the tensor called `name`; the set is empty if there is no
 * such tensor. The caller frees it. Classes that are numbers get the spelling of
 * data/schema.h; two that are then equal are an error. */
int flp_description_names(struct flp_texts *to, const struct flp_record *from,
    const char *name, struct flp_error *e) FLP_CHECKED;

/* Reads the lines of :schema, which the caller frees; there are none if there is no such
 * tensor. They must be those of a schema of d columns with these names and these classes; names
 * that the record does not have (n = 0) are not compared. */
int flp_description_schema(struct flp_texts *lines, const struct flp_record *from, size_t d,
    const struct flp_texts *features, const struct flp_texts *classes,
    struct flp_error *e) FLP_CHECKED;

/* The name of the label's column, *n bytes in the lines that flp_description_schema gave; NULL if
 * they do not say it. */
const char *flp_description_label(const struct flp_texts *lines, size_t *n);

/* Returns 0 if two schemas agree, or if one has no lines; with `whole`, what they say about y
 * is compared too. Otherwise returns -1, and the error is the first difference. */
int flp_description_same_schema(const struct flp_texts *expected, const struct flp_texts *found,
    int whole, struct flp_error *e);

/* Reads the scaling of d columns, which stays the record's. It is an error if only
 * one of :center and :scale is there, if they are not f64 with 1 or d values, or if
 * a scale is not above 0 or has no finite inverse. */
int flp_description_scaling(struct flp_scaling *to, const struct flp_record *from, size_t d,
    struct flp_error *e) FLP_CHECKED;

/* These add the tensors of a description to a header, write their values after those
 * of the tensors before them, and fill them in. */
int flp_description_add(struct flp_header *h, const struct flp_description *d,
    struct flp_error *e) FLP_CHECKED;
int flp_description_write(struct flp_writer *w, const struct flp_description *d,
    struct flp_error *e) FLP_CHECKED;
void flp_description_fill(struct flp_record *to, const struct flp_description *d);

/* The index at which a scaling holds the values of a column. */
size_t flp_scaling_at(const struct flp_scaling *s, size_t column);

/* The first of d columns that two scalings treat in different ways, or d if there
 * is none. */
size_t flp_scaling_differs(const struct flp_scaling *a, const struct flp_scaling *b, size_t d);

#endif
