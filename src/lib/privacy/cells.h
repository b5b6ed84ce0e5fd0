/* Small cells: counts in statistics that are of too few rows or people.
 *
 * A count of 1 to min-count - 1 is refused. So is one whose difference from its total is
 * that small, since the difference is a count too. Nothing is suppressed instead: what is
 * left out of a table can often be told from the rest of it. The counts are
 *   the rows in all
 *   of a column: the rows that have a value in it; and, if its values are 0 or 1, as those of
 *   a level are, the rows that have a 1 out of those
 *   of a class: its rows
 * The error names the column, and not the level or the class. */
#ifndef FLP_PRIVACY_CELLS_H
#define FLP_PRIVACY_CELLS_H

#include "data/dataset.h"
#include "data/stats.h"
#include "privacy/site.h"

/* Asks the policy about the counts of a record of kind stats that flp_stats_check takes. */
int flp_cells_check(const struct flp_site *site, const struct flp_record *stats,
    struct flp_error *e) FLP_CHECKED;

/* Asks it about the same counts of the data set that the statistics are of, but counts people:
 * subject[i] is that of row i, below `subjects`. A person whose rows are on both sides of a
 * count counts on both. */
int flp_cells_people(const struct flp_site *site, const struct flp_record *stats,
    const struct flp_dataset *set, const uint32_t *subject, size_t subjects,
    struct flp_error *e) FLP_CHECKED;

#endif
