/* What is masked: an update, parameters or statistics as integers of a ring, and a sum of such
 * vectors as the record that it is of.
 *
 * A vector is a record of kind masked, in the encoding modular, that has no masks yet. Its
 * values are modulo 2^bits, and its tensors, all u64, are in this order
 *   those of the model, without descriptions       steps of a lattice; integers are 0
 *   clip/below             [1]  if there is a vote  1 or 2^bits - 1
 *   mask/weight            [1]  if it is weighted   the examples that it was multiplied by
 * or, of statistics, whose bits are 64
 *   count, sum, sumsq and, where there are classes, class        as they are
 *   mask/examples          [1]
 * and it has the metadata
 *   of, state  kind and privacy state of what is inside
 *   base       digest of the model or, for statistics, of their columns (mask/columns.h)
 *   clip, clip.1 and so on, grid, and what else says how it was clipped or noised; or
 *   range, grid  if it was neither: the lattice is that of a clip of this norm
 *   weighting  examples or uniform
 *   bits       of the ring (mask/fit.h)
 *
 * The lattice of a clipped record is its own. Its values are then checked as in plain sums
 * (privacy/steps.h). Each value of a noised one must be at most ceil(C / g) steps and twelve
 * standard deviations of its noise. Others are rounded to the lattice of the range.
 *
 * Weights multiply what one record adds by up to W, so neither the clip nor the noise bounds it
 * any more. The sum of a weighted vector thus has no `clip` and `grid`, and weights under noise
 * are refused. */
#ifndef FLP_MASK_VECTOR_H
#define FLP_MASK_VECTOR_H

#include "format/digest.h"
#include "format/record.h"
#include "kernel/lattice.h"
#include "mask/fit.h"

#define FLP_VECTOR_WEIGHT "mask/weight"
#define FLP_VECTOR_EXAMPLES "mask/examples"

/* What all parties decide, and compute alike. */
struct flp_vector {
	uint64_t clients; /* n, how many vectors there may be in a sum */
	uint64_t weight;  /* W, the greatest weight; 0: no weights */
	double range;     /* R, for what is not clipped; 0: none */
	unsigned grid;    /* K, with a range */
	int saturate;     /* cut values beyond the range instead of refusing them */

	/* How many vectors are in the sum that flp_vector_open opens; 0: all n. */
	uint64_t added;

	/* What the model or, for statistics, their columns are. */
	const struct flp_record *model;
	struct flp_digest base;

	/* Of the record at hand, by flp_vector_make or flp_vector_open. */
	struct flp_lattice lattice;
	struct flp_fit fit;
	uint64_t own;     /* its weight */
	uint64_t cut;     /* how many values were cut */
};

/* Makes the vector of a record. FLP_ERROR_BAD if it does not belong to the model, or if its
 * values are not what they must be; the error names the tensor and the index, and not the
 * value. The caller frees *to. */
int flp_vector_make(struct flp_vector *v, struct flp_record *to, const struct flp_record *from,
    struct flp_error *e) FLP_CHECKED;

/* Checks that a header is that of a vector, masked or not, as flp_vector_make makes it: its
 * tensors, `of`, `base`, `bits`, and the lattice that its keys give. */
int flp_vector_check(struct flp_vector *v, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;

/* Makes the record that the sum of v->added vectors is of: of updates and parameters one of
 * kind sum, of f64 and exact, as fl-aggregate --sum makes it of clipped records; statistics
 * of kind stats. *sum is a vector whose header flp_vector_check takes. FLP_ERROR_BAD if the
 * sum is one that such vectors can't have: then what was added was not what it must be, or
 * the masks did not cancel. The caller frees *to. */
int flp_vector_open(struct flp_vector *v, struct flp_record *to, const struct flp_record *sum,
    struct flp_error *e) FLP_CHECKED;

#endif
