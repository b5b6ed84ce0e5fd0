/* The models of an experiment as evidence of what was released.
 *
 * Each noised model names the model before it (`base`) and says how the release that it was made
 * from was noised. If all of the models are present, back to a first one that is public, they show
 * every release that readers of the models have seen. If a model is missing, or a later one has
 * no noise, nothing is known. A ledger may have more releases than the models show: those that
 * no model was made from count as well.
 *
 * The models are not signed, so this finds accidents, not forgeries. */
#ifndef FLP_PRIVACY_CHAIN_H
#define FLP_PRIVACY_CHAIN_H

#include "format/digest.h"
#include "format/header.h"
#include "loop/each.h"
#include "privacy/ledger.h"
#include "privacy/spending.h"

#include <stddef.h>

struct flp_chain_model {
	char *place; /* where it is, for messages */
	struct flp_digest digest;
	enum flp_privacy privacy;
	struct flp_meta meta;
};

/* All zero is the empty chain. */
struct flp_chain {
	struct flp_chain_model *model;
	size_t n, room;
};

void flp_chain_free(struct flp_chain *chain);

/* Adds all records of the inputs, of which none has been read. FLP_ERROR_BAD if one of them is not
 * a model that is public or noised. */
int flp_chain_read(struct flp_chain *chain, struct flp_inputs *in,
    struct flp_error *e) FLP_CHECKED;

/* Checks that the models make a whole chain and, if `ledger` is not NULL, that each release has
 * its line there. Then adds to *s what was spent: all lines of the ledger or, if it is NULL, each
 * release of the models once. The error, FLP_ERROR_BAD, names the model or the line that is at
 * fault. */
int flp_chain_spending(struct flp_chain *chain, const struct flp_log *ledger,
    struct flp_spending *s, struct flp_error *e) FLP_CHECKED;

#endif
