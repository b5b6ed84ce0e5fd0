/* What a new model is made for, read from files. */
#ifndef FLP_MODEL_SOURCE_H
#define FLP_MODEL_SOURCE_H

#include "data/schema.h"
#include "model/model.h"

/* The spec points into the rest, so a source stays where it is. */
struct flp_model_source {
	struct flp_model_spec spec;
	struct flp_dataset set;    /* of a data record, or */
	struct flp_schema schema;  /* of a schema, and */
	struct flp_texts features; /* its features */
	struct flp_texts lines;    /* its x and y */
	double *scaling;           /* of statistics */
};

/* Columns, classes and, of a data record, the scaling it brings. The file is a
 * data record or, where it does not begin as a record does, a schema. A scaling that a data
 * record brings is raw, as its rows are, except that of images, which is public. */
int flp_model_source_read(struct flp_model_source *s, const char *path,
    struct flp_error *e) FLP_CHECKED;

/* The same for an input of which nothing has been read. */
int flp_model_source_take(struct flp_model_source *s, struct flp_in *in,
    struct flp_error *e) FLP_CHECKED;

/* Mean and deviation of a stats record, whose columns must be the same, and so
 * must be the scaling of data that bring one: FLP_ERROR_USAGE where it is not. The scaling
 * has the privacy state of the statistics. */
int flp_model_source_scale(struct flp_model_source *s, const char *path,
    struct flp_error *e) FLP_CHECKED;

void flp_model_source_free(struct flp_model_source *s);

#endif
