/* The model, or the columns of statistics, that a vector belongs to, from the file of --model. */
#ifndef FL_MASK_MODEL_H
#define FL_MASK_MODEL_H

#include "mask/vector.h"

/* Reads it (mask/columns.h) into v->model and v->base, and finds its round: `given` is the number
 * of --round, if there is one. The record is the caller's. Ends the tool on failure. */
void mask_model_load(struct flp_vector *v, struct flp_record *model, uint64_t *round,
    const char *path, uint64_t given);

#endif
