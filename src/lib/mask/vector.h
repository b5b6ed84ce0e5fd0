/* Vectors: an update, parameters or statistics as integers of a ring, to which masks are added. A
 * sum of vectors is turned back into a sum of the records that they were made from.
 *
 * A vector is a record of kind masked, in the encoding modular, that does not have masks yet. Its
 * values are modulo 2^bits. Its tensors, all u64, are in this order
 *   those of the model, without descriptions       steps of a lattice; integers are 0
 *   clip/below             [1]  if there is a vote  1 or 2^bits - 1
 *   mask/weight            [1]  if it is weighted   the examples that it was multiplied by
 * or, for statistics, whose bits are 64
 *   count, sum, sumsq and, where there are classes, class        as they are
 *   mask/examples          [1]
 * and it has the metadata
 *   of, state  kind and privacy state of the record that it was made from
 *   base       digest of the model or, for statistics, of their columns (mask/columns.h)
 *   clip, clip.1 and so on, grid, and the other keys that say how that record was clipped or
 *              noised; or
 *   range, grid  if it was neither: the lattice is that of a clip norm of `range`
 *   weighting  examples or uniform
 *   bits       of the ring (mask/fit.h)
 *
 * A clipped record has a lattice of its own, and its values are checked as in plain sums
 * (privacy/steps.h). Each value of a noised record must be at most ceil(C / g) steps plus twelve
 * standard deviations of its noise. Other records are rounded to the lattice of the range.
 *
 * Weights multiply a record by up to W, so the clip no longer bounds what it adds to the sum, and
 * noise no longer hides it. So the sum of weighted vectors does not have `clip` and `grid`, and
 * weights are refused with noise. */
#ifndef FLP_MASK_VECTOR_H
#define FLP_MASK_VECTOR_H

#include "format/digest.h"
#include "format/record.h"
#include "kernel/lattice.h"
#include "mask/fit.h"

#define FLP_VECTOR_WEIGHT "mask/weight"
#define FLP_VECTOR_EXAMPLES "mask/examples"

/* What all parties must decide and compute in the same way. */
struct flp_vector {
	uint64_t clients; /* n, how many vectors there may be in a sum */
	uint64_t weight;  /* W, the greatest weight; 0: no weights */
	double range;     /* R, for records that are not clipped; 0: none */
	unsigned grid;    /* K, with a range */
	int saturate;     /* 1: values beyond the range are cut; 0: they are refused */

	/* How many vectors are in the sum that flp_vector_open opens; 0: all n. */
	uint64_t added;

	/* The model or, for statistics, their columns. */
	const struct flp_record *model;
	struct flp_digest base;

	/* Set by flp_vector_make or flp_vector_open, for the record at hand. */
	struct flp_lattice lattice;
	struct flp_fit fit;
	uint64_t own;     /* its weight, or the examples of statistics */
	uint64_t cut;     /* how many of its values were cut */
};

/* Makes the vector of a record. FLP_ERROR_BAD if the record does not belong to the model, or if
 * its values do not obey the rules above; the error names the tensor and the index, but not the
 * value. The caller frees *to. */
int flp_vector_make(struct flp_vector *v, struct flp_record *to, const struct flp_record *from,
    struct flp_error *e) FLP_CHECKED;

/* Checks that a header is that of a vector, masked or not, as flp_vector_make makes it: its
 * tensors, `of`, `base` and `bits`, and the lattice that follows from its keys. */
int flp_vector_check(struct flp_vector *v, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;

/* Checks that a single party's masked record has no other metadata than those above, `client`,
 * `signature` and those of its round (mask/round.h), so that nothing else is sent with it. A sum
 * of masked records has more. */
int flp_vector_keys(const struct flp_meta *meta, struct flp_error *e) FLP_CHECKED;

/* Turns the sum of v->added vectors back into a record. From updates and parameters it makes an
 * exact record of kind sum, in f64, as fl-aggregate --sum makes from clipped records; from
 * statistics a record of kind stats. *sum is a vector whose header flp_vector_check accepts.
 * FLP_ERROR_BAD if valid vectors can't have this sum: then a vector was not valid, or the masks did
 * not cancel. The caller frees *to. */
int flp_vector_open(struct flp_vector *v, struct flp_record *to, const struct flp_record *sum,
    struct flp_error *e) FLP_CHECKED;

#endif
