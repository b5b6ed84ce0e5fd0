/* What is done with each record of many inputs, and with the bad ones among them.
 *
 * A bad input is reported and left out, and the run goes on with the others; under `strict`
 * the first one ends the run. All tools that make something of each record use this. */
#ifndef FLP_LOOP_EACH_H
#define FLP_LOOP_EACH_H

#include "loop/inputs.h"

struct flp_bad {
	int strict;                              /* 1: the first bad input ends the run */
	void (*tell)(const struct flp_error *e); /* reports one, with its place; may be NULL */
	uint64_t n;                              /* how many were left out */
};

/* Reports a bad input, counts it and returns 0: the run goes on. Returns -1 if the run must
 * end: under `strict`, or if the error is not of code FLP_ERROR_BAD. */
int flp_bad_left_out(struct flp_bad *bad, const struct flp_error *e) FLP_CHECKED;

/* The same for an error in the current record of the inputs. They are first made ready to
 * go on with the next record (flp_inputs_leave). */
int flp_bad_record(struct flp_bad *bad, struct flp_inputs *in,
    struct flp_error *e) FLP_CHECKED;

/* Calls the body with the header of each record of the inputs, whose values come through
 * in->reader. A file that holds no record is a bad input, and so is the lack of any file. If
 * the body returns -1 with an error of code FLP_ERROR_BAD, the record is bad; so the body must
 * make sure that the record is good before it writes anything of it. */
int flp_each_record(struct flp_inputs *in, struct flp_bad *bad,
    int (*body)(void *context, struct flp_inputs *in, const struct flp_header *h,
    struct flp_error *e), void *context, struct flp_error *e) FLP_CHECKED;

#endif
