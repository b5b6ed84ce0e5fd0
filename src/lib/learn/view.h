/* Data for training and evaluation: rows in memory, which are standardised when they are taken. */
#ifndef FLP_LEARN_VIEW_H
#define FLP_LEARN_VIEW_H

#include "learn/arch.h"
#include "learn/loss.h"

#include <stddef.h>
#include <stdint.h>

/* All arrays are the caller's. */
struct flp_view {
	size_t rows, columns;
	const float *f32;     /* [rows,columns]: the values x, in one of these; the other is NULL */
	const uint8_t *u8;
	const double *center; /* [columns]: the network gets (x - center) * (1/scale); */
	const double *scale;  /* if both are NULL it gets x */
	const uint32_t *label; /* [rows]: for binary and softmax */
	const float *target;   /* [rows]: for mse; both are NULL if the truth is not known */
};

/* Takes rows of a view, a batch at a time. */
struct flp_loader {
	const struct flp_view *view;
	double *center, *inverse;      /* [columns]: center and 1/scale, for a view of f32 */
	float *center_u8, *inverse_u8; /* the same for u8; all NULL: rows are taken as they are */
	uint32_t *label; /* of the last batch, for binary and softmax; else NULL */
	float *target;   /* of the last batch, for mse; else NULL; both NULL if the view has none */
};

/* Begins with a view, which must outlive the loader. Batches have at most `room` rows. The view
 * must have as many columns as the architecture has inputs, finite numbers, and the labels or
 * targets that the loss needs or neither; the caller checks this. FLP_ERROR_BAD if the view is
 * without rows or has 2^32 or more, or if a label is not a class of the architecture. */
int flp_loader_open(struct flp_loader *l, const struct flp_view *v,
    const struct flp_arch *a, enum flp_loss loss, size_t room,
    struct flp_error *e) FLP_CHECKED;
void flp_loader_close(struct flp_loader *l);

/* Copies b rows to x[b,columns]: those listed in order[b] or, if that is NULL, those from row
 * `from` on. Returns their labels or targets, which are valid until the next call. */
struct flp_truth flp_loader_take(struct flp_loader *l, const uint32_t *order,
    size_t from, size_t b, float *x);

#endif
