/* What became of each record: a table, one line a record.
 *
 *   place    the file and, from its second record on, the number: "u.flp: record 2"
 *   verdict  taken; left-out; unused, if it was good but the run ended without a result
 *   reason   why it was left out
 *   client   the name in its metadata
 *   weight   its weight
 *   norm     the Euclidean norm of its values, as %.9g
 *   id
 * Fields are separated by tabs and are "-" where they are not known; bytes that are not
 * printable are escaped. */
#ifndef FLP_RULE_REPORT_H
#define FLP_RULE_REPORT_H

#include "base/out.h"
#include "rule/entry.h"

struct flp_report {
	const char *path; /* NULL: no report is asked for, and no row is kept */
	struct flp_report_row *row;
	size_t n, room;
};

void flp_report_free(struct flp_report *report);

/* Adds a record that is good so far; *index is its row. */
int flp_report_add(struct flp_report *report, const struct flp_entry *entry, size_t *index,
    struct flp_error *e) FLP_CHECKED;

/* Adds an input, or as much of a record as is known, that is left out for a reason. */
int flp_report_bad(struct flp_report *report, const char *place, const char *reason,
    const struct flp_entry *entry, struct flp_error *e) FLP_CHECKED;

/* Notes that the record of a row is left out after all. */
int flp_report_leave_out(struct flp_report *report, size_t index, const char *reason,
    struct flp_error *e) FLP_CHECKED;

/* Sets the norm of the values in the row of a record, which must be params, an update or a
 * sum. */
void flp_report_norm(struct flp_report *report, const struct flp_entry *entry);

/* Writes the table whole, but not yet under its name, report->path: flp_out_commit gives it
 * the name, flp_out_discard removes it. The verdict of rows that are not left out is "taken",
 * or "unused" if taken = 0. */
int flp_report_write(const struct flp_report *report, int taken, struct flp_out *out,
    struct flp_error *e) FLP_CHECKED;

#endif
