/* A data record as a table in CSV: its features, then y, then group.
 *
 * x comes first in a record and is too large to hold in memory; y and group come after
 * it. So the record is read twice, first for all but x, then for x. */
#ifndef FLP_EXPORT_SHEET_H
#define FLP_EXPORT_SHEET_H

#include "base/out.h"
#include "data/dataset.h"

/* Reads, checks and finishes the data record whose header flp_reader_next has just given. The
 * values of x are skipped, so set->x_f32 and set->x_u8 must not be used. Everything else in *set is
 * filled in. */
int flp_sheet_load(struct flp_dataset *set, struct flp_reader *r, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;

/* Prints the header line and the rows, from the same record, which was begun again, and finishes
 * the record. A missing value is an empty field. Features without names are called x1, x2 and so
 * on. The title of the label is the name that the schema gives it, or "y", and that of the group is
 * "group", with as many _ before them as make them differ from the features and each other. */
int flp_sheet_print(const struct flp_dataset *set, struct flp_out *out, struct flp_reader *r,
    const struct flp_header *h, struct flp_error *e) FLP_CHECKED;

#endif
