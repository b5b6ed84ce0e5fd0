/* A client's third turn: its update under masks. The client adds its own mask and, for each client
 * that has sent it a box, adds or subtracts the mask of the pair (mask/derive.h).
 *
 * A mask must hide only one vector, so a client masks one update in a round. If it is asked again
 * with the same update, it gives the stored message, whatever the inbox is. */
#ifndef FLP_MASK_MASKING_H
#define FLP_MASK_MASKING_H

#include "mask/gathering.h"
#include "mask/journal.h"
#include "mask/vector.h"
#include "privacy/site.h"

struct flp_masking {
	/* What the caller decides. */
	const struct flp_gathering *gathering;
	struct flp_vector vector;    /* with its model; `clients` is set here */
	const struct flp_site *site; /* whose policy the message must suit; NULL: none */
	int bad_inbox; /* set to 1 if flp_masking_apply fails because of the inbox, not the update */
};

/* Makes the masked record of an update, or of anything else that flp_vector_make takes. `inbox` is
 * the deliver message. When it returns 0 the message is in the journal, on the disk, and may leave;
 * the caller frees it. */
int flp_masking_apply(struct flp_masking *m, struct flp_journal *j, const struct flp_record *inbox,
    const struct flp_record *update, struct flp_record *message,
    struct flp_error *e) FLP_CHECKED;

#endif
