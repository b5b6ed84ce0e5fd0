/* What a site's policy says about a record that is to leave. */
#ifndef FLP_PRIVACY_OUTGOING_H
#define FLP_PRIVACY_OUTGOING_H

#include "format/record.h"
#include "privacy/site.h"

/* Asks the policy all that can be asked of a record alone, and tells each answer in order:
 *   kind           rows do not leave, nor do secrets
 *   min-rows       of an update or a model, by its examples
 *   min-count      of statistics
 *   max-levels     of the schema in it
 *   max-clip, min-noise  of an update, a model or a sum of these
 *   model          of a model
 *   metadata KEY   of each key
 * Besides kind and metadata, only limits that the policy sets are asked about. `refusal` is
 * NULL if the answer is yes. If `tell` returns a negative number, flp_outgoing_ask returns
 * it at once. Otherwise it returns 1 if all answers are yes, 0 if not, -1 if the system
 * failed. */
struct flp_outgoing {
	const struct flp_site *site;
	const struct flp_record *record;
	int (*tell)(void *context, const char *what, const struct flp_error *refusal);
	void *context;
	int refused; /* how many answers were no */
};

int flp_outgoing_ask(struct flp_outgoing *o, struct flp_error *e) FLP_CHECKED;

#endif
