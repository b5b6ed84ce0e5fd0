/* What the clients of a round reveal to the server, and the masks that it takes away with that.
 *
 * A survivor is a client whose masked vector is in the sum; the shares of its b give its own mask.
 * For each client that has sent its shares but is not a survivor, the shares of its seed give the
 * masks that its neighbours have added. Both need t shares. Each share is compared with the check
 * that its dealer has sent, so a false share is noticed, and the others go on. The b or the key
 * pair that the shares give is compared with what the dealer has announced, so a dealer of false
 * shares is named. */
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

/* The places of the have[i] shares of client i are x[i * t] and the following; the shares are in
 * share at the same indices. */
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

/* What is pointed to must outlive it. FLP_ERROR_BAD if a survivor has not shared. */
int flp_opening_begin(struct flp_opening *o, const struct flp_dealing *d,
    const uint32_t *survivor, size_t survivors, struct flp_error *e) FLP_CHECKED;
void flp_opening_end(struct flp_opening *o); /* wipes; all zero does nothing */

/* FLP_ERROR_BAD if so few of a client's holders survive that its masks can't be taken away,
 * whatever they reveal. Names the client. */
int flp_opening_possible(const struct flp_opening *o, struct flp_error *e) FLP_CHECKED;

/* Takes the shares of a message reveal that flp_message_load has given. FLP_ERROR_BAD if its
 * sender is not a survivor or has not signed it, if it is for another set, or if it reveals what
 * it must not; then none of its shares is taken. Of a message with a false share only that share is
 * left out. It is reported through `bad`, with the name of the client that revealed it. */
int flp_opening_add(struct flp_opening *o, const struct flp_record *message,
    struct flp_bad *bad, struct flp_error *e) FLP_CHECKED;

/* Takes all masks away from the sum of the survivors' vectors. The values of the sum are in the
 * tensors of a record, modulo 2^bits. FLP_ERROR_BAD names a client that has fewer than t shares, or
 * whose shares do not give what it has announced. */
int flp_opening_unmask(const struct flp_opening *o, const char *purpose, unsigned bits,
    struct flp_record *sum, struct flp_error *e) FLP_CHECKED;

#endif
