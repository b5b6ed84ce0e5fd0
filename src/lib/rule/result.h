/* The record that is made from many: its header, its values window by window, its footer. */
#ifndef FLP_RULE_RESULT_H
#define FLP_RULE_RESULT_H

#include "format/writer.h"
#include "rule/admit.h"
#include "rule/total.h"

#define FLP_RESULT_WINDOW 16384 /* values at most: with their sums they fit the L2 cache */

/* A stretch of the result's values: pieces of tensors, one after the other. */
struct flp_piece {
	size_t tensor;
	uint64_t at;
	size_t n;
	struct flp_total *total;
};

struct flp_result {
	const struct flp_admit *admit;
	int partial; /* exact sums that aggregate again, with the set of ids */
	int exactly; /* a sum that doubles must hold exactly (rule/clipped.h) */
	struct flp_writer *writer;
	struct flp_header header;
	struct flp_piece *piece; /* those of the window come first */
	size_t pieces;           /* in the window */
	size_t made, room;       /* made: pieces that have a total, which is used again */
	size_t tensor; /* where the next window begins */
	uint64_t at;
	unsigned char *block; /* FLP_RESULT_WINDOW values of any dtype; the caller may use it */
};

int flp_result_init(struct flp_result *r, const struct flp_admit *admit, int partial,
    struct flp_error *e) FLP_CHECKED;
void flp_result_free(struct flp_result *r);

/* Makes totals for the next window of at most `most` values, of all values if that is
 * UINT64_MAX. Returns 1, or 0 if no values are left, or -1. Under a rule that combines
 * columns `most` must not exceed FLP_RESULT_WINDOW. */
int flp_result_window(struct flp_result *r, uint64_t most, struct flp_error *e) FLP_CHECKED;

/* Returns 1 if the window is the last. */
int flp_result_last(const struct flp_result *r);

/* flp_result_begin writes the header, once all records are known, flp_result_write the
 * values of the window, and flp_result_end the end, once admit->parents has all ids. */
int flp_result_begin(struct flp_result *r, struct flp_out *out, struct flp_error *e) FLP_CHECKED;
int flp_result_write(struct flp_result *r, struct flp_error *e) FLP_CHECKED;
int flp_result_end(struct flp_result *r, struct flp_error *e) FLP_CHECKED;

#endif
