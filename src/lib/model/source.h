/* The columns, classes and scaling that a new model is made for, read from files. */
#ifndef FLP_MODEL_SOURCE_H
#define FLP_MODEL_SOURCE_H

#include "data/schema.h"
#include "model/model.h"

/* The specification points into the other fields, so a source must not be moved. */
struct flp_model_source {
	struct flp_model_spec spec;
	struct flp_dataset set;    /* if the file is a data record */
	struct flp_schema schema;  /* if the file is a schema */
	struct flp_texts features; /* the names of the schema's features */
	struct flp_texts lines;    /* the schema's lines of x and y */
	double *scaling;           /* the scaling that statistics give */
};

/* Reads the columns, the classes and, from a data record, its scaling. The file is a data record
 * or, if it does not begin like a record, a schema. The scaling of a data record is raw, like its
 * rows, except that of images, which is public. */
int flp_model_source_read(struct flp_model_source *s, const char *path,
    struct flp_error *e) FLP_CHECKED;

/* The same for an input of which nothing has been read. */
int flp_model_source_take(struct flp_model_source *s, struct flp_in *in,
    struct flp_error *e) FLP_CHECKED;

/* Takes the scaling, mean and deviation, from the record of kind stats in the file at path. Its
 * columns must be those of the source. FLP_ERROR_USAGE if the source has a scaling that differs.
 * The scaling gets the privacy state of the statistics. */
int flp_model_source_scale(struct flp_model_source *s, const char *path,
    struct flp_error *e) FLP_CHECKED;

void flp_model_source_free(struct flp_model_source *s);

#endif
