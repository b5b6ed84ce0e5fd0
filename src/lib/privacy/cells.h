/* Small cells: counts in statistics that are of too few rows or people.
 *
 * A count of 1 to min-count - 1 is refused. So is one whose difference from its total is
 * that small, since the difference is a count too. Small cells are not left out instead, because
 * a missing cell can often be worked out from the rest of the table. The counts are
 *   all rows
 *   for a column: the rows that have a value in it; and, if its values are 0 or 1, as those of
 *   a level are, how many of these rows have a 1
 *   for a column that has a reference: the rows that have this level, which are those with a
 *   value less those that have another level
 *   for a class: its rows
 *   for a column of other values, where the rows are at hand: if there are up to three, and they
 *   recur, the rows that have each, since the three sums tell these; and if more than half of the
 *   rows share a value, the rows that have another. If it were one row, the sums would tell it.
 * The error names the columns, but not the level or the class. */
#ifndef FLP_PRIVACY_CELLS_H
#define FLP_PRIVACY_CELLS_H

#include "data/dataset.h"
#include "data/stats.h"
#include "privacy/site.h"

/* Asks the policy about the counts of a record of kind stats, which flp_stats_check must have
 * accepted. `set` is the data set that the statistics were made from, or NULL. */
int flp_cells_check(const struct flp_site *site, const struct flp_record *stats,
    const struct flp_dataset *set, struct flp_error *e) FLP_CHECKED;

/* Asks the policy about the same counts, of people instead of rows. subject[i], below `subjects`,
 * is the person of row i. A person who has rows on both sides of a count is counted on both. */
int flp_cells_people(const struct flp_site *site, const struct flp_record *stats,
    const struct flp_dataset *set, const uint32_t *subject, size_t subjects,
    struct flp_error *e) FLP_CHECKED;

#endif
