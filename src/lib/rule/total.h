/* A running total of one tensor, or of a stretch of it, over many records.
 *
 * Floats are summed exactly (kernel/exact.h). Integers are added up in 128
 * bits, so that only the sum has to fit, or must be equal in all records;
 * descriptions must be equal. */
#ifndef FLP_RULE_TOTAL_H
#define FLP_RULE_TOTAL_H

#include "format/header.h"

enum flp_rule { FLP_RULE_MEAN, FLP_RULE_SUM };

/* What becomes of the values of many records: floats are summed exactly, to be
 * divided and rounded; integers are counted together, under FLP_RULE_SUM; descriptions,
 * and integers under a mean, must be alike. A sum's dtype is taken as its float's. */
enum flp_treatment { FLP_TREATMENT_SUMMED, FLP_TREATMENT_COUNTED, FLP_TREATMENT_ALIKE };
enum flp_treatment flp_total_treatment(const struct flp_tensor *t, enum flp_rule rule);

struct flp_total;

/* Room for `room` values of any dtype. */
struct flp_total *flp_total_new(size_t room, struct flp_error *e) FLP_CHECKED;
void flp_total_free(struct flp_total *total);

/* Empties it for n values, n <= room, of tensor t (as it is in the result) from
 * value `first` on. t is kept, not copied, until the next of these calls. */
int flp_total_begin(struct flp_total *total, const struct flp_tensor *t, enum flp_rule rule,
    uint64_t first, size_t n, struct flp_error *e) FLP_CHECKED;

/* Adds the n values of one record, times its weight, or, where `dtype` is a
 * sum's, the stored sums, weighted already. Weight 0 is that of a partial of
 * nothing, which has no values. */
int flp_total_add(struct flp_total *total, const void *values, enum flp_dtype dtype,
    uint64_t weight, struct flp_error *e) FLP_CHECKED;

/* Values at .. at + n of the result: floats divided by divisor and rounded once
 * or, where dtype is a sum's, the sums. Zeros where nothing was added. */
int flp_total_result(const struct flp_total *total, size_t at, size_t n, void *values,
    enum flp_dtype dtype, uint64_t divisor, struct flp_error *e) FLP_CHECKED;

#endif
