#include "rule/take.h"
#include "data/stats.h"
#include "loop/inputs.h"
#include "rule/unique.h"

#include <string.h>

/* The most that is read of statistics: a million columns and their names. */
#define STATS_BYTES ((uint64_t)FLP_DATASET_FEATURES * 32 * 9)

/* Under `single`, checks that the record just read is all that its input holds. */
static int
check_single(const struct flp_run *run, struct flp_inputs *in, struct flp_error *e)
{
	int last = run->admit->policy.single ? flp_inputs_last(in, e) : 1;

	return last == 0 ? flp_error_bad(e, "expected one record, found more") : last < 0 ? -1 : 0;
}

/* Takes the record at hand. Under `strict` a dispute is an error at once. */
static int
take(struct flp_run *run, struct flp_error *e)
{
	struct flp_entry *entry = run->entry;

	if (flp_admit_take(run->admit, entry, e) < 0)
		return -1;
	if (run->a->bad.strict && run->admit->dispute.code != FLP_ERROR_NONE) {
		*e = run->admit->dispute;
		e->placed = 1;
		return -1;
	}
	if (flp_report_add(&run->a->report, entry, &entry->row, e) < 0)
		return -1;
	flp_report_norm(&run->a->report, entry);
	return 0;
}

/* Whether the record at hand, which was checked, holds statistics and is not of nothing. */
static int
is_stats(const struct flp_run *run)
{
	return run->admit->next.header.kind == FLP_KIND_STATS && run->entry->clients > 0;
}

/* Reads statistics whole, which are small, to check that rows can have them. They were read
 * once, so there are as many values as the header says. */
static int
look_at_stats(struct flp_run *run, const struct flp_header *h, struct flp_error *e)
{
	size_t k = run->stack.records;
	uint64_t bytes = 0;
	struct flp_record rec;
	int status = 0;

	if (!is_stats(run))
		return 0;
	for (size_t i = 0; i < h->tensors; i++)
		if (h->tensor[i].bytes > STATS_BYTES - bytes)
			return flp_error_bad(e, "tensor %s: expected statistics of at most %llu bytes, found "
			    "more", h->tensor[i].name, (unsigned long long)STATS_BYTES);
		else
			bytes += h->tensor[i].bytes;
	if (flp_record_new(&rec, h, e) < 0)
		return -1;
	for (size_t i = 0; status == 0 && i < h->tensors; i++)
		if (h->tensor[i].count > 0)
			status = flp_stack_values(&run->stack, k, (size_t)h->tensor[i].count,
			    rec.values[i], e);
	if (status == 0 && (status = flp_stack_finish(&run->stack, k, e)) == 0)
		status = flp_stats_check(&rec, e);
	flp_record_free(&rec);
	return status;
}

/* Checks a record that will be read window by window, and keeps it. Its values are checked
 * too, except under `strict`. In a dispute there will be no result, so none is kept. */
static int
look(struct flp_run *run, struct flp_inputs *in, const struct flp_header *h,
    struct flp_error *e)
{
	/* A record that can't be taken is not copied. */
	if ((!flp_stack_stays(&run->stack, in, h) && flp_admit_fits(run->admit, h, e) < 0) ||
	    flp_stack_begin(&run->stack, in, &h, &run->entry, e) < 0 ||
	    flp_admit_check(run->admit, h, run->entry, e) < 0 ||
	    check_single(run, in, e) < 0 || ((!run->a->bad.strict || is_stats(run) ||
	    run->admit->next.senders > 0) &&
	    flp_run_look(run, run->stack.records, e) < 0) || look_at_stats(run, h, e) < 0 ||
	    take(run, e) < 0)
		return -1;
	return run->admit->dispute.code == FLP_ERROR_NONE ? flp_stack_push(&run->stack, e) : 0;
}

/* Makes totals of the whole model, unless they were made before. */
static int
begin_all(struct flp_run *run, struct flp_error *e)
{
	if (!run->all && flp_result_window(&run->result, UINT64_MAX, e) < 0)
		return -1;
	run->all = 1;
	return 0;
}

/* Adds the values of a record that was taken to totals of the whole model. */
static int
add_to_all(struct flp_run *run, const struct flp_record *rec, struct flp_error *e)
{
	if (begin_all(run, e) < 0)
		return -1;
	for (size_t i = 0; i < run->result.pieces; i++) {
		const struct flp_piece *p = &run->result.piece[i];

		if (flp_run_add(run, run->entry, p, 0, p->n, rec->header.tensor[p->tensor].dtype,
		    rec->values[p->tensor], e) < 0) {
			run->failed = 1;
			return -1;
		}
	}
	if (rec->header.kind == FLP_KIND_PARTIAL)
		flp_idset_join(&run->admit->parents, rec->values[rec->header.tensors - 1]);
	else
		flp_idset_add(&run->admit->parents, rec->id.byte);
	return 0;
}

/* Takes a record that was read whole and verified, if it may be taken, and adds it. */
static int
add_loaded(struct flp_run *run, struct flp_inputs *in, const struct flp_record *rec,
    struct flp_error *e)
{
	run->loaded.id = rec->id;
	if (flp_admit_check(run->admit, &rec->header, &run->loaded, e) < 0 ||
	    check_single(run, in, e) < 0 || (is_stats(run) && flp_stats_check(rec, e) < 0))
		return -1;
	for (size_t i = 0; i < run->admit->next.header.tensors; i++)
		if (rec->header.tensor[i].count > 0 && flp_admit_values(run->admit, &run->loaded, i,
		    rec->header.tensor[i].dtype, 0, rec->values[i], rec->header.tensor[i].count, e) < 0)
			return -1;
	run->loaded.normed = 1;
	if (run->admit->next.senders > 0 && flp_masked_senders(&run->loaded,
	    rec->values[rec->header.tensors - 1], (size_t)run->admit->next.senders, e) < 0)
		return -1;
	if (flp_admit_norm(run->admit, &run->loaded, e) < 0 || take(run, e) < 0)
		return -1;
	return run->admit->dispute.code == FLP_ERROR_NONE ? add_to_all(run, rec, e) : 0;
}

/* Checks the records on the stack, which under `strict` was not done before: values that must
 * be equal are those of the first record. */
static int
look_back(struct flp_run *run, struct flp_error *e)
{
	for (size_t k = 0; run->a->bad.strict && k < run->stack.records; k++)
		if (flp_run_look(run, k, e) < 0) {
			flp_run_at(run, k, e);
			e->placed = 1;
			return -1;
		}
	return 0;
}

/* Begins the entry of a record that will be read whole. */
static void
begin_loaded(struct flp_run *run, const struct flp_inputs *in)
{
	flp_entry_free(&run->loaded);
	run->loaded = (struct flp_entry){ .path = in->path[-1],
		.number = flp_reader_number(in->reader) };
}

/* Reads a record whole and adds it. No memory is taken for a record that can't be added, as
 * far as its header tells or, if it is in a file, its footer. */
static int
load(struct flp_run *run, struct flp_inputs *in, const struct flp_header *h,
    struct flp_error *e)
{
	struct flp_record rec = { 0 };
	int status = -1;

	begin_loaded(run, in);
	if (in->in.regular && (flp_reader_skip(in->reader, &run->loaded.id, e) < 0 ||
	    flp_admit_check(run->admit, h, &run->loaded, e) < 0 ||
	    check_single(run, in, e) < 0 || flp_reader_back(in->reader, e) < 0))
		return -1;
	begin_loaded(run, in);
	if ((run->all || look_back(run, e) == 0) && flp_record_load(&rec, in->reader, h, e) == 0) {
		run->entry = &run->loaded;
		status = add_loaded(run, in, &rec, e);
	}
	flp_record_free(&rec);
	return status;
}

/* Says why an input is left out. Returns -1 if the run must end instead: under `strict`, or
 * if the fault is not in this input alone, or is the system's. */
static int
leave_out(struct flp_run *run, struct flp_inputs *in, struct flp_error *e)
{
	size_t place_n = strlen(in->place);
	const char *reason = e->text;
	struct flp_error other;

	if (run->failed || (flp_bad_record(&run->a->bad, in, e) < 0 && e->code != FLP_ERROR_BAD))
		return -1;
	if (strncmp(reason, in->place, place_n) == 0 && strncmp(reason + place_n, ": ", 2) == 0)
		reason += place_n + 2;
	if (run->admit->policy.single)
		flp_inputs_close(in);
	if (flp_report_bad(&run->a->report, in->place, reason, run->entry, &other) < 0) {
		*e = other;
		return -1;
	}
	return run->a->bad.strict ? -1 : 0;
}

/* Takes a record: adds it at once if it can't be read a second time, or keeps it to be read
 * window by window. A record that differs from those before it is only checked. */
static int
take_record(struct flp_run *run, struct flp_inputs *in, const struct flp_header *h,
    struct flp_error *e)
{
	const struct flp_admit *a = run->admit;
	int fits;

	if (!flp_rule_adds(&a->rule) || a->policy.unique || a->dispute.code != FLP_ERROR_NONE ||
	    flp_stack_stays(&run->stack, in, h))
		return look(run, in, h, e);
	if ((fits = flp_admit_fits(a, h, e)) < 0)
		return -1;
	return fits ? load(run, in, h, e) : look(run, in, h, e);
}

static int
take_inputs(struct flp_run *run, char **paths, struct flp_error *e)
{
	const struct flp_header *h;
	struct flp_inputs in;
	int status;

	flp_inputs_init(&in, paths);
	in.tell_files = run->a->tell_files;
	in.some = paths[0] != NULL && (paths[1] != NULL || run->admit->policy.single);
	while (run->entry = NULL, (status = flp_inputs_next(&in, &h, e)) != 0) {
		if (status > 0 && take_record(run, &in, h, e) < 0)
			status = flp_inputs_at(&in, e);
		if (status < 0 && (status = leave_out(run, &in, e)) < 0)
			break;
	}
	flp_inputs_close(&in);
	return status;
}

/* Leaves out record k, which was taken. If it is a copy of one that stays, this is told, but
 * the result lacks nothing. */
static int
drop(void *context, size_t k, int twice, struct flp_error *e)
{
	struct flp_run *run = context;
	struct flp_entry *entry = flp_stack_entry(&run->stack, k);
	struct flp_error told = *e;

	flp_entry_at(entry, &told);
	if (flp_bad_left_out(&run->a->bad, &told) < 0) {
		*e = told;
		return -1;
	}
	run->a->bad.n -= (uint64_t)twice;
	flp_admit_take_back(run->admit, entry);
	flp_stack_leave_out(&run->stack, k);
	return flp_report_leave_out(&run->a->report, entry->row, e->text, e);
}

int
flp_take_all(struct flp_run *run, char **paths, struct flp_error *e)
{
	if (take_inputs(run, paths, e) < 0)
		return -1;
	if (!run->admit->policy.unique || run->admit->dispute.code != FLP_ERROR_NONE)
		return 0;
	if (flp_unique(&run->stack, drop, run, e) < 0)
		return -1;
	/* If only partials of nothing stay, values that must be equal are of what was left out. */
	for (size_t i = 0; flp_admit_clients(run->admit) == 0 &&
	    i < run->admit->agreed.merged.header.tensors; i++)
		run->admit->agreed.merged.tensor[i].kept.n = 0;
	for (size_t k = 0; k < run->stack.records; k++) {
		const struct flp_entry *entry = flp_stack_entry(&run->stack, k);

		if (flp_stack_has(&run->stack, k) &&
		    flp_admit_keys(run->admit, entry, &entry->said, e) < 0)
			return -1;
	}
	return 0;
}
