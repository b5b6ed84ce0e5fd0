/* The advertisements that reach the server in a round, and the graph record that it makes from
 * them. An advertisement that can't be trusted is left out, and the round goes on without it. */
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
	struct flp_advertised_row *row; /* of each client */
	size_t room;
};

/* `round` and `trust` must outlive *a. The trust needs a roster even if there is an authority. */
void flp_advertised_begin(struct flp_advertised *a, const struct flp_round *round,
    const struct flp_trust *trust);
void flp_advertised_end(struct flp_advertised *a);

/* Adds an advertisement that flp_message_load has given. FLP_ERROR_BAD if its client is not in
 * the roster or has not signed it, if one of its keys is a point of small order, or if the client
 * has sent a different one before: then neither counts. One that is added twice counts once. */
int flp_advertised_add(struct flp_advertised *a, const struct flp_record *message,
    struct flp_error *e) FLP_CHECKED;

/* Makes the graph record of the advertisements that count. Clients that have a key in common are
 * left out first, and reported through `bad`. Sets n, k and t in `rule`, whose other fields the
 * caller sets. FLP_ERROR_BAD if no k and t suit the remaining clients. */
int flp_advertised_graph(struct flp_advertised *a, struct flp_record *graph,
    struct flp_finder *rule, struct flp_bad *bad, struct flp_error *e) FLP_CHECKED;

#endif
