#include "rule/aggregate.h"
#include "rule/take.h"

#include <string.h>

#define COLUMNS ((uint64_t)16 << 20) /* most bytes of columns in memory, as f64 */

/* Checks that enough clients were taken, and that nothing was left out that may not be. */
static int
check_clients(const struct flp_run *run, struct flp_error *e)
{
	const struct flp_aggregation *a = run->a;
	uint64_t clients = flp_admit_clients(run->admit);

	if (a->expect != 0 && clients != a->expect)
		return flp_error_bad(e, "expected %llu clients, found %llu",
		    (unsigned long long)a->expect, (unsigned long long)clients);
	if (clients < a->least)
		return flp_error_bad(e, "expected at least %llu clients, found %llu",
		    (unsigned long long)a->least, (unsigned long long)clients);
	if (run->a->bad.n > 0 && !a->counted)
		return flp_error_bad(e, flp_admit_records(run->admit) == 0 &&
		    !run->admit->like ? "all inputs were left out" :
		    "%llu %s left out, so no result is written (see --min-clients and --expect)",
		    (unsigned long long)run->a->bad.n,
		    run->a->bad.n == 1 ? "input was" : "inputs were");
	return 0;
}

static int
begin_result(struct flp_run *run, struct flp_out *out, struct flp_error *e)
{
	const struct flp_admit *admit = run->admit;
	int (*check)(const struct flp_rule *, uint64_t, struct flp_error *) =
	    admit->rule.kind->check;

	if (flp_admit_end(run->admit, e) < 0 || check_clients(run, e) < 0)
		return -1;
	if (flp_admit_none(admit) && !admit->like)
		return flp_error_bad(e, run->a->bad.n > 0 ? "all inputs were left out" :
		    "expected a record, found nothing");
	if (check != NULL && check(&admit->rule, flp_admit_records(admit), e) < 0)
		return -1;
	return flp_result_begin(&run->result, out, e);
}

/* Adds record k's values to the window. Under `strict` they are checked here. */
static int
add_record(struct flp_run *run, size_t k, struct flp_error *e)
{
	for (size_t i = 0; i < run->result.pieces; i++)
		if (flp_run_read(run, k, &run->result.piece[i], run->a->bad.strict, e) < 0)
			return -1;
	return 0;
}

/* Ends record k after its last window: adds its id, or a partial's set of ids, and checks that all
 * that was read is undamaged. */
static int
end_record(struct flp_run *run, size_t k, struct flp_error *e)
{
	struct flp_entry *entry = flp_stack_entry(&run->stack, k);
	uint16_t words[FLP_IDSET_WORDS];

	if (entry->kind != FLP_KIND_PARTIAL) {
		flp_idset_add(&run->admit->parents, entry->id.byte);
	} else {
		if (flp_stack_values(&run->stack, k, FLP_IDSET_WORDS, words, e) < 0)
			return -1;
		flp_idset_join(&run->admit->parents, words);
	}
	entry->normed = 1;
	if (run->a->bad.strict && flp_admit_norm(run->admit, entry, e) < 0)
		return -1;
	flp_report_norm(&run->a->report, entry);
	return flp_stack_rest(&run->stack, k, run->result.block, FLP_RESULT_WINDOW, e);
}

/* The most values of a window. */
static uint64_t
window(const struct flp_run *run)
{
	uint64_t most = FLP_RESULT_WINDOW, records = run->stack.records;

	return flp_rule_adds(&run->admit->rule) || records <= COLUMNS / sizeof(double) / most ?
	    most : COLUMNS / sizeof(double) / records + 1;
}

/* Adds the records on the stack to those that were added before, if any, and writes the values of
 * the result. */
static int
write_values(struct flp_run *run, struct flp_error *e)
{
	for (size_t k = 0; run->a->bad.strict && k < run->stack.records; k++)
		flp_entry_begin_values(flp_stack_entry(&run->stack, k));
	do {
		if (!run->all && flp_result_window(&run->result, window(run), e) < 0)
			return -1;
		for (size_t k = 0; k < run->stack.records; k++)
			if (flp_stack_has(&run->stack, k) && add_record(run, k, e) < 0)
				return flp_run_at(run, k, e);
		if (flp_result_write(&run->result, e) < 0)
			return -1;
	} while (!flp_result_last(&run->result));
	return 0;
}

/* Returns -1. If values could not be added or a sum does not fit, the cause may be a file
 * that has changed since it was checked. That change is then the error. */
static int
blame_changes(struct flp_run *run, struct flp_error *e)
{
	struct flp_error other;

	for (size_t k = 0; e->code == FLP_ERROR_BAD && k < run->stack.records; k++)
		if (flp_stack_has(&run->stack, k) && flp_stack_rest(&run->stack, k,
		    run->result.block, FLP_RESULT_WINDOW, &other) < 0) {
			*e = other;
			return flp_run_at(run, k, e);
		}
	return -1;
}

/* Standard input alone, and nothing in it: most often the command before this one has failed.
 * It is allowed only if zeros may be the result. */
static int
check_input(const struct flp_run *run, char **paths, struct flp_error *e)
{
	int may_be_empty = run->admit->like && run->a->expect == 0 && run->a->least == 0;

	if (!flp_admit_none(run->admit) || run->a->bad.n > 0 || may_be_empty || paths[0] == NULL ||
	    strcmp(paths[0], "-") != 0 || paths[1] != NULL)
		return 0;
	return flp_in_nothing(paths[0], "a record", e);
}

static int
write_result(struct flp_run *run, struct flp_error *e)
{
	if (write_values(run, e) < 0)
		return run->a->bad.strict ? -1 : blame_changes(run, e);
	for (size_t k = 0; k < run->stack.records; k++)
		if (flp_stack_has(&run->stack, k) && end_record(run, k, e) < 0)
			return flp_run_at(run, k, e);
	return flp_result_end(&run->result, e);
}

int
flp_aggregate(struct flp_aggregation *a, char **paths, struct flp_out *out, struct flp_error *e)
{
	struct flp_run run = { .a = a, .admit = &a->admit };
	int status = -1;

	flp_stack_init(&run.stack);
	if (flp_result_init(&run.result, &a->admit, a->partial, e) == 0 &&
	    flp_take_all(&run, paths, e) == 0 && check_input(&run, paths, e) == 0 &&
	    begin_result(&run, out, e) == 0)
		status = write_result(&run, e);
	flp_entry_free(&run.loaded);
	flp_stack_free(&run.stack);
	flp_result_free(&run.result);
	return status;
}
