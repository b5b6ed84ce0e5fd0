/* Names of clients in a record: a u8 tensor of one dimension, sorted as bytes, one a line. */
#ifndef FLP_FORMAT_NAMES_H
#define FLP_FORMAT_NAMES_H

#include "format/record.h"
#include "text/texts.h"

#define FLP_NAMES_CLIENTS ":clients" /* of a cohort, a roster, a graph */
#define FLP_NAMES_SENDERS ":senders" /* of a sum of masked records: its last tensor */

/* Makes a set from the tensor of a record that is called so. FLP_ERROR_BAD if there is none, or if
 * its bytes are not lines in order, each once; the sentence shows the names, which are no site's
 * data. The caller frees *names, even on failure; it is empty at first. */
int flp_names_take(struct flp_texts *names, const char *tensor, const struct flp_record *record,
    struct flp_error *e) FLP_CHECKED;

#endif
