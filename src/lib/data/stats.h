/* Federated statistics: what a site may tell about its data instead of rows.
 *
 * A record of kind stats with the tensors, d columns and k classes:
 *   count      u64 [d]     rows that have a value in a column
 *   sum        i64 [d,11]  of x in those rows, as digits of 2^(32 k - 160), and
 *   sumsq      i64 [d,20]  of x * x, as digits of 2^(32 k - 320): see kernel/digits.h
 *   class      u64 [k]     rows of each class; where the data have classes
 *   :features  u8          } as in the data, where there
 *   :classes   u8          }
 *   :schema    u8          }
 * Metadata: those of the data, and examples, the number of rows. Records add
 * up tensor by tensor to the record of all rows (fl-aggregate --sum). x is
 * taken as stored: :center and :scale of the data do not count here. */
#ifndef FLP_DATA_STATS_H
#define FLP_DATA_STATS_H

#include "data/dataset.h"

/* The statistics of a data set. Sums are exact, and each has one form: the bytes
 * are the same in any order of rows. A row counts in its class even if it lacks
 * values. A data set without rows is refused, and so is x that is not 0 where it
 * is missing. */
int flp_stats_record(struct flp_record *to, const struct flp_dataset *set,
    struct flp_error *e) FLP_CHECKED;

/* Adds the tensors of such a record to a header, but for those of names: of d columns and, with
 * classes = 1, of k classes. */
int flp_stats_tensors(struct flp_header *h, uint64_t d, int classes, uint64_t k,
    struct flp_error *e) FLP_CHECKED;

/* Checks that a record of kind stats, or a partial of such, has the tensors
 * above, and gives the number of columns and (where features is not NULL) their
 * names, none for a record that has none; flp_texts_free frees them. */
int flp_stats_columns(const struct flp_record *stats, size_t *d,
    struct flp_texts *features, struct flp_error *e) FLP_CHECKED;

/* Checks that rows can have these statistics: the record has the tensors above;
 * no count is above `examples`, and the classes add up to it; in each column
 * |sum| is at most count * FLT_MAX, sumsq is at most count * FLT_MAX^2 and
 * count * sumsq is at least sum^2; and if :schema says that the column is a
 * level, sum is whole, equal to sumsq, and 0 to count. All of this is computed in
 * integers. The descriptions must go together, and digits must be at most 2^32
 * for each of the examples, and 2^53. The error names the column. */
int flp_stats_check(const struct flp_record *stats, struct flp_error *e) FLP_CHECKED;

/* 1 if all values of a column must be 0 or 1, as those of a level are: its sum is whole and
 * equal to its sum of squares. *ones is then that sum, the number of rows that have a 1.
 * flp_stats_check must have passed the statistics. */
int flp_stats_ones(const struct flp_record *stats, size_t column, uint64_t *ones);

/* Mean and standard deviation of each column, into d values each:
 *     center = sum / count
 *     scale = sqrt((count * sumsq - sum^2) / (count * (count - 1)))
 * Each is the double nearest to the exact value, ties to even: the digits are
 * carried and the differences taken in integers, and nothing is rounded before.
 * If all values of a column are the same, its scale is 1. Every result is 0 or a normal double: f32 values have
 * means below 2^128, and deviations that are 0 or above 2^-213. Statistics that
 * flp_stats_check refuses are an error, and so is a column in which fewer than
 * two rows have a value. */
int flp_stats_scaling(const struct flp_record *stats, double *center, double *scale,
    struct flp_error *e) FLP_CHECKED;

#endif
