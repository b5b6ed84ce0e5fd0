/* Names of clients in a record: a u8 tensor of one dimension, sorted as bytes, one a line. */
#ifndef FLP_FORMAT_NAMES_H
#define FLP_FORMAT_NAMES_H

#include "format/record.h"
#include "text/texts.h"

#define FLP_NAMES_CLIENTS ":clients" /* of a cohort, a roster, a graph */
#define FLP_NAMES_SENDERS ":senders" /* of a sum of masked records: its last tensor */

/* Reads the names in one of these tensors into an empty set, which the caller frees, even on
 * failure. FLP_ERROR_BAD if the tensor is missing, or if the names are not sorted or one occurs
 * twice. The message may quote names, since those of clients are not data of a site. */
int flp_names_take(struct flp_texts *names, const char *tensor, const struct flp_record *record,
    struct flp_error *e) FLP_CHECKED;

#endif
