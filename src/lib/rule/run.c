#include "rule/run.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

int
flp_run_add(struct flp_run *run, const struct flp_entry *entry, const struct flp_piece *p,
    size_t at, size_t n, enum flp_dtype dtype, const void *values, struct flp_error *e)
{
	return flp_total_add(p->total, at, n, values, dtype, entry->weight, e) < 0 ?
	    flp_error_at(e, "tensor %s", run->admit->agreed.merged.header.tensor[p->tensor].name) : 0;
}

int
flp_run_read(struct flp_run *run, size_t k, const struct flp_piece *p, int check,
    struct flp_error *e)
{
	struct flp_entry *entry = flp_stack_entry(&run->stack, k);
	enum flp_dtype dtype = flp_stack_dtype(&run->stack, k, p->tensor);
	void *block = run->result.block;

	for (size_t at = 0, n; at < p->n; at += n) {
		n = p->n - at < FLP_RESULT_WINDOW ? p->n - at : FLP_RESULT_WINDOW;
		if (flp_stack_values(&run->stack, k, n, block, e) < 0 ||
		    (check && flp_admit_values(run->admit, entry, p->tensor, dtype, p->at + at, block,
		    n, e) < 0) || (run->a->bad.strict && flp_admit_differs(run->admit, e) < 0) ||
		    (p->total != NULL && flp_run_add(run, entry, p, at, n, dtype, block, e) < 0))
			return -1;
	}
	return 0;
}

/* Reads the clients in a sum of masked records, which come after its values. */
static int
read_senders(struct flp_run *run, size_t k, size_t n, struct flp_error *e)
{
	char *text = flp_memory_new(n, 1, e);
	int status = -1;

	if (text != NULL && flp_stack_values(&run->stack, k, n, text, e) == 0)
		status = flp_masked_senders(flp_stack_entry(&run->stack, k), text, n, e);
	free(text);
	return status;
}

int
flp_run_look(struct flp_run *run, size_t k, struct flp_error *e)
{
	const struct flp_merged *m = k < run->stack.records ? &run->admit->agreed.merged :
	    &run->admit->next;
	const struct flp_header *h = &m->header;
	struct flp_entry *entry = flp_stack_entry(&run->stack, k);

	flp_entry_begin_values(entry);
	for (size_t i = 0; i < h->tensors; i++) {
		const struct flp_piece all = { .tensor = i, .n = (size_t)h->tensor[i].count };

		if (flp_run_read(run, k, &all, 1, e) < 0)
			return -1;
	}
	entry->normed = 1;
	if (k == run->stack.records && m->senders > 0 &&
	    read_senders(run, k, (size_t)m->senders, e) < 0)
		return -1;
	if (flp_admit_norm(run->admit, entry, e) < 0)
		return -1;
	return flp_stack_rest(&run->stack, k, run->result.block, FLP_RESULT_WINDOW, e);
}

int
flp_run_at(struct flp_run *run, size_t k, struct flp_error *e)
{
	struct flp_entry *entry = flp_stack_entry(&run->stack, k);
	struct flp_error other;

	if (run->a->bad.strict && e->code == FLP_ERROR_BAD &&
	    flp_report_leave_out(&run->a->report, entry->row, e->text, &other) < 0)
		*e = other;
	return flp_entry_at(entry, e);
}
