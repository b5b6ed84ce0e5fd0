/* Clipping: a record's values are scaled down to a greatest norm and rounded to a lattice
 * (kernel/lattice.h), so that they are whole numbers of steps g whose norm is at most C
 * exactly.
 *
 * If the norm of the d values is at most C - g sqrt(d) / 2, they are only rounded; otherwise they
 * are scaled to that norm first. Rounding moves each by at most g / 2, so the norm stays within
 * C. This is then checked in whole numbers, and the scale is lowered if the norm is too great.
 * If groups of tensors are clipped separately, group j is clipped to its own norm C_j in this
 * way, C is the root of the sum of all C_j^2, and all groups have the lattice of C.
 *
 * Under the norm L1, the sum of magnitudes, values are scaled to C and rounded toward zero.
 *
 * A record is looked at before it is rounded:
 *	flp_clip_begin(&clip, header, 0, e)
 *	do
 *		flp_clip_look(&clip, blocks, e)        for all blocks
 *	while ((again = flp_clip_looked(&clip, e)) > 0)
 *	flp_clip_steps(&clip, blocks, steps)           for all blocks
 */
#ifndef FLP_PRIVACY_CLIP_H
#define FLP_PRIVACY_CLIP_H

#include "kernel/lattice.h"
#include "kernel/norm.h"
#include "loop/blocks.h"

#define FLP_CLIP_GROUPS 9 /* at most, for the keys clip.1 to clip.9 */

/* Tensors that are clipped together. */
struct flp_clip_group {
	char *pattern;   /* for their names, as in fnmatch(3); NULL for all */
	double clip;     /* C_j */
	uint64_t most;   /* floor((C_j / g)^2), or floor(C_j / g) under L1 */

	/* In the record at hand. */
	uint64_t n;           /* values */
	struct flp_norm norm; /* of the values times `before` */
	double magnitudes;    /* under L1: the sum of the magnitudes of the values times `before` */
	double before;        /* 1, or a smaller power of two if the squares would overflow */
	double factor;        /* steps = value * before * factor */
	uint64_t size;        /* sum of the squares of steps, or of their magnitudes under L1 */
};

struct flp_clip {
	struct flp_lattice lattice;
	int l1;
	struct flp_clip_group group[FLP_CLIP_GROUPS];
	size_t groups;

	/* The record at hand. */
	int clipped;          /* 1: it is clipped already, and is only checked */
	int measured;         /* 1: the norms are known */
	unsigned tries;       /* how many times the factors were too high */
	unsigned char *group_of; /* for each tensor, the index of its group */
	size_t room;
};

/* Makes one group of all tensors, with the norm `clip`. `grid` is K of kernel/lattice.h.
 * FLP_ERROR_USAGE if a number is out of range. */
int flp_clip_init(struct flp_clip *c, double clip, unsigned grid, int l1,
    struct flp_error *e) FLP_CHECKED;

/* Makes the groups that a text PATTERN=NORM,PATTERN=NORM,... describes. Errors are
 * FLP_ERROR_USAGE. */
int flp_clip_init_by(struct flp_clip *c, const char *text, unsigned grid,
    struct flp_error *e) FLP_CHECKED;

void flp_clip_free(struct flp_clip *c);

/* Begins a record, whose header must outlive its blocks. If `clipped` is 1, its values must be
 * clipped already, to these norms and on this lattice: the functions below check that, and leave
 * the values as they are. FLP_ERROR_BAD if a tensor is in no group or in two, if the name of a
 * tensor of floats begins with ':', or if the step is too coarse for the number of values:
 * g sqrt(d_j) / 2 must be below C_j / 10. */
int flp_clip_begin(struct flp_clip *c, const struct flp_header *h, int clipped,
    struct flp_error *e) FLP_CHECKED;

/* Looks at a block. FLP_ERROR_BAD if a tensor that is not of floats has a value other than
 * 0: such a value has no norm, and would leave the site as it is. */
int flp_clip_look(struct flp_clip *c, struct flp_blocks *b, struct flp_error *e) FLP_CHECKED;

/* Is called after all blocks: returns 1 if they must be looked at again, 0 if not. */
int flp_clip_looked(struct flp_clip *c, struct flp_error *e) FLP_CHECKED;

/* Is called after flp_clip_looked has returned 0: returns 1 if the norm of each group was within
 * its bound before clipping. The record must not be `clipped`. */
int flp_clip_below(const struct flp_clip *c);

/* Sets steps[b->n] to the values of a block of floats as whole numbers of steps. */
void flp_clip_steps(const struct flp_clip *c, struct flp_blocks *b, double *steps);

#endif
