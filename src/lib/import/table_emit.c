#include "base/memory.h"
#include "import/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What stands for a missing level beside a reference is how often each of the others is found. */
static int
no_shares(const struct flp_slot *slot, struct flp_error *e)
{
	flp_error_bad(e, "missing value: in a column with a reference, --missing mean needs the "
	    "statistics of --scale");
	return flp_table_at_column(slot, e);
}

static int
check_mean(const struct flp_slot *slot, double v, struct flp_error *e)
{
	if (flp_value_fits(v))
		return 0;
	flp_error_bad(e, "expected a mean in the range of f32, found %g", v);
	flp_error_hide(e, "a greater one", "%g", v);
	return flp_table_at_column(slot, e);
}

static int
take_mean(const struct flp_table *t, struct flp_slot *slot, uint64_t n, struct flp_error *e)
{
	const struct flp_scaling *means = &t->means;

	if (means->center != NULL)
		slot->filler = means->center[flp_scaling_at(means, slot->feature)];
	else if (slot->count > 0)
		slot->filler = slot->sum / (double)slot->count;
	else if (n > 0)
		return flp_error_bad(e, "column %s: expected a number to take the mean of, found none "
		    "(--scale STATS has the mean of all sites)", slot->column->name);
	return check_mean(slot, slot->filler, e);
}

int
flp_table_fillers(struct flp_table *t, const struct flp_scaling *means, uint64_t n,
    struct flp_error *e)
{
	t->means = *means;
	for (size_t i = 0; i < t->n; i++) {
		struct flp_slot *slot = &t->x[i];

		slot->filler = 0;
		if (t->wish->missing != FLP_MISSING_MEAN)
			continue;
		if (slot->kind == FLP_COLUMN_NUMBER && take_mean(t, slot, n, e) < 0)
			return -1;
		if (slot->reference >= 0 && means->center == NULL && slot->count < n)
			return no_shares(slot, e);
	}
	return 0;
}

/* A level is missing. Zeros would be the reference. */
static int
emit_gap(const struct flp_table *t, const struct flp_slot *slot, float *x, uint8_t *missing,
    struct flp_error *e)
{
	const struct flp_scaling *means = &t->means;
	int fill = missing == NULL && slot->reference >= 0 && t->wish->missing == FLP_MISSING_MEAN;

	if (fill && means->center == NULL)
		return no_shares(slot, e);
	if (missing != NULL)
		memset(missing + slot->feature, 1, slot->width);
	for (size_t i = slot->feature; fill && i < slot->feature + slot->width; i++) {
		double v = means->center[flp_scaling_at(means, i)];

		if (check_mean(slot, v, e) < 0)
			return -1;
		x[i] = (float)v;
	}
	return flp_table_gap(t, slot, e);
}

static int
emit_level(const struct flp_table *t, const struct flp_slot *slot, float *x, uint8_t *missing,
    struct flp_error *e)
{
	size_t level;

	if (flp_table_missing(t, slot))
		return emit_gap(t, slot, x, missing, e);
	if (flp_table_level(t, slot, &level, e) < 0)
		return -1;
	if ((long)level != slot->reference)
		x[slot->feature + level - (slot->reference >= 0 && (long)level > slot->reference)] = 1;
	return 0;
}

int
flp_table_x(const struct flp_table *t, float *x, uint8_t *missing, struct flp_error *e)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct flp_slot *slot = &t->x[i];
		double v = missing != NULL ? NAN : slot->filler;

		if (slot->kind == FLP_COLUMN_LEVEL) {
			if (emit_level(t, slot, x, missing, e) < 0)
				return -1;
			continue;
		}
		if (flp_table_number(t, slot, &v, e) < 0)
			return -1;
		if (isnan(v))
			missing[slot->feature] = 1;
		else
			x[slot->feature] = (float)v;
	}
	return 0;
}

/* The class or the group of a row, which may not be missing. */
static int
take_index(const struct flp_table *t, const struct flp_slot *slot, uint32_t *index,
    struct flp_error *e)
{
	size_t level;

	if (flp_table_missing(t, slot) && flp_table_gap(t, slot, e) < 0)
		return -1;
	if (flp_table_level(t, slot, &level, e) < 0)
		return -1;
	*index = (uint32_t)level;
	return 0;
}

static int
emit_y(const struct flp_table *t, struct flp_rows *rows, struct flp_error *e)
{
	uint32_t index;
	float target;
	double v = 0;

	if (t->y.kind == FLP_COLUMN_NUMBER) {
		if (flp_table_number(t, &t->y, &v, e) < 0)
			return -1;
		target = (float)v;
		return flp_rows_y(rows, &target, 1, e);
	}
	if (t->y.kind != FLP_COLUMN_LEVEL)
		return 0;
	return take_index(t, &t->y, &index, e) < 0 ? -1 : flp_rows_y(rows, &index, 1, e);
}

static int
emit_group(const struct flp_table *t, struct flp_rows *rows, struct flp_error *e)
{
	uint32_t index;

	if (t->group.kind == 0)
		return 0;
	return take_index(t, &t->group, &index, e) < 0 ? -1 : flp_rows_group(rows, &index, 1, e);
}

static int
emit_rows(struct flp_table *t, struct flp_rows *rows, uint8_t *missing, struct flp_error *e)
{
	int status;
	float *x;

	while ((status = flp_table_next(t, e)) > 0) {
		if (flp_rows_row(rows, &x, e) < 0)
			return -1;
		if (missing != NULL)
			memset(missing, 0, (size_t)rows->frame->d);
		if (flp_table_x(t, x, missing, e) < 0 || emit_y(t, rows, e) < 0 ||
		    emit_group(t, rows, e) < 0)
			return flp_table_at_row(t, e);
		if (missing != NULL && flp_rows_missing(rows, missing, e) < 0)
			return -1;
	}
	return status;
}

int
flp_table_emit(struct flp_source *source, struct flp_rows *rows, struct flp_error *e)
{
	struct flp_table *t = source->state;
	uint8_t *missing = NULL;
	int status = -1;

	if (source->frame.missing &&
	    (missing = flp_memory_new((size_t)source->frame.d, 1, e)) == NULL)
		return -1;
	if (flp_table_fillers(t, &source->frame.description.scaling, source->frame.n, e) == 0 &&
	    flp_table_rewind(t, e) == 0)
		status = emit_rows(t, rows, missing, e);
	free(missing);
	return status;
}
