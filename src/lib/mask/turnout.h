/* The masked records that reach the server in a round: which clients have sent one, and the sum.
 *
 * All records that are added must have been made on the same terms (mask/making.h): the kind and
 * state of their content, its clip, range and noise, the ring, and whether there are weights and
 * votes. The most common terms count, so that no client chooses them alone. */
#ifndef FLP_MASK_TURNOUT_H
#define FLP_MASK_TURNOUT_H

#include "base/error.h"
#include "format/record.h"
#include "loop/each.h"
#include "mask/dealing.h"
#include "mask/vector.h"

#include <stddef.h>
#include <stdint.h>

struct flp_turnout {
	const struct flp_dealing *d;
	struct flp_vector vector;  /* with its model; `clients` is set here */
	int trust; /* 1: take unsigned sums too, which fl-aggregate makes; they name their senders */
	unsigned char *sent;       /* by client: 1 if its record was taken */
	struct flp_digest *terms;  /* of the record of each client (flp_making_digest) */
	unsigned char (*signature)[FLP_SIGNED_BYTES];
	size_t taken;              /* how many records were taken, including those inside sums */
	struct flp_record sum;     /* of the records that flp_turnout_add has taken */
};

/* After this the caller sets vector and trust. The dealing must outlive the turnout. */
int flp_turnout_begin(struct flp_turnout *t, const struct flp_dealing *d,
    struct flp_error *e) FLP_CHECKED;
void flp_turnout_end(struct flp_turnout *t); /* all zero does nothing */

/* Loads the masked record whose header *h flp_reader_next has just given. Its tensors are checked
 * before their values are read. */
int flp_turnout_load(struct flp_turnout *t, struct flp_record *masked, struct flp_reader *r,
    const struct flp_header *h, struct flp_error *e) FLP_CHECKED;

/* Notes the sender of a record that flp_turnout_load has given, without adding the record.
 * FLP_ERROR_BAD if its sender has not signed it, has not sent its shares, or has sent a different
 * one before. A record that is noted twice counts once. */
int flp_turnout_note(struct flp_turnout *t, const struct flp_record *masked,
    struct flp_error *e) FLP_CHECKED;

/* Chooses the survivors among the clients whose records were noted: *client, which the caller
 * frees, holds n ascending indices. A client whose terms differ from those of most is left out and
 * reported. */
int flp_turnout_survivors(struct flp_turnout *t, uint32_t **client, size_t *n, struct flp_bad *bad,
    struct flp_error *e) FLP_CHECKED;

/* Adds a record to the sum. FLP_ERROR_BAD as for flp_turnout_note, and if its sender is not one of
 * the n survivors, if its terms differ from those of the first record, or if it is a sum with a
 * sender whose record was already added. */
int flp_turnout_add(struct flp_turnout *t, const struct flp_record *masked,
    const uint32_t *survivor, size_t n, struct flp_error *e) FLP_CHECKED;

/* Checks that the records of all survivors were added; FLP_ERROR_BAD names one that is
 * missing. */
int flp_turnout_whole(const struct flp_turnout *t, const uint32_t *survivor, size_t n,
    struct flp_error *e) FLP_CHECKED;

#endif
