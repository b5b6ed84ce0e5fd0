/* Which round of which study a message belongs to: the keys that all messages of one round have in
 * common. Each party knows them before it reads a message: the session and the roster from the
 * roster, the round and the base from the model and, in fleet mode, the graph from the record that
 * names all clients (mask/gathering.h). A message that says otherwise is refused. */
#ifndef FLP_MASK_ROUND_H
#define FLP_MASK_ROUND_H

#include "base/error.h"
#include "format/digest.h"
#include "format/meta.h"

#include <stdint.h>

struct flp_round {
	const char *session; /* which must outlive it */
	uint64_t number;     /* `round` of the metadata */
	struct flp_digest base;   /* of the model, or of the schema */
	struct flp_digest roster; /* all zero under an authority: no party holds the roster */
	struct flp_digest graph;  /* all zero before there is a graph */
	int has_roster, has_graph;
	int any_base; /* the message is about the round, whatever its model */
	int stats; /* the round is for statistics; in messages only the base shows it */
};

/* What a round is for, "stats" or "update", as keys of masks and lines of journals have it. */
const char *flp_round_purpose(int stats);

/* The round of a model, or `given` (NULL: 0) where it has none. FLP_ERROR_USAGE if both are
 * there and differ. */
int flp_round_number(uint64_t *round, const struct flp_meta *model, const uint64_t *given,
    struct flp_error *e) FLP_CHECKED;

/* Sets the keys session, round and base, and roster and graph where it has them. With any_base
 * there is no base. */
int flp_round_set(struct flp_meta *m, const struct flp_round *r, struct flp_error *e) FLP_CHECKED;

/* 0 if the metadata have these keys with these values, and base, roster and graph only if the round
 * has them. Otherwise FLP_ERROR_BAD, which names the key, the expected value and what was found. */
int flp_round_check(const struct flp_meta *m, const struct flp_round *r,
    struct flp_error *e) FLP_CHECKED;

/* Whether it is one of those keys: n bytes of a name. */
int flp_round_key(const char *key, size_t n);

#endif
