/* A data record as a table in CSV: its features, then y, then group.
 *
 * x comes first in a record and is too large to hold in memory; y and group come after
 * it. So the record is read twice, first for all but x, then for x. */
#ifndef FLP_EXPORT_SHEET_H
#define FLP_EXPORT_SHEET_H

#include "base/out.h"
#include "data/dataset.h"

/* Reads, checks and finishes the data record whose header flp_reader_next just
 * gave. The values of x are passed over: set->x_f32 or set->x_u8 must not be used. All
 * else in *set is filled in. */
int flp_sheet_load(struct flp_dataset *set, struct flp_reader *r, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;

/* Prints the header line and, with the same record begun again, the rows; and
 * finishes it. A missing value is an empty field. Features without names
 * are x1, x2, ... The title of the label is the name that the schema gives it, or "y"; that of
 * the group is "group"; with as many _ before it as tell it from the features and each other. */
int flp_sheet_print(const struct flp_dataset *set, struct flp_out *out, struct flp_reader *r,
    const struct flp_header *h, struct flp_error *e) FLP_CHECKED;

#endif
