/* The model, or the columns of statistics, that a vector belongs to, from the file of --model. */
#ifndef FL_MASK_MODEL_H
#define FL_MASK_MODEL_H

#include "mask/vector.h"

/* Reads it into v->model and v->base: with stats = 1 the columns of a schema or data record
 * (mask/columns.h), else a model. The record is the caller's. Ends the tool on failure. */
void mask_model_load(struct flp_vector *v, struct flp_record *model, const char *path, int stats);

#endif
