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
	const char *session; /* must outlive the round */
	uint64_t number;     /* `round` of the metadata */
	struct flp_digest base;   /* of the model, or of the schema */
	struct flp_digest roster; /* all zero under an authority, where the parties have no roster */
	struct flp_digest graph;  /* all zero before there is a graph */
	int has_roster, has_graph; /* 1: there is one */
	int any_base; /* 1: messages have no base: they are about the round, whatever its model */
	int stats;    /* 1: the round is for statistics; in messages only the base shows this */
};

/* The purpose of a round, "stats" or "update", which goes into keys of masks and lines of
 * journals. */
const char *flp_round_purpose(int stats);

/* Sets *round to the round of a model or, if it has none, to *given (0 if that is NULL).
 * FLP_ERROR_USAGE if there are both and they differ. */
int flp_round_number(uint64_t *round, const struct flp_meta *model, const uint64_t *given,
    struct flp_error *e) FLP_CHECKED;

/* Sets the keys session and round, base unless any_base is 1, and roster and graph if the round has
 * them. */
int flp_round_set(struct flp_meta *m, const struct flp_round *r, struct flp_error *e) FLP_CHECKED;

/* Checks that the metadata have the keys that flp_round_set sets, with these values, and that they
 * do not have the others of those keys. FLP_ERROR_BAD names the key, the expected value and what
 * was found. */
int flp_round_check(const struct flp_meta *m, const struct flp_round *r,
    struct flp_error *e) FLP_CHECKED;

/* Returns 1 if the n bytes are the name of one of those keys. */
int flp_round_key(const char *key, size_t n);

#endif
