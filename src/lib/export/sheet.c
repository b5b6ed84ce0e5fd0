#include "export/sheet.h"
#include "base/memory.h"
#include "export/print.h"
#include "text/csv.h"

#include <stdio.h>
#include <string.h>

#define TITLE (2 * FLP_TEXTS_BYTES) /* bytes of the title of a label or group */

/* Loads all values but those of x; rec->values[0] is a placeholder of one byte. */
static int
load_values(struct flp_record *rec, struct flp_reader *r, struct flp_error *e)
{
	const struct flp_header *h = &rec->header;
	struct flp_blocks b;
	int more;

	if (h->tensors == 0 || strcmp(h->tensor->name, "x") != 0)
		return flp_error_bad(e, "expected a first tensor x, found %s",
		    h->tensors > 0 ? h->tensor->name : "none");
	if ((rec->values = flp_memory_new(h->tensors, sizeof *rec->values, e)) == NULL ||
	    (*rec->values = flp_memory_new(1, 1, e)) == NULL || flp_blocks_init(&b, r, h, e) < 0)
		return -1;
	while ((more = flp_blocks_next(&b, 0, e)) > 0)
		;
	flp_blocks_free(&b);
	for (size_t i = 1; more == 0 && i < h->tensors; i++)
		more = flp_record_tensor(&rec->values[i], &h->tensor[i], r, e);
	return more;
}

int
flp_sheet_load(struct flp_dataset *set, struct flp_reader *r, const struct flp_header *h,
    struct flp_error *e)
{
	struct flp_record rec = { 0 };
	int status = -1;

	if (flp_header_copy(&rec.header, h, e) == 0 && load_values(&rec, r, e) == 0 &&
	    flp_reader_finish(r, &rec.id, e) == 0)
		status = flp_dataset_from(set, &rec, e);
	if (status == 0 && set->d > FLP_DATASET_FEATURES) {
		status = flp_error_bad(e, "x: expected at most %zu columns for csv, found %zu",
		    FLP_DATASET_FEATURES, set->d);
		flp_dataset_free(set);
	}
	flp_record_free(&rec);
	return status;
}

/* Puts _ before a column's name until no feature has it, and the label `other` (NULL for none)
 * has another. */
static void
name_column(const struct flp_dataset *set, char name[TITLE], const char *other)
{
	size_t n = strlen(name);

	while (n < TITLE - 2 && (flp_texts_find(&set->feature_names, name, n) >= 0 ||
	    (other != NULL && strcmp(name, other) == 0))) {
		memmove(name + 1, name, ++n);
		name[0] = '_';
	}
}

/* The titles of label and group. */
static int
print_others(const struct flp_dataset *set, struct flp_out *out, struct flp_error *e)
{
	int labelled = set->classes != NULL || set->targets != NULL;
	char y[TITLE] = "y", group[TITLE] = "group";
	size_t n = 0;
	const char *label = flp_description_label(&set->schema, &n);

	if (label != NULL && n < TITLE)
		snprintf(y, sizeof y, "%.*s", (int)n, label);
	name_column(set, y, NULL);
	name_column(set, group, labelled ? y : NULL);
	if (labelled && (flp_out_write(out, ",", 1, e) < 0 || flp_csv_print(out, y, e) < 0))
		return -1;
	if (set->group != NULL && (flp_out_write(out, ",", 1, e) < 0 ||
	    flp_csv_print(out, group, e) < 0))
		return -1;
	return 0;
}

static int
print_head(const struct flp_dataset *set, struct flp_out *out, struct flp_error *e)
{
	for (size_t i = 0; i < set->d; i++) {
		char number[32];

		snprintf(number, sizeof number, "x%zu", i + 1);
		if ((i > 0 && flp_out_write(out, ",", 1, e) < 0) || flp_csv_print(out,
		    set->feature_names.n ? flp_texts_get(&set->feature_names, i) : number, e) < 0)
			return -1;
	}
	if (print_others(set, out, e) < 0)
		return -1;
	return flp_out_write(out, "\n", 1, e);
}

static int
print_index(struct flp_out *out, const uint32_t *index, size_t row,
    const struct flp_texts *names, struct flp_error *e)
{
	if (index == NULL)
		return 0;
	if (flp_out_write(out, ",", 1, e) < 0)
		return -1;
	return flp_csv_print(out, flp_texts_get(names, index[row]), e);
}

/* Prints the fields after the features of a row. */
static int
print_rest(const struct flp_dataset *set, struct flp_out *out, size_t row,
    struct flp_error *e)
{
	if (print_index(out, set->classes, row, &set->class_names, e) < 0)
		return -1;
	if (set->targets != NULL && (flp_out_write(out, ",", 1, e) < 0 ||
	    flp_print_value(out, FLP_DTYPE_F32, (double)set->targets[row], NULL, e) < 0))
		return -1;
	if (print_index(out, set->group, row, &set->group_names, e) < 0)
		return -1;
	return flp_out_write(out, "\n", 1, e);
}

static int
print_rows(const struct flp_dataset *set, struct flp_out *out, const struct flp_blocks *b,
    struct flp_error *e)
{
	enum flp_dtype dtype = b->header->tensor[b->tensor].dtype;
	size_t size = flp_dtype_size(dtype);

	for (size_t i = 0; i < b->n; i++) {
		size_t row = (size_t)((b->at + i) / set->d), column = (size_t)((b->at + i) % set->d);

		int missing = set->missing != NULL && set->missing[b->at + i];

		if ((column > 0 && flp_out_write(out, ",", 1, e) < 0) ||
		    (!missing && flp_print_value(out, dtype, b->value[i], b->raw + i * size, e) < 0) ||
		    (column == set->d - 1 && print_rest(set, out, row, e) < 0))
			return -1;
	}
	return 0;
}

int
flp_sheet_print(const struct flp_dataset *set, struct flp_out *out, struct flp_reader *r,
    const struct flp_header *h, struct flp_error *e)
{
	struct flp_blocks b;
	struct flp_id id;
	int more;

	if (flp_header_same_tensors(&set->record.header, h, e) < 0 ||
	    print_head(set, out, e) < 0 || flp_blocks_init(&b, r, h, e) < 0)
		return -1;
	while ((more = flp_blocks_next(&b, 0, e)) > 0)
		if (print_rows(set, out, &b, e) < 0)
			break;
	flp_blocks_free(&b);
	return more == 0 ? flp_reader_finish(r, &id, e) : -1;
}
