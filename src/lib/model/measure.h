/* How well a model does on a data record. */
#ifndef FLP_MODEL_MEASURE_H
#define FLP_MODEL_MEASURE_H

#include "learn/metrics.h"
#include "learn/network.h"
#include "model/model.h"

/* Empties *to and fills it with the measures of the model on a data record. *rec is used up: it is
 * empty afterwards. `net` is a network of the model's architecture. *client, which the caller
 * frees, is set to the client's name in the record or, if it has none, to the place that the record
 * came from, in printable UTF-8. */
int flp_measure_record(const struct flp_model *m, struct flp_network *net,
    struct flp_record *rec, const char *place, struct flp_metrics *to, char **client,
    struct flp_error *e) FLP_CHECKED;

#endif
