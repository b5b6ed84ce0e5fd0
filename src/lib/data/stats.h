/* Federated statistics: what a site may tell of its data instead of rows.
 *
 * A record of kind stats with the tensors, d columns and k classes:
 *   count      u64 [d]  rows that count in a column
 *   sum        f64 [d]  of x
 *   sumsq      f64 [d]  of x * x
 *   class      u64 [k]  rows of each class; where the data have classes
 *   :features  u8       } as in the data, where there
 *   :classes   u8       }
 *   :schema    u8       }
 * Metadata: those of the data, and examples, the number of rows. Records add
 * up tensor by tensor to the record of all rows (fl-aggregate --sum). x is
 * taken as stored: :center and :scale of the data do not count here. */
#ifndef FLP_DATA_STATS_H
#define FLP_DATA_STATS_H

#include "data/dataset.h"

/* The statistics of a data set. Each sum is exact and rounded once, so the
 * order of rows does not matter. Refused, with the column named: sums of
 * 2^63 or more, and columns whose values are so small that their squares are
 * lost on the grid of the exact sum (mean square under 2^-40). */
int flp_stats_record(struct flp_record *to, const struct flp_dataset *set,
    struct flp_error *e) FLP_CHECKED;

/* Checks that a record is statistics as above, and gives the number of
 * columns and (where features is not NULL) their names, none for a record
 * that has none; flp_texts_free frees them. */
int flp_stats_columns(const struct flp_record *stats, size_t *d,
    struct flp_texts *features, struct flp_error *e) FLP_CHECKED;

/* Mean and standard deviation of each column, into d values each:
 *     center = sum / count
 *     scale = sqrt((sumsq - sum^2 / count) / (count - 1))
 * A variance that is not above the rounding of the sums, as a constant
 * column's, gives scale 1. The same on every machine. A column that counts
 * fewer than two rows is an error. */
int flp_stats_scaling(const struct flp_record *stats, double *center, double *scale,
    struct flp_error *e) FLP_CHECKED;

#endif
