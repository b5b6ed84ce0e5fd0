/* How well a model does on a data record. */
#ifndef FLP_MODEL_MEASURE_H
#define FLP_MODEL_MEASURE_H

#include "learn/metrics.h"
#include "learn/network.h"
#include "model/model.h"

/* Empties *to and fills it with the measures of the model on a data record, of
 * which nothing is left then. `net` is a network of the model's architecture.
 * *client, for the caller to free, is the name of whose data it is or, where
 * the record has none, the place it came from: printable UTF-8. */
int flp_measure_record(const struct flp_model *m, struct flp_network *net,
    struct flp_record *rec, const char *place, struct flp_metrics *to, char **client,
    struct flp_error *e) FLP_CHECKED;

#endif
