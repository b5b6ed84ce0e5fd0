/* How well models do on a data record. */
#ifndef FLP_MODEL_MEASURE_H
#define FLP_MODEL_MEASURE_H

#include "learn/metrics.h"
#include "learn/network.h"
#include "model/model.h"

/* Whose data a record holds: the client that it names or, if it names none, the place that it
 * came from, as printable UTF-8. The caller frees it; NULL on an error. */
char *flp_measure_client(const struct flp_header *h, const char *place,
    struct flp_error *e) FLP_CHECKED;

/* Empties *to and fills it with the measures of the model on a data set; flp_metrics_free frees
 * what it then holds. `net` is a network of the model's architecture. FLP_ERROR_BAD if the data
 * do not fit the model or an output is not finite. */
int flp_measure(const struct flp_model *m, struct flp_network *net,
    const struct flp_dataset *set, struct flp_metrics *to, struct flp_error *e) FLP_CHECKED;

/* The same for the model in the file `path`, which a client trained by itself and which is
 * compared with m. Its architecture may be another. FLP_ERROR_BAD if it does not predict what m
 * predicts, the same classes in the same order or a number, or if both it and the data name a
 * client and the names differ. Errors name the file. */
int flp_measure_local(const char *path, const struct flp_model *m,
    const struct flp_dataset *set, struct flp_metrics *to, struct flp_error *e) FLP_CHECKED;

#endif
