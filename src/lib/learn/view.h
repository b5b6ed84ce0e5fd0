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
	const double *scale;  /* (x - center) * (1/scale); NULL: 0 and 1 */
	const uint32_t *label; /* [rows]: for binary and softmax */
	const float *target;   /* [rows,outputs]: for mse */
};

/* Rows of a view, a batch at a time. */
struct flp_loader {
	const struct flp_view *view;
	double *center, *inverse; /* [columns]: center and 1/scale for f32 */
	float *center_u8, *inverse_u8; /* and for u8; NULL: rows as they are */
	size_t outputs, room;
	uint32_t *label; /* [room] of the batch taken last */
	float *target;   /* [room,outputs] */
};

/* Checks that a view fits the architecture and the loss, in the whole: FLP_BAD
 * names the row or column. (Values of x and targets are taken to be finite:
 * whoever read them saw to it.) The view must outlive the loader, which takes
 * batches of at most `room` rows. */
int flp_loader_open(struct flp_loader *l, const struct flp_view *v,
    const struct flp_arch *a, enum flp_loss loss, size_t room,
    struct flp_error *e) FLP_CHECKED;
void flp_loader_close(struct flp_loader *l);

/* Copies b rows to x[b,columns], those listed in order[b], or where it is NULL
 * those from `from` on; the truth of them is valid until the next call. */
struct flp_truth flp_loader_take(struct flp_loader *l, const uint32_t *order,
    size_t from, size_t b, float *x);

#endif
