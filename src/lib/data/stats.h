/* Federated statistics: what a site may tell about its data instead of rows.
 *
 * A record of kind stats with these tensors, for d columns and k classes:
 *   count      u64 [d]     rows that have a value in a column
 *   sum        i64 [d,11]  of x in those rows; digit i counts 2^(32 i - 160)
 *   sumsq      i64 [d,20]  of x * x; digit i counts 2^(32 i - 320): see kernel/digits.h
 *   class      u64 [k]     rows of each class, if the data have classes
 *   :features  u8          } as in the data, if they have them
 *   :classes   u8          }
 *   :schema    u8          }
 * Metadata: those of the data, and examples, the number of rows. Records add
 * up tensor by tensor to the record of all rows (fl-aggregate --sum). x is
 * taken as stored: :center and :scale of the data are not applied. */
#ifndef FLP_DATA_STATS_H
#define FLP_DATA_STATS_H

#include "data/dataset.h"

/* Makes the statistics of a data set. Sums are exact, and each has one form, so the
 * bytes are the same in any order of rows. A row counts in its class even if it lacks
 * values. A data set without rows is refused, and so is x that is not 0 where it is
 * missing. */
int flp_stats_record(struct flp_record *to, const struct flp_dataset *set,
    struct flp_error *e) FLP_CHECKED;

/* Adds the tensors of such a record to a header, except for the descriptions: for d columns
 * and, with classes = 1, k classes. */
int flp_stats_tensors(struct flp_header *h, uint64_t d, int classes, uint64_t k,
    struct flp_error *e) FLP_CHECKED;

/* Checks that a record of kind stats, or a partial of such records, has the tensors
 * above, and gives the number of columns and, if features is not NULL, their names, of
 * which a record may have none; flp_texts_free frees them. */
int flp_stats_columns(const struct flp_record *stats, size_t *d,
    struct flp_texts *features, struct flp_error *e) FLP_CHECKED;

/* Checks that rows can have these statistics: the record has the tensors above;
 * no count is above `examples`, and the classes add up to it; in each column
 * |sum| is at most count * FLT_MAX, sumsq is at most count * FLT_MAX^2 and
 * count * sumsq is at least sum^2; and if :schema says that the column is a
 * level, sum is whole, equal to sumsq, and 0 to count. All of this is computed in
 * integers. The descriptions must agree with each other, and a digit must be at
 * most 2^32 times the number of examples, and at most 2^53. The error names the
 * column. */
int flp_stats_check(const struct flp_record *stats, struct flp_error *e) FLP_CHECKED;

/* Returns 1 if all values of a column must be 0 or 1, as those of a level are: its sum is whole
 * and equal to its sum of squares. *ones is then that sum, the number of rows that have a 1.
 * The statistics must have passed flp_stats_check. */
int flp_stats_ones(const struct flp_record *stats, size_t column, uint64_t *ones);

/* Computes the mean and the standard deviation of each column, d values each:
 *     center = sum / count
 *     scale = sqrt((count * sumsq - sum^2) / (count * (count - 1)))
 * Each is the double nearest to the exact value, ties to even: the digits are
 * carried and the differences taken in integers, and nothing is rounded before.
 * If all values of a column are the same, its scale is 1. Every result is 0 or a
 * normal double: f32 values have means below 2^128, and deviations that are 0 or
 * above 2^-213. Statistics that flp_stats_check refuses are an error, and so is a
 * column in which fewer than two rows have a value. */
int flp_stats_scaling(const struct flp_record *stats, double *center, double *scale,
    struct flp_error *e) FLP_CHECKED;

#endif
