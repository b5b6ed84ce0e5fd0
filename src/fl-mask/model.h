/* The model, or the columns of statistics, that a vector belongs to, from the file of --model. */
#ifndef FL_MASK_MODEL_H
#define FL_MASK_MODEL_H

#include "mask/vector.h"

/* Reads the file (mask/columns.h) into *model, which the caller frees, and sets v->model and
 * v->base. Sets *round to the round of the model; `given` is the argument of --round, if there is
 * one. Ends the tool on failure. */
void mask_model_load(struct flp_vector *v, struct flp_record *model, uint64_t *round,
    const char *path, uint64_t given);

#endif
