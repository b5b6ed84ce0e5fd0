#include "rule/aggregate.h"
#include "base/memory.h"
#include "loop/inputs.h"
#include "rule/result.h"
#include "rule/stack.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define COLUMNS ((uint64_t)16 << 20) /* bytes of columns at most, as doubles */

struct run {
	struct flp_aggregation *a;
	struct flp_admit *admit;
	struct flp_stack stack;
	struct flp_result result;
	int full; /* a count of all is too large: that ends it */
	unsigned char *block; /* FLP_RESULT_WINDOW values of any dtype */
};

/* Says why an input is left out. Returns -1 where the run must end instead: under
 * `strict`, or where the fault is not in this input alone, or is the system's. */
static int
leave_out(const struct run *run, const struct flp_inputs *in, struct flp_error *e)
{
	const struct flp_aggregation *a = run->a;

	if (a->strict || run->full || e->code != FLP_ERROR_BAD)
		return -1;
	if (in->reader != NULL && flp_reader_spent(in->reader))
		flp_error_at(e, "left out with what follows it");
	else
		flp_error_at(e, "left out");
	if (a->left_out != NULL)
		a->left_out(e);
	return 0;
}

/* Does `one` for each record of the inputs. One that it refuses is left out. */
static int
for_all(struct run *run, char **paths, int (*one)(struct run *, struct flp_inputs *,
    const struct flp_header *, struct flp_error *), struct flp_error *e)
{
	const struct flp_header *h;
	struct flp_inputs in;
	int status;

	flp_inputs_init(&in, paths);
	while ((status = flp_inputs_next(&in, &h, e)) != 0) {
		if (status > 0 && one(run, &in, h, e) < 0)
			status = flp_inputs_at(&in, e);
		if (status < 0 && (status = leave_out(run, &in, e)) < 0)
			break;
	}
	flp_inputs_close(&in);
	return status;
}

static int
take(struct run *run, struct flp_entry *entry, enum flp_kind kind, struct flp_error *e)
{
	int status = flp_admit_take(run->admit, entry, kind, e);

	run->full = status < 0 && entry->verdict == FLP_VERDICT_FULL;
	return status;
}

static int
begin_result(struct run *run, struct flp_out *out, struct flp_error *e)
{
	const struct flp_aggregation *a = run->a;
	const struct flp_admit *admit = run->admit;
	int (*check)(const struct flp_rule *, uint64_t, struct flp_error *) =
	    admit->rule.kind->check;

	if (a->expect != 0 && admit->clients != a->expect)
		return flp_error_bad(e, "expected %llu clients, found %llu",
		    (unsigned long long)a->expect, (unsigned long long)admit->clients);
	if (admit->clients < a->least)
		return flp_error_bad(e, "expected at least %llu clients, found %llu",
		    (unsigned long long)a->least, (unsigned long long)admit->clients);
	if (admit->merged.header.kind == 0)
		return flp_error_bad(e, "expected a record, found nothing");
	if (check != NULL && check(&admit->rule, admit->records, e) < 0)
		return -1;
	return flp_result_begin(&run->result, out, e);
}

/* Reads all values of the record at hand, to see that they are whole and may be added. */
static int
look_at_values(struct run *run, const struct flp_entry *entry, const struct flp_header *h,
    struct flp_error *e)
{
	size_t hand = run->stack.records;

	for (size_t i = 0; i < h->tensors; i++) {
		const struct flp_tensor *t = &h->tensor[i];

		for (uint64_t at = 0, n; at < t->count; at += n) {
			n = t->count - at < FLP_RESULT_WINDOW ? t->count - at : FLP_RESULT_WINDOW;
			if (flp_stack_values(&run->stack, hand, i, at, n, run->block, e) < 0)
				return -1;
			if (i < run->admit->next.header.tensors && flp_admit_values(run->admit, entry,
			    i, t->dtype, at, run->block, n, e) < 0)
				return -1;
		}
	}
	return flp_stack_finish(&run->stack, hand, e);
}

/* The first look at a record: at its values too, except under `strict`. */
static int
look(struct run *run, struct flp_inputs *in, const struct flp_header *h, struct flp_error *e)
{
	struct flp_entry *entry;

	/* Nothing is copied that can't be taken. */
	if ((!in->in.regular && flp_admit_fits(run->admit, h, e) < 0) ||
	    flp_stack_look(&run->stack, in, h, &entry, e) < 0 ||
	    flp_admit_check(run->admit, h, entry, e) < 0 ||
	    flp_stack_copy(&run->stack, in, e) < 0 ||
	    (!run->a->strict && look_at_values(run, entry, h, e) < 0) ||
	    take(run, entry, h->kind, e) < 0)
		return -1;
	return flp_stack_push(&run->stack, h, e);
}

/* After the values that are merged: a partial's set of ids, and the end. */
static int
end_record(struct run *run, size_t k, struct flp_error *e)
{
	uint16_t words[FLP_IDSET_WORDS];

	if (flp_stack_partial(&run->stack, k)) {
		if (flp_stack_values(&run->stack, k, run->admit->merged.header.tensors, 0,
		    FLP_IDSET_WORDS, words, e) < 0)
			return -1;
		flp_idset_join(&run->admit->parents, words);
	}
	return flp_stack_finish(&run->stack, k, e);
}

/* Adds a record's values to the totals of a piece. Under `strict` this is the first look
 * at those of files. */
static int
add_piece(struct run *run, const struct flp_entry *entry, const struct flp_piece *p,
    enum flp_dtype dtype, const void *values, struct flp_error *e)
{
	if (run->a->strict &&
	    flp_admit_values(run->admit, entry, p->tensor, dtype, p->at, values, p->n, e) < 0)
		return -1;
	if (flp_total_add(p->total, values, dtype, entry->weight, e) < 0)
		return flp_error_at(e, "tensor %s",
		    run->admit->merged.header.tensor[p->tensor].name);
	return 0;
}

/* The window's values of record k. */
static int
add_record(struct run *run, size_t k, struct flp_error *e)
{
	const struct flp_merged *m = &run->admit->merged;
	int partial = flp_stack_partial(&run->stack, k);

	for (size_t i = 0; i < run->result.pieces; i++) {
		const struct flp_piece *p = &run->result.piece[i];
		enum flp_dtype dtype = partial ? flp_merged_partial_dtype(m, p->tensor) :
		    m->header.tensor[p->tensor].dtype;

		if (flp_stack_values(&run->stack, k, p->tensor, p->at, p->n, run->block, e) < 0 ||
		    add_piece(run, flp_stack_entry(&run->stack, k), p, dtype, run->block, e) < 0)
			return -1;
	}
	return flp_result_last(&run->result) ? end_record(run, k, e) : 0;
}

/* All records at once, window by window. */
static int
merge_windows(struct run *run, char **paths, struct flp_out *out, struct flp_error *e)
{
	uint64_t most = FLP_RESULT_WINDOW, records;
	int more;

	if (for_all(run, paths, look, e) < 0 || begin_result(run, out, e) < 0)
		return -1;
	records = run->stack.records;
	if (!flp_rule_adds(&run->admit->rule) && records > COLUMNS / sizeof(double) / most)
		most = COLUMNS / sizeof(double) / records + 1;
	do {
		if ((more = flp_result_window(&run->result, most, e)) < 0)
			return -1;
		for (size_t k = 0; k < records; k++)
			if (add_record(run, k, e) < 0)
				return flp_stack_at(&run->stack, k, e);
		if (flp_result_write(&run->result, e) < 0)
			return -1;
	} while (more > 0 && !flp_result_last(&run->result));
	return flp_result_end(&run->result, e);
}

/* A record that was read whole and verified, into totals of the whole model. */
static int
add_whole(struct run *run, const struct flp_record *rec, struct flp_error *e)
{
	struct flp_entry entry = { .id = rec->id };
	const struct flp_merged *m = &run->admit->merged;

	if (flp_admit_check(run->admit, &rec->header, &entry, e) < 0)
		return -1;
	for (size_t i = 0; i < run->admit->next.header.tensors; i++)
		if (rec->header.tensor[i].count > 0 && flp_admit_values(run->admit, &entry, i,
		    rec->header.tensor[i].dtype, 0, rec->values[i], rec->header.tensor[i].count, e) < 0)
			return -1;
	if (take(run, &entry, rec->header.kind, e) < 0)
		return -1;
	if (run->result.pieces == 0 && flp_result_window(&run->result, UINT64_MAX, e) < 0)
		return -1;
	for (size_t i = 0; i < run->result.pieces; i++) {
		const struct flp_piece *p = &run->result.piece[i];

		if (add_piece(run, &entry, p, rec->header.tensor[p->tensor].dtype,
		    rec->values[p->tensor], e) < 0)
			return -1;
	}
	if (rec->header.kind == FLP_KIND_PARTIAL)
		flp_idset_join(&run->admit->parents, rec->values[m->header.tensors]);
	return 0;
}

/* Memory is not asked for what can't be added. */
static int
load(struct run *run, struct flp_inputs *in, const struct flp_header *h, struct flp_error *e)
{
	struct flp_record rec = { 0 };
	int status = -1;

	if (flp_admit_fits(run->admit, h, e) == 0 && flp_record_load(&rec, in->reader, h, e) == 0)
		status = add_whole(run, &rec, e);
	flp_record_free(&rec);
	return status;
}

/* One record after the other. */
static int
merge_stream(struct run *run, char **paths, struct flp_out *out, struct flp_error *e)
{
	if (for_all(run, paths, load, e) < 0 || begin_result(run, out, e) < 0 ||
	    (run->result.pieces == 0 && flp_result_window(&run->result, UINT64_MAX, e) < 0) ||
	    flp_result_write(&run->result, e) < 0)
		return -1;
	return flp_result_end(&run->result, e);
}

static int
all_files(char **paths)
{
	struct stat st;

	for (; *paths != NULL; paths++)
		if (strcmp(*paths, "-") == 0 || (stat(*paths, &st) == 0 && !S_ISREG(st.st_mode)))
			return 0;
	return 1;
}

int
flp_aggregate(struct flp_aggregation *a, char **paths, struct flp_out *out, struct flp_error *e)
{
	struct run run = { .a = a, .admit = &a->admit };
	int status = -1;

	flp_stack_init(&run.stack);
	if ((run.block = flp_memory_new(FLP_RESULT_WINDOW, FLP_DTYPE_SIZE_LIMIT, e)) != NULL &&
	    flp_result_init(&run.result, &a->admit, a->partial, e) == 0)
		status = flp_rule_adds(&a->admit.rule) && !all_files(paths) ?
		    merge_stream(&run, paths, out, e) : merge_windows(&run, paths, out, e);
	flp_stack_free(&run.stack);
	flp_result_free(&run.result);
	free(run.block);
	return status;
}
