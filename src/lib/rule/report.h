/* The report of an aggregation: a table that says what became of each record, one line a record.
 *
 *   place    the file and, from its second record on, the record's number: "u.flp: record 2"
 *   verdict  taken; left-out; or unused, if the record was good but the run has no result
 *   reason   why it was left out
 *   client   the name in its metadata
 *   weight   its weight
 *   norm     the Euclidean norm of its floats, with nine significant digits
 *   id       its id
 * A line of titles comes first. Fields are separated by tabs. A field is "-" where it is not
 * known, and bytes that are not printable are escaped. */
#ifndef FLP_RULE_REPORT_H
#define FLP_RULE_REPORT_H

#include "base/out.h"
#include "rule/entry.h"

struct flp_report {
	const char *path; /* the file; NULL: there is to be no report, and the calls keep no rows */
	struct flp_report_row *row;
	size_t n, room;
};

void flp_report_free(struct flp_report *report);

/* Adds a row for a record that is good so far. *index is the row's number. */
int flp_report_add(struct flp_report *report, const struct flp_entry *entry, size_t *index,
    struct flp_error *e) FLP_CHECKED;

/* Adds a row for an input or a record that is left out, and the reason. `entry` holds what is known
 * of the record; NULL: nothing. */
int flp_report_bad(struct flp_report *report, const char *place, const char *reason,
    const struct flp_entry *entry, struct flp_error *e) FLP_CHECKED;

/* Notes that the record of row `index`, which was added as good, is left out after all. */
int flp_report_leave_out(struct flp_report *report, size_t index, const char *reason,
    struct flp_error *e) FLP_CHECKED;

/* Sets the norm in row entry->row, if all values were read. Statistics and partials have none. */
void flp_report_norm(struct flp_report *report, const struct flp_entry *entry);

/* Writes the whole table to a temporary file. flp_out_commit then gives it its name, report->path,
 * and flp_out_discard removes it. The verdict of a record that was not left out is "taken" if
 * taken = 1, "unused" if taken = 0. */
int flp_report_write(const struct flp_report *report, int taken, struct flp_out *out,
    struct flp_error *e) FLP_CHECKED;

#endif
