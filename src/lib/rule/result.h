/* The record that is made from many: its header, its values window by window, its footer. */
#ifndef FLP_RULE_RESULT_H
#define FLP_RULE_RESULT_H

#include "format/writer.h"
#include "rule/admit.h"
#include "rule/total.h"

#define FLP_RESULT_WINDOW 16384 /* values at most: with their sums they fit the L2 cache */

/* Part of one tensor of the result: n values, from value `at` on, and the total from which they are
 * made. A window is made of such pieces, one after the other. */
struct flp_piece {
	size_t tensor;
	uint64_t at;
	size_t n;
	struct flp_total *total;
};

struct flp_result {
	const struct flp_admit *admit;
	int partial; /* 1: the result is a partial: exact sums, and the set of ids */
	int exactly; /* 1: a sum whose values f64 must hold exactly (rule/clipped.h) */
	struct flp_writer *writer;
	struct flp_header header;
	struct flp_piece *piece; /* the window's come first; totals of the others are kept for reuse */
	size_t pieces;           /* how many are in the window */
	size_t made, room;       /* how many have a total; how many there is room for */
	size_t tensor;           /* the next window begins in this tensor, */
	uint64_t at;             /* at this value */
	unsigned char *block; /* FLP_RESULT_WINDOW values of any dtype; the caller may use it */
};

/* `admit` must outlive the result. */
int flp_result_init(struct flp_result *r, const struct flp_admit *admit, int partial,
    struct flp_error *e) FLP_CHECKED;
void flp_result_free(struct flp_result *r);

/* Begins the next window, of at most `most` values, and makes empty totals for its pieces. If
 * `most` is UINT64_MAX, the window is all values. Under a rule that needs all records at once,
 * `most` must not exceed FLP_RESULT_WINDOW. Returns 1, 0 if no values are left, or -1. */
int flp_result_window(struct flp_result *r, uint64_t most, struct flp_error *e) FLP_CHECKED;

/* Returns 1 if no values are left after the window. */
int flp_result_last(const struct flp_result *r);

/* flp_result_begin writes the header, after flp_admit_end. flp_result_write writes the values of
 * the window, after all records were added to its totals. flp_result_end writes what comes after
 * the values, after all ids were added to admit->parents. */
int flp_result_begin(struct flp_result *r, struct flp_out *out, struct flp_error *e) FLP_CHECKED;
int flp_result_write(struct flp_result *r, struct flp_error *e) FLP_CHECKED;
int flp_result_end(struct flp_result *r, struct flp_error *e) FLP_CHECKED;

#endif
