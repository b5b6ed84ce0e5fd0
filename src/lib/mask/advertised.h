/* The advertisements of a round as they reach the server, and the record graph that it makes of
 * them. One that can't be trusted is left out, and the others go on. */
#ifndef FLP_MASK_ADVERTISED_H
#define FLP_MASK_ADVERTISED_H

#include "base/error.h"
#include "format/record.h"
#include "loop/each.h"
#include "mask/gathering.h"

#include <stddef.h>

struct flp_advertised_row;

struct flp_advertised {
	const struct flp_round *round;
	const struct flp_trust *trust;
	struct flp_texts clients; /* in the order in which they came */
	struct flp_advertised_row *row; /* of each */
	size_t room;
};

/* Both must outlive it; the trust needs a roster, also under an authority. */
void flp_advertised_begin(struct flp_advertised *a, const struct flp_round *round,
    const struct flp_trust *trust);
void flp_advertised_end(struct flp_advertised *a);

/* Adds an advertisement that flp_message_load has given. FLP_ERROR_BAD if its client is not of
 * the roster or has not signed it, if a key of it is nobody's, or if the client has sent
 * another one before: then neither is taken. The same one again counts once. */
int flp_advertised_add(struct flp_advertised *a, const struct flp_record *message,
    struct flp_error *e) FLP_CHECKED;

/* Makes the record graph of those that were taken, with k and t by the rule, whose results are
 * set. Clients that have a key in common are left out first, and reported through `bad`.
 * FLP_ERROR_BAD if no k and t will do for so many as are left. */
int flp_advertised_graph(struct flp_advertised *a, struct flp_record *graph,
    struct flp_finder *rule, struct flp_bad *bad, struct flp_error *e) FLP_CHECKED;

#endif
