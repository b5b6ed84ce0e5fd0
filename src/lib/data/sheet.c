#include "data/sheet.h"
#include "base/memory.h"
#include "base/number.h"
#include "data/csv.h"
#include "data/export.h"
#include "loop/blocks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
flp_sheet_free(struct flp_sheet *sheet)
{
	free(sheet->classes);
	free(sheet->targets);
	free(sheet->group);
	flp_names_free(&sheet->feature_names);
	flp_names_free(&sheet->class_names);
	flp_names_free(&sheet->group_names);
	memset(sheet, 0, sizeof *sheet);
}

static int
pass_x(struct flp_sheet *sheet, struct flp_reader *r, const struct flp_header *h,
    struct flp_error *e)
{
	const struct flp_tensor *t = h->tensor;
	struct flp_blocks b;
	int more;

	if (h->tensors == 0 || strcmp(t->name, "x") != 0 || t->rank != 2 || t->dims[1] == 0)
		return flp_error_bad(e, "expected a first tensor x of rank 2 with columns, found none");
	sheet->n = t->dims[0];
	sheet->d = t->dims[1];
	if (flp_blocks_init(&b, r, h, e) < 0)
		return -1;
	while ((more = flp_blocks_next(&b, 0, e)) > 0)
		;
	flp_blocks_free(&b);
	return more;
}

static int
load_column(struct flp_sheet *sheet, struct flp_reader *r, const struct flp_tensor *t,
    struct flp_error *e)
{
	int y = strcmp(t->name, "y") == 0;
	void **to = !y ? (void **)&sheet->group : t->dtype == FLP_U32 ?
	    (void **)&sheet->classes : (void **)&sheet->targets;

	if (t->rank != 1 || t->dims[0] != sheet->n || (t->dtype != FLP_U32 &&
	    !(y && t->dtype == FLP_F32)))
		return flp_error_bad(e, "%s: expected u32%s [%llu], found another", t->name,
		    y ? " or f32" : "", (unsigned long long)sheet->n);
	return flp_export_load(r, t, to, e);
}

static int
load_names(struct flp_names *names, struct flp_reader *r, const struct flp_tensor *t,
    struct flp_error *e)
{
	void *text;
	int status;

	if (t->dtype != FLP_U8)
		return flp_error_bad(e, "%s: expected u8, found another", t->name);
	if (flp_export_load(r, t, &text, e) < 0)
		return -1;
	status = flp_names_parse(names, text, (size_t)t->bytes, e);
	free(text);
	return status < 0 ? flp_error_at(e, "%s", t->name) : 0;
}

static int
load(struct flp_sheet *sheet, struct flp_reader *r, const struct flp_tensor *t,
    struct flp_error *e)
{
	char waste[4096];

	if (strcmp(t->name, "y") == 0 || strcmp(t->name, "group") == 0)
		return load_column(sheet, r, t, e);
	if (strcmp(t->name, ":features") == 0)
		return load_names(&sheet->feature_names, r, t, e);
	if (strcmp(t->name, ":classes") == 0)
		return load_names(&sheet->class_names, r, t, e);
	if (strcmp(t->name, ":groups") == 0)
		return load_names(&sheet->group_names, r, t, e);
	for (uint64_t left = t->bytes, n; left > 0; left -= n) {
		n = left < sizeof waste ? left : sizeof waste;
		if (flp_reader_values(r, waste, n, e) < 0)
			return -1;
	}
	return 0;
}

static int
check_index(const struct flp_sheet *sheet, const char *name, const uint32_t *index,
    const struct flp_names *names, struct flp_error *e)
{
	for (uint64_t i = 0; index != NULL && i < sheet->n; i++)
		if (index[i] >= names->n)
			return flp_error_bad(e, "%s: row %llu: expected an index below %zu, found %u",
			    name, (unsigned long long)i, names->n, index[i]);
	return 0;
}

int
flp_sheet_read(struct flp_sheet *sheet, struct flp_reader *r, const struct flp_header *h,
    struct flp_error *e)
{
	struct flp_id id;

	memset(sheet, 0, sizeof *sheet);
	if (pass_x(sheet, r, h, e) < 0)
		goto fail;
	for (size_t i = 1; i < h->tensors; i++)
		if (load(sheet, r, &h->tensor[i], e) < 0)
			goto fail;
	if (flp_reader_finish(r, &id, e) < 0 ||
	    check_index(sheet, "y", sheet->classes, &sheet->class_names, e) < 0 ||
	    check_index(sheet, "group", sheet->group, &sheet->group_names, e) < 0)
		goto fail;
	if (sheet->feature_names.n == 0 || sheet->feature_names.n == sheet->d)
		return 0;
	flp_error_bad(e, ":features: expected %llu names, found %zu",
	    (unsigned long long)sheet->d, sheet->feature_names.n);
fail:
	flp_sheet_free(sheet);
	return -1;
}

/* A column name that is no feature's. */
static int
print_name(const struct flp_sheet *sheet, struct flp_out *out, const char *name,
    struct flp_error *e)
{
	char text[64];
	int n = snprintf(text, sizeof text, "%s", name);

	while (flp_names_find(&sheet->feature_names, text) >= 0 && n < (int)sizeof text - 2) {
		memmove(text + 1, text, (size_t)++n);
		text[0] = '_';
	}
	if (flp_out_write(out, ",", 1, e) < 0)
		return -1;
	return flp_out_write(out, text, (size_t)n, e);
}

static int
print_head(const struct flp_sheet *sheet, struct flp_out *out, struct flp_error *e)
{
	for (uint64_t i = 0; i < sheet->d; i++) {
		char number[32];

		snprintf(number, sizeof number, "x%llu", (unsigned long long)i + 1);
		if ((i > 0 && flp_out_write(out, ",", 1, e) < 0) || flp_csv_print(out,
		    sheet->feature_names.n ? sheet->feature_names.name[i] : number, e) < 0)
			return -1;
	}
	if ((sheet->classes || sheet->targets) && print_name(sheet, out, "y", e) < 0)
		return -1;
	if (sheet->group && print_name(sheet, out, "group", e) < 0)
		return -1;
	return flp_out_write(out, "\n", 1, e);
}

static int
print_index(struct flp_out *out, const uint32_t *index, uint64_t row,
    const struct flp_names *names, struct flp_error *e)
{
	if (index == NULL)
		return 0;
	if (flp_out_write(out, ",", 1, e) < 0)
		return -1;
	return flp_csv_print(out, names->name[index[row]], e);
}

/* What comes behind the features of a row. */
static int
print_rest(const struct flp_sheet *sheet, struct flp_out *out, uint64_t row,
    struct flp_error *e)
{
	if (print_index(out, sheet->classes, row, &sheet->class_names, e) < 0)
		return -1;
	if (sheet->targets != NULL && (flp_out_write(out, ",", 1, e) < 0 ||
	    flp_export_value(out, FLP_F32, (double)sheet->targets[row], NULL, e) < 0))
		return -1;
	if (print_index(out, sheet->group, row, &sheet->group_names, e) < 0)
		return -1;
	return flp_out_write(out, "\n", 1, e);
}

int
flp_sheet_print(const struct flp_sheet *sheet, struct flp_out *out, struct flp_reader *r,
    const struct flp_header *h, struct flp_error *e)
{
	const struct flp_tensor *t = h->tensor;
	struct flp_blocks b;
	int more;

	if (h->tensors == 0 || t->rank != 2 || t->dims[0] != sheet->n || t->dims[1] != sheet->d)
		return flp_error_bad(e, "x: expected the same record again, found another");
	if (print_head(sheet, out, e) < 0 || flp_blocks_init(&b, r, h, e) < 0)
		return -1;
	while ((more = flp_blocks_next(&b, 0, e)) > 0)
		for (size_t i = 0; i < b.n; i++) {
			uint64_t row = (b.at + i) / sheet->d, column = (b.at + i) % sheet->d;

			if ((column > 0 && flp_out_write(out, ",", 1, e) < 0) ||
			    flp_export_value(out, t->dtype, b.value[i],
			    b.raw + i * flp_dtype_size(t->dtype), e) < 0 ||
			    (column == sheet->d - 1 && print_rest(sheet, out, row, e) < 0)) {
				more = -1;
				goto done;
			}
		}
done:
	flp_blocks_free(&b);
	return more;
}
