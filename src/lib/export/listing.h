/* Records as text for people. */
#ifndef FLP_EXPORT_LISTING_H
#define FLP_EXPORT_LISTING_H

#include "base/out.h"
#include "loop/inputs.h"

/* Prints the record whose header flp_inputs_next has just given, and finishes it: its place, kind
 * and privacy state; a line for each tensor, with its statistics or, if `values` is 1, followed
 * by all its values; each key of the metadata; and label, bytes, design, digest and id, as
 * flp_json_record (export/json.h) does. An empty line comes before every record but the first.
 * Texts in the record can't send control characters to the terminal. *nonfinite is set to the
 * number of values that are not finite. */
int flp_listing_record(struct flp_out *out, const struct flp_inputs *in,
    const struct flp_header *h, int values, uint64_t *nonfinite,
    struct flp_error *e) FLP_CHECKED;

#endif
