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
	struct flp_entry loaded; /* the record that was read whole last */
	struct flp_entry *entry; /* of the record at hand, NULL if it is not known yet */
	int all;                 /* 1: the result's totals are of the whole model */
	int failed;              /* 1: no memory for a total, which is no single record's fault */
};

/* Adds n values of a record to the total of a piece, from the piece's value `at` on. */
int flp_run_add(struct flp_run *run, const struct flp_entry *entry, const struct flp_piece *p,
    size_t at, size_t n, enum flp_dtype dtype, const void *values,
    struct flp_error *e) FLP_CHECKED;

/* Reads the values of record k of the stack that belong to a piece. With `check` it checks
 * that they may be added. Adds them to the piece's total, if it has one. */
int flp_run_read(struct flp_run *run, size_t k, const struct flp_piece *p, int check,
    struct flp_error *e) FLP_CHECKED;

/* Reads all values of record k of the stack, to check that they are whole and may be added. */
int flp_run_look(struct flp_run *run, size_t k, struct flp_error *e) FLP_CHECKED;

/* Puts the place of record k of the stack before an error. A bad record that is found only
 * now, under `strict`, is left out in the report too. Returns -1. */
int flp_run_at(struct flp_run *run, size_t k, struct flp_error *e);

#endif
