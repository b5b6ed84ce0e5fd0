#include "export/export.h"
#include "base/memory.h"
#include "base/text.h"
#include "data/stats.h"
#include "text/csv.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
put(struct flp_out *out, const char *text, struct flp_error *e)
{
	return flp_out_write(out, text, strlen(text), e);
}

size_t
flp_export_number(char text[FLP_NUMBER_TEXT], enum flp_dtype dtype, double value,
    const unsigned char *raw)
{
	uint64_t whole;

	if (dtype == FLP_DTYPE_U64 || dtype == FLP_DTYPE_I64) {
		memcpy(&whole, raw, sizeof whole);
		whole = le64toh(whole);
		return (size_t)(dtype == FLP_DTYPE_U64 ?
		    snprintf(text, FLP_NUMBER_TEXT, "%llu", (unsigned long long)whole) :
		    snprintf(text, FLP_NUMBER_TEXT, "%lld", (long long)whole));
	}
	if (!flp_dtype_is_float(dtype) && (dtype & FLP_DTYPE_SUM) == 0)
		return (size_t)snprintf(text, FLP_NUMBER_TEXT, "%lld", (long long)value);
	if (dtype == FLP_DTYPE_F32 || dtype == FLP_DTYPE_F16 || dtype == FLP_DTYPE_BF16)
		return flp_number_print_f32(text, (float)value);
	return flp_number_print(text, value);
}

int
flp_export_value(struct flp_out *out, enum flp_dtype dtype, double value,
    const unsigned char *raw, struct flp_error *e)
{
	char text[FLP_NUMBER_TEXT];

	return flp_out_write(out, text, flp_export_number(text, dtype, value, raw), e);
}

int
flp_export_block(struct flp_out *out, const struct flp_blocks *b, struct flp_error *e)
{
	const struct flp_tensor *t = &b->header->tensor[b->tensor];
	uint64_t row = t->rank ? t->dims[t->rank - 1] : 1;
	size_t size = flp_dtype_size(t->dtype);

	for (size_t i = 0; i < b->n; i++)
		if (flp_export_value(out, t->dtype, b->value[i], b->raw + i * size, e) < 0 ||
		    put(out, (b->at + i + 1) % row == 0 ? "\n" : " ", e) < 0)
			return -1;
	return 0;
}

/* Read whole: a block may end inside a character. */
int
flp_export_text(struct flp_out *out, struct flp_reader *r, const struct flp_tensor *t,
    struct flp_error *e)
{
	void *text;
	char *shown;
	int status = flp_record_tensor(&text, t, r, e);
	size_t room = 4 * (size_t)t->bytes + 1;

	if (status < 0)
		return -1;
	if ((shown = flp_memory_new(room, 1, e)) == NULL)
		status = -1;
	for (const char *s = text, *end = s + t->bytes; status == 0 && s < end; s++) {
		const char *line = s;

		s = memchr(line, '\n', (size_t)(end - line));
		s = s ? s : end;
		flp_text_escape(shown, room, line, (size_t)(s - line));
		status = put(out, shown, e) < 0 ? -1 : put(out, "\n", e);
	}
	free(shown);
	free(text);
	return status;
}

struct printer {
	struct flp_out *out;
	struct flp_reader *reader;
	struct flp_blocks blocks;
	int csv;
};

static int
print_index(struct printer *p, const struct flp_tensor *t, uint64_t i, struct flp_error *e)
{
	char text[32];

	snprintf(text, sizeof text, ",%llu,", (unsigned long long)i);
	if (flp_csv_print(p->out, t->name, e) < 0)
		return -1;
	return put(p->out, text, e);
}

static int
print_names(struct printer *p, const struct flp_tensor *t, struct flp_error *e)
{
	struct flp_texts names = { 0 };
	void *text;
	int status;

	if (flp_record_tensor(&text, t, p->reader, e) < 0)
		return -1;
	if ((status = flp_texts_parse(&names, text, (size_t)t->bytes, e)) < 0)
		flp_error_at(e, "%s", t->name);
	for (size_t i = 0; status == 0 && i < names.n; i++) {
		const char *name = flp_texts_get(&names, i);

		if (p->csv)
			status = print_index(p, t, i, e) < 0 ? -1 : flp_csv_print(p->out, name, e);
		else
			status = put(p->out, name, e);
		if (status == 0)
			status = put(p->out, "\n", e);
	}
	flp_texts_free(&names);
	free(text);
	return status;
}

static int
print_indexed(struct printer *p, const struct flp_tensor *t, struct flp_error *e)
{
	const struct flp_blocks *b = &p->blocks;
	size_t size = flp_dtype_size(t->dtype);

	for (size_t i = 0; i < b->n; i++)
		if (print_index(p, t, b->at + i, e) < 0 ||
		    flp_export_value(p->out, t->dtype, b->value[i], b->raw + i * size, e) < 0 ||
		    put(p->out, "\n", e) < 0)
			return -1;
	return 0;
}

static int
print_tensor(struct printer *p, size_t tensor, struct flp_error *e)
{
	const struct flp_tensor *t = &p->blocks.header->tensor[tensor];
	int more;

	if (flp_tensor_describes(t) && t->dtype == FLP_DTYPE_U8)
		return print_names(p, t, e);
	while ((more = flp_blocks_next(&p->blocks, tensor, e)) > 0)
		if ((p->csv ? print_indexed(p, t, e) : flp_export_block(p->out, &p->blocks, e)) < 0)
			return -1;
	return more;
}

/* Values that are not to be printed still have to be read to come to the
 * next. */
static int
pass_tensor(struct printer *p, size_t tensor, struct flp_error *e)
{
	int more;

	while ((more = flp_blocks_next(&p->blocks, tensor, e)) > 0)
		;
	return more;
}

static int
wanted(const struct flp_tensor *t, const char *name)
{
	return name ? strcmp(t->name, name) == 0 : !flp_tensor_describes(t);
}

int
flp_export_check(const struct flp_header *h, const char *name, struct flp_error *e)
{
	for (size_t i = 0; i < h->tensors; i++)
		if (wanted(&h->tensor[i], name))
			return 0;
	if (name != NULL && h->tensors > 0)
		return flp_error_bad(e, "expected a tensor %s, found %s%s%s", name, h->tensor[0].name,
		    h->tensors > 1 ? " to " : "", h->tensors > 1 ? h->tensor[h->tensors - 1].name : "");
	return flp_error_bad(e, "expected a tensor to print, found none");
}

static int
print_record(struct printer *p, const struct flp_header *h, const char *name,
    struct flp_error *e)
{
	struct flp_id id;
	int status = flp_export_check(h, name, e);

	if (status < 0 || flp_blocks_init(&p->blocks, p->reader, h, e) < 0)
		return -1;
	for (size_t i = 0; status == 0 && i < h->tensors; i++)
		status = wanted(&h->tensor[i], name) ? print_tensor(p, i, e) :
		    pass_tensor(p, i, e);
	flp_blocks_free(&p->blocks);
	return status < 0 ? -1 : flp_reader_finish(p->reader, &id, e);
}

int
flp_export_txt(struct flp_out *out, struct flp_reader *r, const struct flp_header *h,
    const char *name, struct flp_error *e)
{
	struct printer p = { .out = out, .reader = r };

	return print_record(&p, h, name, e);
}

int
flp_export_csv(struct flp_out *out, struct flp_reader *r, const struct flp_header *h,
    const char *name, struct flp_error *e)
{
	struct printer p = { .out = out, .reader = r, .csv = 1 };

	if (put(out, "tensor,index,value\n", e) < 0)
		return -1;
	return print_record(&p, h, name, e);
}

static int
print_column(struct flp_out *out, const struct flp_record *stats, const char *name, size_t i,
    struct flp_error *e)
{
	const struct flp_tensor *t;
	const unsigned char *values = flp_record_values(stats, name, &t);
	double v;

	if (put(out, ",", e) < 0)
		return -1;
	values += i * flp_dtype_size(t->dtype);
	flp_dtype_to_f64(values, t->dtype, 1, &v);
	return flp_export_value(out, t->dtype, v, values, e);
}

int
flp_export_stats(struct flp_out *out, struct flp_reader *r, const struct flp_header *h,
    struct flp_error *e)
{
	struct flp_texts names = { 0 };
	struct flp_record stats = { 0 };
	size_t d;
	int status = flp_record_load(&stats, r, h, e);

	if (status == 0 && (status = flp_stats_columns(&stats, &d, &names, e)) == 0)
		status = put(out, "feature,count,sum,sumsq\n", e);
	for (size_t i = 0; status == 0 && i < d; i++) {
		char number[32];

		snprintf(number, sizeof number, "%zu", i + 1);
		if (flp_csv_print(out, names.n ? flp_texts_get(&names, i) : number, e) < 0 ||
		    print_column(out, &stats, "count", i, e) < 0 ||
		    print_column(out, &stats, "sum", i, e) < 0 ||
		    print_column(out, &stats, "sumsq", i, e) < 0)
			status = -1;
		else
			status = put(out, "\n", e);
	}
	flp_texts_free(&names);
	flp_record_free(&stats);
	return status;
}
