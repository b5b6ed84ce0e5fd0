/* What the clients of a round reveal to the server, and the masks that it takes away with it.
 *
 * Of each survivor, whose masked vector is in the sum, the shares of b give its own mask; of
 * each client that has shared but is no survivor, the shares of its seed give the masks that
 * its neighbours have added. Both need t shares. Each share is held against the check that its
 * dealer has sent, so a false one is noticed, and the others go on; the b or key pair that they
 * give is held against what the dealer has said, so a dealer of false shares is named. */
#ifndef FLP_MASK_OPENING_H
#define FLP_MASK_OPENING_H

#include "base/error.h"
#include "format/digest.h"
#include "format/record.h"
#include "loop/each.h"
#include "mask/dealing.h"

#include <stddef.h>
#include <stdint.h>

enum { FLP_OPENING_AWAY, FLP_OPENING_SURVIVOR, FLP_OPENING_LOST };

/* Of client i, x[i * t] and on are the places of have[i] shares in share. */
struct flp_opening {
	const struct flp_gathering *g;
	const struct flp_dealing *d;
	const uint32_t *survivor; /* ascending */
	size_t survivors;
	struct flp_digest set;  /* their digest */
	unsigned char *what;    /* FLP_OPENING_AWAY: it never shared, so nobody masked with it */
	uint32_t *x, *have;
	unsigned char (*share)[32]; /* in hidden memory */
};

/* All must outlive it. FLP_ERROR_BAD if a survivor has not shared. */
int flp_opening_begin(struct flp_opening *o, const struct flp_dealing *d,
    const uint32_t *survivor, size_t survivors, struct flp_error *e) FLP_CHECKED;
void flp_opening_end(struct flp_opening *o); /* wipes; all zero does nothing */

/* Takes the shares of a message reveal that flp_message_load has given. FLP_ERROR_BAD if its
 * sender is not a survivor or has not signed it, if it is of another set, or if it reveals what
 * it must not; nothing of it is taken then. A share that is false is left out alone: it is
 * reported through `bad`, with the name of who revealed it. */
int flp_opening_add(struct flp_opening *o, const struct flp_record *message,
    struct flp_bad *bad, struct flp_error *e) FLP_CHECKED;

/* Takes all masks away from the sum of the survivors' vectors, whose values are in the tensors
 * of a record, modulo 2^bits. FLP_ERROR_BAD names a client of whom there are fewer than t
 * shares, or whose shares give what it has not promised. */
int flp_opening_unmask(const struct flp_opening *o, const char *purpose, unsigned bits,
    struct flp_record *sum, struct flp_error *e) FLP_CHECKED;

#endif
