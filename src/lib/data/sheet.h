/* A data record as a table in CSV: its features, then y, then group.
 *
 * x comes first in a record and is too large to hold, y and group are behind
 * it: so the record is read twice, first for all but x, then for x. */
#ifndef FLP_DATA_SHEET_H
#define FLP_DATA_SHEET_H

#include "base/out.h"
#include "data/names.h"
#include "format/reader.h"

struct flp_sheet {
	uint64_t n, d;
	uint32_t *classes; /* y as classes, or */
	float *targets;    /* y as targets, or neither */
	uint32_t *group;   /* or NULL */
	struct flp_names feature_names, class_names, group_names; /* n = 0: none */
};

/* Reads and checks the data record whose header flp_reader_next just gave, and
 * finishes it. */
int flp_sheet_read(struct flp_sheet *sheet, struct flp_reader *r, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;
void flp_sheet_free(struct flp_sheet *sheet);

/* Prints the header line and, with the same record begun again, the rows.
 * Features without names are x1, x2, ... Label and group are columns "y" and
 * "group", with as many _ before it as tell them from the features. */
int flp_sheet_print(const struct flp_sheet *sheet, struct flp_out *out, struct flp_reader *r,
    const struct flp_header *h, struct flp_error *e) FLP_CHECKED;

#endif
