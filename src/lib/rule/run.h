/* One aggregation: what its first reading (rule/take.h) and its second (rule/aggregate.h)
 * share. */
#ifndef FLP_RULE_RUN_H
#define FLP_RULE_RUN_H

#include "rule/aggregate.h"
#include "rule/result.h"
#include "rule/stack.h"

struct flp_run {
	struct flp_aggregation *a;
	struct flp_admit *admit;
	struct flp_stack stack;
	struct flp_result result;
	struct flp_entry loaded; /* the last record that was read whole instead of kept on the stack */
	struct flp_entry *entry; /* the record being taken; NULL before its header is checked */
	int all;                 /* 1: the result's totals are of the whole model */
	int failed;              /* 1: adding to these totals failed, which must end the run */
};

/* Adds n values of a record, in the dtype that they have in it, to the total of a piece, from the
 * piece's value `at` on. */
int flp_run_add(struct flp_run *run, const struct flp_entry *entry, const struct flp_piece *p,
    size_t at, size_t n, enum flp_dtype dtype, const void *values,
    struct flp_error *e) FLP_CHECKED;

/* Reads the values of record k of the stack that belong to a piece, which must be the next of the
 * record. With check = 1 it checks them (flp_admit_values). If the piece has a total, it adds
 * them to it. */
int flp_run_read(struct flp_run *run, size_t k, const struct flp_piece *p, int check,
    struct flp_error *e) FLP_CHECKED;

/* Reads all of record k of the stack, and checks that it is undamaged and that its values and
 * its norm may be added. */
int flp_run_look(struct flp_run *run, size_t k, struct flp_error *e) FLP_CHECKED;

/* Puts the place of record k of the stack before an error, and returns -1. Under `strict` a record
 * may be found to be bad only after it was taken; the report then says that it was left out. */
int flp_run_at(struct flp_run *run, size_t k, struct flp_error *e);

#endif
