/* A record as a data officer wants to see it: everything that it would let out of a site, and what
 * the site's policy says about that. */
#ifndef FLP_EXPORT_OUTGOING_H
#define FLP_EXPORT_OUTGOING_H

#include "base/out.h"
#include "loop/inputs.h"
#include "privacy/outgoing.h"

/* A policy, and the function that answers for its lines about masked sums (privacy/outgoing.h). */
struct flp_outgoing_rules {
	struct flp_site site;
	int (*masked)(const struct flp_header *h, const struct flp_site *site,
	    const struct flp_site_limit *limit, struct flp_error *e);
};

/* Reads the whole record whose header flp_inputs_next has just given, and prints it: its kind and
 * privacy state; the name, dtype, dims, bytes and norm of each tensor; each line of the tensors
 * that contain names; each key of the metadata; and each answer of flp_outgoing_ask. With `json` it
 * prints one line, an object with the members
 *   place, kind, privacy
 *   tensors  for each tensor name, dtype, dims, bytes, norm; for names also `lines`
 *   meta     keys and values
 *   policy   for each question `what`, and `refused`, which is the reason or null
 *   allowed  true or false
 * Returns 1 if the policy lets the whole record out, 0 if not, -1 on error. */
int flp_outgoing_print(struct flp_out *out, const struct flp_outgoing_rules *rules,
    const struct flp_inputs *in, const struct flp_header *h, int json,
    struct flp_error *e) FLP_CHECKED;

/* The same for a record in memory. With inside = 1 it is the content of a masked record: its
 * metadata and its counts do not leave, so the policy is not applied to them. */
int flp_outgoing_show(struct flp_out *out, const struct flp_outgoing_rules *rules,
    const char *place, const struct flp_record *record, int inside, int json,
    struct flp_error *e) FLP_CHECKED;

#endif
