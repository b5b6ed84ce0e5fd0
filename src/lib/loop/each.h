/* Loops over the records of many inputs, and deals with the bad ones among them.
 *
 * A bad input is reported and left out, and the run goes on with the others; under `strict` the
 * first one ends the run. All tools that do something with each record use this. */
#ifndef FLP_LOOP_EACH_H
#define FLP_LOOP_EACH_H

#include "loop/inputs.h"

struct flp_bad {
	int strict;                              /* 1: the first bad input ends the run */
	void (*tell)(const struct flp_error *e); /* reports one; *e names its place; may be NULL */
	uint64_t n;                              /* how many were left out */
	uint64_t most;                           /* how many of these are reported; 0: all */
};

/* Reports a bad input, counts it and returns 0: the run goes on. Returns -1 if the run must
 * end: under `strict`, or if the error is not of code FLP_ERROR_BAD. */
int flp_bad_left_out(struct flp_bad *bad, const struct flp_error *e) FLP_CHECKED;

/* The same for an error in the current record of the inputs, which is first left
 * (flp_inputs_leave), so that they go on with the next record. */
int flp_bad_record(struct flp_bad *bad, struct flp_inputs *in,
    struct flp_error *e) FLP_CHECKED;

/* Calls the body with the header of each record of the inputs; the body reads the values through
 * in->reader. A file without records is a bad input, and so are inputs without files. If the body
 * returns -1 with FLP_ERROR_BAD, the record is bad. So the body must make sure that a record is
 * good before it writes anything for it. */
int flp_each_record(struct flp_inputs *in, struct flp_bad *bad,
    int (*body)(void *context, struct flp_inputs *in, const struct flp_header *h,
    struct flp_error *e), void *context, struct flp_error *e) FLP_CHECKED;

#endif
