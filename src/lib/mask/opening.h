/* The shares that the clients of a round reveal to the server, and the masks that it removes from
 * the sum with them.
 *
 * A survivor is a client whose masked vector is in the sum; the shares of its b give its own mask.
 * For each client that has sent its shares but is not a survivor, the shares of its seed give the
 * masks that its neighbours have added. Both need t shares. Each share is compared with the check
 * value that its dealer has sent, so that a false share is left out and the others still count. The
 * b or the key pair that the shares give is compared with what the dealer has announced, so that a
 * dealer of false shares is named. */
#ifndef FLP_MASK_OPENING_H
#define FLP_MASK_OPENING_H

#include "base/error.h"
#include "format/digest.h"
#include "format/record.h"
#include "loop/each.h"
#include "mask/dealing.h"

#include <stddef.h>
#include <stdint.h>

/* What became of a client: it never sent shares, so nobody masked with it; it is a survivor; or it
 * sent shares but is not a survivor. */
enum { FLP_OPENING_AWAY, FLP_OPENING_SURVIVOR, FLP_OPENING_LOST };

/* Of client i there are have[i] shares, at most t. Their places (mask/shamir.h) are x[i * t] and
 * the following, and the shares are in `share` at the same indices. */
struct flp_opening {
	const struct flp_gathering *g;
	const struct flp_dealing *d;
	const uint32_t *survivor; /* ascending */
	size_t survivors;
	struct flp_digest set;  /* the digest of the survivors (flp_gathering_set) */
	unsigned char *what;    /* by client: FLP_OPENING_AWAY and so on */
	uint32_t *x, *have;
	unsigned char (*share)[32]; /* in hidden memory */
};

/* The dealing and the survivors must outlive *o. FLP_ERROR_BAD if a survivor has not sent its
 * shares. */
int flp_opening_begin(struct flp_opening *o, const struct flp_dealing *d,
    const uint32_t *survivor, size_t survivors, struct flp_error *e) FLP_CHECKED;
void flp_opening_end(struct flp_opening *o); /* wipes; all zero does nothing */

/* FLP_ERROR_BAD, which names a client, if so few holders of its shares survive that its masks can't
 * be removed, whatever they reveal. */
int flp_opening_possible(const struct flp_opening *o, struct flp_error *e) FLP_CHECKED;

/* Takes the shares of a reveal message that flp_message_load has given. FLP_ERROR_BAD if its
 * sender is not a survivor or has not signed it, if it is for another set of survivors, or if it
 * reveals a share that it must not; then none of its shares is taken. A share that does not match
 * its check value is left out alone, and is reported through `bad` with the name of the client that
 * revealed it. */
int flp_opening_add(struct flp_opening *o, const struct flp_record *message,
    struct flp_bad *bad, struct flp_error *e) FLP_CHECKED;

/* Removes all masks from `sum`, the sum of the survivors' vectors modulo 2^bits. FLP_ERROR_BAD,
 * which names a client, if there are fewer than t shares of its secret, or if the shares do not
 * give what it has announced. */
int flp_opening_unmask(const struct flp_opening *o, const char *purpose, unsigned bits,
    struct flp_record *sum, struct flp_error *e) FLP_CHECKED;

#endif
