/* Data as training and evaluation see it: rows in memory, standardised as they
 * are taken. */
#ifndef FLP_LEARN_VIEW_H
#define FLP_LEARN_VIEW_H

#include "learn/arch.h"
#include "learn/loss.h"

#include <stddef.h>
#include <stdint.h>

/* All arrays are the caller's. */
struct flp_view {
	size_t rows, columns;
	const float *f32;     /* [rows,columns]: one of these, the other NULL */
	const uint8_t *u8;
	const double *center; /* [columns]: what a network sees of x is */
	const double *scale;  /* (x - center) * (1/scale); both NULL: x */
	const uint32_t *label; /* [rows]: for binary and softmax; both NULL for rows whose */
	const float *target;   /* [rows]: for mse              truth is not known */
};

/* Rows of a view, a batch at a time. */
struct flp_loader {
	const struct flp_view *view;
	double *center, *inverse; /* [columns]: center and 1/scale for f32 */
	float *center_u8, *inverse_u8; /* and for u8; NULL: rows as they are */
	uint32_t *label; /* of the batch taken last: this for binary and softmax, */
	float *target;   /* this for mse; NULL where the view has none */
};

/* The view must have the columns and the finite numbers that the architecture wants, and the
 * labels or targets that the loss wants or neither; the caller checks this. FLP_ERROR_BAD if it
 * has no row, or a label that is not a class of the architecture. It must
 * outlive the loader, which takes batches of at most `room` rows. */
int flp_loader_open(struct flp_loader *l, const struct flp_view *v,
    const struct flp_arch *a, enum flp_loss loss, size_t room,
    struct flp_error *e) FLP_CHECKED;
void flp_loader_close(struct flp_loader *l);

/* Copies b rows to x[b,columns], those listed in order[b], or where it is NULL
 * those from `from` on; the truth of them is valid until the next call. */
struct flp_truth flp_loader_take(struct flp_loader *l, const uint32_t *order,
    size_t from, size_t b, float *x);

#endif
