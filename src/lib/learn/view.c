#include "learn/view.h"
#include "base/memory.h"
#include "kernel/vector.h"

#include <stdlib.h>
#include <string.h>

static int
check_labels(const struct flp_view *v, size_t classes, struct flp_error *e)
{
	for (size_t i = 0; i < v->rows; i++)
		if (v->label[i] >= classes) {
			flp_error_bad(e, "row %zu: class: expected 0 to %zu, found %u", i + 1,
			    classes - 1, (unsigned)v->label[i]);
			return flp_error_hide(e, "a greater one", "%u", (unsigned)v->label[i]);
		}
	return 0;
}

static int
check(const struct flp_view *v, const struct flp_arch *a, enum flp_loss loss,
    struct flp_error *e)
{
	if (v->rows < 1 || v->rows > UINT32_MAX)
		return flp_error_bad(e, "rows: expected 1 to 4294967295, found %zu", v->rows);
	if (loss == FLP_LOSS_MSE || v->label == NULL)
		return 0;
	return check_labels(v, flp_loss_classes(loss, a->outputs), e);
}

static int
prepare_scaling(struct flp_loader *l, const struct flp_view *v, struct flp_error *e)
{
	size_t d = v->columns;

	if (v->center == NULL)
		return 0;
	if ((l->center = flp_memory_new(d, sizeof *l->center, e)) == NULL ||
	    (l->inverse = flp_memory_new(d, sizeof *l->inverse, e)) == NULL ||
	    (l->center_u8 = flp_memory_new(d, sizeof *l->center_u8, e)) == NULL ||
	    (l->inverse_u8 = flp_memory_new(d, sizeof *l->inverse_u8, e)) == NULL)
		return -1;
	for (size_t j = 0; j < d; j++) {
		l->center[j] = v->center[j];
		l->inverse[j] = 1 / v->scale[j];
		l->center_u8[j] = (float)l->center[j];
		l->inverse_u8[j] = (float)l->inverse[j];
	}
	return 0;
}

int
flp_loader_open(struct flp_loader *l, const struct flp_view *v, const struct flp_arch *a,
    enum flp_loss loss, size_t room, struct flp_error *e)
{
	memset(l, 0, sizeof *l);
	if (check(v, a, loss, e) < 0)
		return -1;
	l->view = v;
	if (prepare_scaling(l, v, e) < 0)
		goto fail;
	if (loss == FLP_LOSS_MSE && v->target != NULL &&
	    (l->target = flp_memory_new(room, sizeof *l->target, e)) == NULL)
		goto fail;
	if (loss != FLP_LOSS_MSE && v->label != NULL &&
	    (l->label = flp_memory_new(room, sizeof *l->label, e)) == NULL)
		goto fail;
	return 0;
fail:
	flp_loader_close(l);
	return -1;
}

void
flp_loader_close(struct flp_loader *l)
{
	free(l->center);
	free(l->inverse);
	free(l->center_u8);
	free(l->inverse_u8);
	free(l->label);
	free(l->target);
	memset(l, 0, sizeof *l);
}

static void
take_row(const struct flp_loader *l, size_t row, float *x)
{
	const struct flp_view *v = l->view;
	size_t d = v->columns;

	if (v->u8 != NULL && l->center != NULL)
		flp_vector_standardise_u8(x, v->u8 + row * d, l->center_u8,
		    l->inverse_u8, d);
	else if (v->u8 != NULL)
		flp_vector_from_u8(x, v->u8 + row * d, d);
	else if (l->center != NULL)
		flp_vector_standardise_f32(x, v->f32 + row * d, l->center, l->inverse, d);
	else
		memcpy(x, v->f32 + row * d, d * sizeof *x);
}

struct flp_truth
flp_loader_take(struct flp_loader *l, const uint32_t *order, size_t from, size_t b, float *x)
{
	const struct flp_view *v = l->view;

	for (size_t i = 0; i < b; i++) {
		size_t row = order != NULL ? order[i] : from + i;

		take_row(l, row, x + i * v->columns);
		if (l->label != NULL)
			l->label[i] = v->label[row];
		if (l->target != NULL)
			l->target[i] = v->target[row];
	}
	return (struct flp_truth){ .label = l->label, .target = l->target };
}
