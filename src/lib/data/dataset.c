#include "data/dataset.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* The tensors that have one value, or one row of values, for each row. */
static int
has_rows(const struct flp_tensor *t)
{
	return strcmp(t->name, "x") == 0 || strcmp(t->name, "y") == 0 ||
	    strcmp(t->name, "group") == 0 || strcmp(t->name, "missing") == 0;
}

static int
check_shape(const struct flp_tensor *t, unsigned rank, uint64_t first, struct flp_error *e)
{
	if (t->rank != rank)
		return flp_error_bad(e, "%s: expected rank %u, found %u", t->name, rank, t->rank);
	if (t->dims[0] != first)
		return flp_error_bad(e, "%s: expected %llu rows, found %llu", t->name,
		    (unsigned long long)first, (unsigned long long)t->dims[0]);
	return 0;
}

static int
take_x(struct flp_dataset *set, struct flp_error *e)
{
	const struct flp_tensor *t;
	const void *x = flp_record_values(&set->record, "x", &t);

	if (x == NULL)
		return flp_error_bad(e, "x: expected a tensor of that name, found none");
	if (t->rank != 2)
		return flp_error_bad(e, "x: expected rank 2, found %u", t->rank);
	if (t->dims[0] > UINT32_MAX || t->dims[1] < 1 || t->dims[1] > UINT32_MAX)
		return flp_error_bad(e, "x: expected fewer than 2^32 rows of 1 to 2^32 - 1 columns, "
		    "found %llu rows of %llu", (unsigned long long)t->dims[0],
		    (unsigned long long)t->dims[1]);
	set->n = (size_t)t->dims[0];
	set->d = (size_t)t->dims[1];
	if (t->dtype == FLP_DTYPE_F32)
		set->x_f32 = x;
	else if (t->dtype == FLP_DTYPE_U8)
		set->x_u8 = x;
	else
		return flp_error_bad(e, "x: expected f32 or u8, found %s", flp_dtype_name(t->dtype));
	return 0;
}

/* A tensor of one index a row, each below `names`. */
static int
take_index(const uint32_t **to, const struct flp_dataset *set, const char *name,
    const struct flp_texts *names, struct flp_error *e)
{
	const struct flp_tensor *t;
	const uint32_t *index = flp_record_values(&set->record, name, &t);

	if (check_shape(t, 1, set->n, e) < 0)
		return -1;
	for (size_t i = 0; i < set->n; i++)
		if (index[i] >= names->n) {
			flp_error_bad(e, "%s: row %zu: expected an index below %zu, the count of names, "
			    "found %u", name, i, names->n, index[i]);
			return flp_error_hide(e, "a greater one", "%u", index[i]);
		}
	*to = index;
	return 0;
}

static int
take_labels(struct flp_dataset *set, struct flp_error *e)
{
	const struct flp_tensor *t;
	const void *y = flp_record_values(&set->record, "y", &t);

	if (y != NULL && t->dtype == FLP_DTYPE_F32) {
		if (check_shape(t, 1, set->n, e) < 0)
			return -1;
		set->targets = y;
	} else if (y != NULL && t->dtype != FLP_DTYPE_U32) {
		return flp_error_bad(e, "y: expected u32 or f32, found %s", flp_dtype_name(t->dtype));
	} else if (y != NULL && take_index(&set->classes, set, "y", &set->class_names, e) < 0) {
		return -1;
	}
	if (flp_record_values(&set->record, "group", &t) == NULL)
		return 0;
	if (t->dtype != FLP_DTYPE_U32)
		return flp_error_bad(e, "group: expected u32, found %s", flp_dtype_name(t->dtype));
	return take_index(&set->group, set, "group", &set->group_names, e);
}

static int
take_missing(struct flp_dataset *set, struct flp_error *e)
{
	const struct flp_tensor *t;
	const uint8_t *missing = flp_record_values(&set->record, "missing", &t);

	if (missing == NULL)
		return 0;
	if (t->dtype != FLP_DTYPE_U8)
		return flp_error_bad(e, "missing: expected u8, found %s", flp_dtype_name(t->dtype));
	if (check_shape(t, 2, set->n, e) < 0)
		return -1;
	if (t->dims[1] != set->d)
		return flp_error_bad(e, "missing: expected %zu columns, found %llu", set->d,
		    (unsigned long long)t->dims[1]);
	for (size_t i = 0; i < t->count; i++)
		if (missing[i] > 1) {
			flp_error_bad(e, "missing: row %zu: expected 0 or 1, found %u", i / set->d,
			    missing[i]);
			return flp_error_hide(e, "another number", "%u", missing[i]);
		}
	set->missing = missing;
	return 0;
}

static int
check_tensors(const struct flp_record *record, struct flp_error *e)
{
	const struct flp_header *h = &record->header;

	if (h->kind != FLP_KIND_DATA)
		return flp_error_bad(e, "expected a record of kind data, found %s",
		    flp_kind_name(h->kind));
	for (size_t i = 0; i < h->tensors; i++)
		if (!has_rows(&h->tensor[i]) && !flp_tensor_describes(&h->tensor[i]))
			return flp_error_bad(e, "%s: expected no such tensor in data",
			    h->tensor[i].name);
	return 0;
}

int
flp_dataset_from(struct flp_dataset *set, struct flp_record *record, struct flp_error *e)
{
	memset(set, 0, sizeof *set);
	set->record = *record;
	if (check_tensors(record, e) < 0 || take_x(set, e) < 0 ||
	    flp_description_names(&set->feature_names, record, ":features", e) < 0 ||
	    flp_description_names(&set->class_names, record, ":classes", e) < 0 ||
	    flp_description_names(&set->group_names, record, ":groups", e) < 0 ||
	    take_labels(set, e) < 0 || take_missing(set, e) < 0 ||
	    flp_description_scaling(&set->scaling, record, set->d, e) < 0)
		goto fail;
	if (set->feature_names.n != 0 && set->feature_names.n != set->d) {
		flp_error_bad(e, ":features: expected %zu names, one a column, found %zu", set->d,
		    set->feature_names.n);
		goto fail;
	}
	if (flp_description_schema(&set->schema, record, set->d, &set->feature_names,
	    &set->class_names, e) < 0)
		goto fail;
	memset(record, 0, sizeof *record);
	return 0;
fail:
	memset(&set->record, 0, sizeof set->record);
	flp_dataset_free(set);
	return -1;
}

void
flp_dataset_free(struct flp_dataset *set)
{
	flp_record_free(&set->record);
	flp_texts_free(&set->feature_names);
	flp_texts_free(&set->class_names);
	flp_texts_free(&set->group_names);
	flp_texts_free(&set->schema);
	memset(set, 0, sizeof *set);
}

static int
gather_header(struct flp_header *to, const struct flp_header *from, size_t n,
    struct flp_error *e)
{
	flp_header_init(to, from->kind);
	to->privacy = from->privacy;
	if (flp_meta_copy(&to->meta, &from->meta, e) < 0)
		return -1;
	for (size_t i = 0; i < from->tensors; i++) {
		const struct flp_tensor *t = &from->tensor[i];
		uint64_t dims[FLP_RANK_LIMIT];

		memcpy(dims, t->dims, sizeof dims);
		if (has_rows(t))
			dims[0] = n;
		if (flp_header_add(to, t->name, t->dtype, t->rank, dims, e) < 0)
			return -1;
		to->tensor[i].encoding = t->encoding;
	}
	return 0;
}

static void
gather_rows(void *to, const void *from, size_t width, const uint32_t *row, size_t n)
{
	if (width == sizeof(uint32_t)) {
		uint32_t *out = to;
		const uint32_t *in = from;

		for (size_t i = 0; i < n; i++)
			out[i] = in[row[i]];
		return;
	}
	for (size_t i = 0; i < n; i++)
		memcpy((char *)to + i * width, (const char *)from + row[i] * width, width);
}

int
flp_dataset_gather(struct flp_record *to, const struct flp_dataset *from,
    const uint32_t *row, size_t n, struct flp_error *e)
{
	struct flp_header h;
	int status = -1;

	if (gather_header(&h, &from->record.header, n, e) == 0)
		status = flp_record_new(to, &h, e);
	for (size_t i = 0; status == 0 && i < h.tensors; i++) {
		const struct flp_tensor *t = &from->record.header.tensor[i];
		void **values = from->record.values;

		/* No row to take from means no row to give. */
		if (!has_rows(t))
			memcpy(to->values[i], values[i], (size_t)t->bytes);
		else if (t->dims[0] > 0)
			gather_rows(to->values[i], values[i], (size_t)(t->bytes / t->dims[0]), row, n);
	}
	flp_header_free(&h);
	return status;
}
