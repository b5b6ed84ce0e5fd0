/* A record as a table in CSV. For data see export/sheet.h. Statistics have the fields
 * "feature,count,sum,sumsq" and a line for each column. Any other record, or the tensor that is
 * asked for, has the fields "tensor,index,value" and a line for each value. The index counts from 0
 * through the tensor, with the last dimension changing fastest. */
#include "base/memory.h"
#include "data/stats.h"
#include "export/forms.h"
#include "export/print.h"
#include "export/sheet.h"
#include "export/tensors.h"
#include "kernel/digits.h"
#include "text/csv.h"

#include <stdio.h>
#include <stdlib.h>

static int
check_csv(struct flp_export *x, struct flp_reader *r, const struct flp_header *h,
    struct flp_error *e)
{
	struct flp_dataset *set;
	struct flp_id id;

	if (x->tensor != NULL || h->kind != FLP_KIND_DATA)
		return flp_reader_finish(r, &id, e);
	if ((set = flp_memory_new(1, sizeof *set, e)) == NULL)
		return -1;
	x->state = set;
	return flp_sheet_load(set, r, h, e);
}

static void
close_csv(struct flp_export *x)
{
	if (x->state != NULL)
		flp_dataset_free(x->state);
	free(x->state);
	x->state = NULL;
}

static int
write_index(struct flp_out *out, const struct flp_tensor *t, uint64_t index,
    struct flp_error *e)
{
	char text[32];

	snprintf(text, sizeof text, ",%llu,", (unsigned long long)index);
	return flp_csv_print(out, t->name, e) < 0 ? -1 : flp_print_text(out, text, e);
}

static int
write_name(struct flp_out *out, const struct flp_tensor *t, size_t index, const char *name,
    struct flp_error *e)
{
	if (write_index(out, t, index, e) < 0 || flp_csv_print(out, name, e) < 0)
		return -1;
	return flp_print_text(out, "\n", e);
}

static int
write_block(struct flp_out *out, const struct flp_blocks *b, struct flp_error *e)
{
	const struct flp_tensor *t = &b->header->tensor[b->tensor];
	char text[FLP_NUMBER_TEXT];

	for (size_t i = 0; i < b->n / b->digits; i++)
		if (write_index(out, t, b->at / b->digits + i, e) < 0 ||
		    flp_out_write(out, text, flp_print_number(text, b, i), e) < 0 ||
		    flp_print_text(out, "\n", e) < 0)
			return -1;
	return 0;
}

/* Prints "count,sum,sumsq" of column i, after a comma. */
static int
write_moments(struct flp_out *out, const struct flp_record *stats, size_t i,
    struct flp_error *e)
{
	const uint64_t *count = flp_record_values(stats, "count", NULL);
	const int64_t *sum = flp_record_values(stats, "sum", NULL);
	const int64_t *sumsq = flp_record_values(stats, "sumsq", NULL);
	char text[3 * FLP_WIDE_TEXT], *to = text;

	to += sprintf(to, ",%llu,", (unsigned long long)count[i]);
	to += flp_digits_print(to, sum + i * FLP_DIGITS_SUM, FLP_DIGITS_SUM);
	*to++ = ',';
	flp_digits_print(to, sumsq + i * FLP_DIGITS_SUMSQ, FLP_DIGITS_SUMSQ);
	return flp_print_text(out, text, e);
}

static int
write_stats(struct flp_out *out, struct flp_reader *r, const struct flp_header *h,
    struct flp_error *e)
{
	struct flp_texts names = { 0 };
	struct flp_record stats = { 0 };
	size_t d;
	int status = flp_record_load(&stats, r, h, e);

	if (status == 0 && (status = flp_stats_columns(&stats, &d, &names, e)) == 0)
		status = flp_print_text(out, "feature,count,sum,sumsq\n", e);
	for (size_t i = 0; status == 0 && i < d; i++) {
		char number[32];

		snprintf(number, sizeof number, "%zu", i + 1);
		if (flp_csv_print(out, names.n ? flp_texts_get(&names, i) : number, e) < 0 ||
		    write_moments(out, &stats, i, e) < 0)
			status = -1;
		else
			status = flp_print_text(out, "\n", e);
	}
	flp_texts_free(&names);
	flp_record_free(&stats);
	return status;
}

static int
write_csv(const struct flp_export *x, struct flp_out *out, struct flp_reader *r,
    const struct flp_header *h, struct flp_error *e)
{
	static const struct flp_tensors_how how = { write_block, write_name };

	if (x->state != NULL)
		return flp_sheet_print(x->state, out, r, h, e);
	if (x->tensor == NULL && h->kind == FLP_KIND_STATS)
		return write_stats(out, r, h, e);
	if (flp_print_text(out, "tensor,index,value\n", e) < 0)
		return -1;
	return flp_tensors_write(&how, out, r, h, x->tensor, e);
}

const struct flp_export_form flp_export_csv = {
	.name = "csv",
	.single = 1,
	.check = check_csv,
	.write = write_csv,
	.close = close_csv,
};
