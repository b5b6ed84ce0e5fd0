#include "rule/aggregate.h"
#include "data/stats.h"
#include "loop/inputs.h"
#include "rule/result.h"
#include "rule/stack.h"

#include <string.h>
#include <sys/stat.h>

#define COLUMNS ((uint64_t)16 << 20) /* bytes of columns at most, as doubles */

struct run {
	struct flp_aggregation *a;
	struct flp_admit *admit;
	struct flp_stack stack;
	struct flp_result result;
	int stream; /* all records are read once and in order, as those of a pipe are */
	int all;    /* the result's totals are of the whole model */
};

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

/* Adds n values of a record to the total of a piece, from the piece's value `at` on. */
static int
add_values(struct run *run, const struct flp_entry *entry, const struct flp_piece *p, size_t at,
    size_t n, enum flp_dtype dtype, const void *values, struct flp_error *e)
{
	return flp_total_add(p->total, at, n, values, dtype, entry->weight, e) < 0 ?
	    flp_error_at(e, "tensor %s", run->admit->merged.header.tensor[p->tensor].name) : 0;
}

/* Reads record k's values of a piece. `check`: sees whether they may be added. Adds them to
 * the piece's total, if it has one. */
static int
read_piece(struct run *run, size_t k, const struct flp_piece *p, int check, struct flp_error *e)
{
	const struct flp_entry *entry = flp_stack_entry(&run->stack, k);
	const struct flp_merged *m = k < run->stack.records ? &run->admit->merged :
	    &run->admit->next;
	enum flp_dtype dtype = entry->kind == FLP_KIND_PARTIAL ?
	    flp_merged_partial_dtype(m, p->tensor) : m->header.tensor[p->tensor].dtype;
	void *block = run->result.block;

	for (size_t at = 0, n; at < p->n; at += n) {
		n = p->n - at < FLP_RESULT_WINDOW ? p->n - at : FLP_RESULT_WINDOW;
		if (flp_stack_values(&run->stack, k, n, block, e) < 0 ||
		    (check && flp_admit_values(run->admit, entry, p->tensor, dtype, p->at + at, block,
		    n, e) < 0) ||
		    (p->total != NULL && add_values(run, entry, p, at, n, dtype, block, e) < 0))
			return -1;
	}
	return 0;
}

/* Reads all values of record k, to see that they are whole and may be added. */
static int
look_at_values(struct run *run, size_t k, struct flp_error *e)
{
	const struct flp_header *h = k < run->stack.records ? &run->admit->merged.header :
	    &run->admit->next.header;

	for (size_t i = 0; i < h->tensors; i++) {
		const struct flp_piece all = { .tensor = i, .n = (size_t)h->tensor[i].count };

		if (read_piece(run, k, &all, 1, e) < 0)
			return -1;
	}
	return flp_stack_rest(&run->stack, k, run->result.block, FLP_RESULT_WINDOW, e);
}

/* Looks at a record that will be read window by window, and keeps it. Its values are looked
 * at too, except under `strict`. */
static int
look(struct run *run, struct flp_inputs *in, const struct flp_header *h, struct flp_error *e)
{
	struct flp_entry *entry;

	/* A record that can't be taken is not copied. */
	if ((!flp_stack_stays(&run->stack, in, h) && flp_admit_fits(run->admit, h, e) < 0) ||
	    flp_stack_begin(&run->stack, in, &h, &entry, e) < 0 ||
	    flp_admit_check(run->admit, h, entry, e) < 0 ||
	    (run->admit->next.header.kind == FLP_KIND_STATS && flp_error_bad(e,
	    "metadata: of: expected in the header of a partial of statistics")) ||
	    (!run->a->strict && look_at_values(run, run->stack.records, e) < 0) ||
	    flp_admit_take(run->admit, entry, e) < 0)
		return -1;
	return flp_stack_push(&run->stack, e);
}

/* Adds record k's values to the window. Under `strict` this is the first look at them. */
static int
add_record(struct run *run, size_t k, struct flp_error *e)
{
	for (size_t i = 0; i < run->result.pieces; i++)
		if (read_piece(run, k, &run->result.piece[i], run->a->strict, e) < 0)
			return -1;
	return 0;
}

/* Ends record k after its merged values: joins a partial's set of ids, and checks what was
 * read. */
static int
end_record(struct run *run, size_t k, struct flp_error *e)
{
	uint16_t words[FLP_IDSET_WORDS];

	if (flp_stack_entry(&run->stack, k)->kind == FLP_KIND_PARTIAL) {
		if (flp_stack_values(&run->stack, k, FLP_IDSET_WORDS, words, e) < 0)
			return -1;
		flp_idset_join(&run->admit->parents, words);
	}
	return flp_stack_finish(&run->stack, k, e);
}

/* Makes totals of the whole model, unless they are there. */
static int
begin_all(struct run *run, struct flp_error *e)
{
	if (!run->all && flp_result_window(&run->result, UINT64_MAX, e) < 0)
		return -1;
	run->all = 1;
	return 0;
}

/* Adds a record that was read whole and verified to totals of the whole model, if it may be
 * taken. */
static int
add_loaded(struct run *run, const struct flp_record *rec, struct flp_error *e)
{
	struct flp_entry entry = { .id = rec->id };
	const struct flp_merged *m = &run->admit->merged;

	if (flp_admit_check(run->admit, &rec->header, &entry, e) < 0 ||
	    (run->admit->next.header.kind == FLP_KIND_STATS && entry.clients > 0 &&
	    flp_stats_check(rec, e) < 0))
		return -1;
	for (size_t i = 0; i < run->admit->next.header.tensors; i++)
		if (rec->header.tensor[i].count > 0 && flp_admit_values(run->admit, &entry, i,
		    rec->header.tensor[i].dtype, 0, rec->values[i], rec->header.tensor[i].count, e) < 0)
			return -1;
	if (flp_admit_take(run->admit, &entry, e) < 0 || begin_all(run, e) < 0)
		return -1;
	for (size_t i = 0; i < run->result.pieces; i++) {
		const struct flp_piece *p = &run->result.piece[i];

		if (add_values(run, &entry, p, 0, p->n, rec->header.tensor[p->tensor].dtype,
		    rec->values[p->tensor], e) < 0)
			return -1;
	}
	if (rec->header.kind == FLP_KIND_PARTIAL)
		flp_idset_join(&run->admit->parents, rec->values[m->header.tensors]);
	return 0;
}

/* Looks at the records on the stack, which under `strict` was not done yet: values that must
 * be equal are those of the first record. */
static int
look_back(struct run *run, struct flp_error *e)
{
	for (size_t k = 0; run->a->strict && k < run->stack.records; k++)
		if (look_at_values(run, k, e) < 0) {
			flp_stack_at(&run->stack, k, e);
			e->placed = 1;
			return -1;
		}
	return 0;
}

/* Reads a record whole and adds it. No memory is asked for a record that can't be added, as
 * far as its header tells or, if it is in a file and no input is a pipe, its footer. */
static int
load(struct run *run, struct flp_inputs *in, const struct flp_header *h, struct flp_error *e)
{
	struct flp_record rec = { 0 };
	struct flp_entry entry;
	int status = -1;

	if (run->stream || !in->in.regular ? flp_admit_fits(run->admit, h, e) < 0 :
	    flp_reader_skip(in->reader, &entry.id, e) < 0 ||
	    flp_admit_check(run->admit, h, &entry, e) < 0 || flp_reader_back(in->reader, e) < 0)
		return -1;
	if ((run->all || look_back(run, e) == 0) && flp_record_load(&rec, in->reader, h, e) == 0)
		status = add_loaded(run, &rec, e);
	flp_record_free(&rec);
	return status;
}

/* Says why an input is left out. Returns -1 where the run must end instead: under
 * `strict`, or where the fault is not in this input alone, or is the system's. */
static int
leave_out(const struct run *run, struct flp_inputs *in, struct flp_error *e)
{
	const struct flp_aggregation *a = run->a;

	if (a->strict || run->admit->full || flp_inputs_leave(in, e) < 0)
		return -1;
	flp_error_at(e, "left out");
	if (a->left_out != NULL)
		a->left_out(e);
	return 0;
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

/* Statistics are small, and are checked as a whole (data/stats.h). */
static int
is_stats(const struct flp_header *h)
{
	size_t n;
	const char *of = h->kind == FLP_KIND_PARTIAL ? flp_meta_get(&h->meta, "of", &n) : NULL;

	return h->kind == FLP_KIND_STATS || (of != NULL && n == 5 && memcmp(of, "stats", n) == 0);
}

/* Takes a record: adds it at once, or keeps it to be read window by window. Once there are
 * totals of the whole model, a second reading would save no memory. */
static int
take_record(struct run *run, struct flp_inputs *in, const struct flp_header *h,
    struct flp_error *e)
{
	return flp_rule_adds(&run->admit->rule) &&
	    (run->stream || run->all || is_stats(h) || !flp_stack_stays(&run->stack, in, h)) ?
	    load(run, in, h, e) : look(run, in, h, e);
}

/* Takes the records of the inputs, or leaves them out. */
static int
take_all(struct run *run, char **paths, struct flp_error *e)
{
	const struct flp_header *h;
	struct flp_inputs in;
	int status;

	run->stream = flp_rule_adds(&run->admit->rule) && !all_files(paths);
	flp_inputs_init(&in, paths);
	while ((status = flp_inputs_next(&in, &h, e)) != 0) {
		if (status > 0 && take_record(run, &in, h, e) < 0)
			status = flp_inputs_at(&in, e);
		if (status < 0 && (status = leave_out(run, &in, e)) < 0)
			break;
	}
	flp_inputs_close(&in);
	return status;
}

/* How many values of the result are made at a time. */
static uint64_t
window(const struct run *run)
{
	uint64_t most = FLP_RESULT_WINDOW, records = run->stack.records;

	return flp_rule_adds(&run->admit->rule) || records <= COLUMNS / sizeof(double) / most ?
	    most : COLUMNS / sizeof(double) / records + 1;
}

/* Writes the values of the result, of the records that were already added, if any, and of
 * those on the stack. */
static int
write_values(struct run *run, struct flp_error *e)
{
	do {
		if (!run->all && flp_result_window(&run->result, window(run), e) < 0)
			return -1;
		for (size_t k = 0; k < run->stack.records; k++)
			if (add_record(run, k, e) < 0)
				return flp_stack_at(&run->stack, k, e);
		if (flp_result_write(&run->result, e) < 0)
			return -1;
	} while (!flp_result_last(&run->result));
	return 0;
}

/* Returns -1. If values could not be added or a sum does not fit, the cause may be a file
 * that has changed since it was looked at. That change is then the error. */
static int
blame_changes(struct run *run, struct flp_error *e)
{
	struct flp_error other;

	for (size_t k = 0; e->code == FLP_ERROR_BAD && k < run->stack.records; k++)
		if (flp_stack_rest(&run->stack, k, run->result.block, FLP_RESULT_WINDOW, &other) < 0) {
			*e = other;
			return flp_stack_at(&run->stack, k, e);
		}
	return -1;
}

static int
write_result(struct run *run, struct flp_error *e)
{
	if (write_values(run, e) < 0)
		return run->a->strict ? -1 : blame_changes(run, e);
	for (size_t k = 0; k < run->stack.records; k++)
		if (end_record(run, k, e) < 0)
			return flp_stack_at(&run->stack, k, e);
	return flp_result_end(&run->result, e);
}

int
flp_aggregate(struct flp_aggregation *a, char **paths, struct flp_out *out, struct flp_error *e)
{
	struct run run = { .a = a, .admit = &a->admit };
	int status = -1;

	flp_stack_init(&run.stack);
	if (flp_result_init(&run.result, &a->admit, a->partial, e) == 0 &&
	    take_all(&run, paths, e) == 0 && begin_result(&run, out, e) == 0)
		status = write_result(&run, e);
	flp_stack_free(&run.stack);
	flp_result_free(&run.result);
	return status;
}
