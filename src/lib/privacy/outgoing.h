/* What a site's policy says about a record that is to leave. */
#ifndef FLP_PRIVACY_OUTGOING_H
#define FLP_PRIVACY_OUTGOING_H

#include "format/record.h"
#include "privacy/site.h"

/* Asks the policy everything that can be asked about a record alone, and passes each answer to
 * `tell`, in this order:
 *   kind           rows do not leave, nor do secrets
 *   min-rows       of an update or a model, by its examples
 *   min-count      of statistics; refused if they may leave only masked (fl-stats --to-mask)
 *   max-levels     of the schema that the record carries
 *   max-clip, min-noise  of an update, a model or a sum of these, masked or not
 *   max-epsilon    of a masked record, which must have noise
 *   min-clients, min-threshold, min-bits, roster, authority  of a masked record, if `masked`
 *                  can tell
 *   model          of a model
 *   metadata KEY   of each key
 * Except for kind and metadata, only limits that the policy sets are asked about. `refusal` is
 * NULL if the answer is yes. If `tell` returns a negative number, flp_outgoing_ask returns
 * -1 at once. Otherwise it returns 1 if all answers are yes, 0 if one is no, and -1 if the system
 * failed. */
struct flp_outgoing {
	const struct flp_site *site;
	const struct flp_record *record;
	int inside; /* 1: the record will be masked, so its metadata and counts do not leave */
	int (*tell)(void *context, const char *what, const struct flp_error *refusal);
	/* Asks one line of the policy about the sum that a masked record is part of. Returns 0 if the
	 * line allows it, -1 with FLP_ERROR_BAD if it does not, and 1 if the record does not tell.
	 * NULL: these lines are not asked about. */
	int (*masked)(const struct flp_header *h, const struct flp_site *site,
	    const struct flp_site_limit *limit, struct flp_error *e);
	void *context;
	int refused; /* how many answers were no */
};

int flp_outgoing_ask(struct flp_outgoing *o, struct flp_error *e) FLP_CHECKED;

/* Asks the policy about the clip and the noise of a record, masked or not, that leaves a site by
 * itself: max-clip, min-noise, and max-epsilon. Under max-epsilon a record that was learnt from
 * rows must have noise. */
int flp_outgoing_learnt(const struct flp_site *site, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;

#endif
