/* Silo mode: a few named sites that send one message each in a round.
 *
 * The mask of two sites is the stream (mask/prg.h) of a key that follows from their long-term
 * keys, the session, the purpose, the round, the model and the roster (mask/kdf.h). The site
 * that is later in the roster adds it, the earlier one subtracts it, so all masks cancel in the
 * sum of all sites, and in no other. A site sends a vector (mask/vector.h) with its masks, the
 * metadata session, roster, round and client, and its signature.
 *
 * A mask hides one vector. So what a site has sent is in its journal, and mask/permit.h says what
 * it may send. A round in which a site's message is missing is void. The same roster can try it
 * again, with the same bytes. Fewer sites can try it again if each site that is gone has signed
 * that it has not masked, and will not mask, anything in that round or a later one (leave). */
#ifndef FLP_MASK_SILO_H
#define FLP_MASK_SILO_H

#include "mask/journal.h"
#include "mask/round.h"
#include "mask/terms.h"
#include "mask/vector.h"

#define FLP_SILO_BITS 128 /* the security of its masks, which is that of X25519 and AES */

struct flp_silo {
	/* What the caller decides. */
	const struct flp_roster *roster;
	struct flp_vector vector; /* with its model; `clients` is set here */
	uint64_t round;
	const struct flp_site *site; /* whose policy the message must suit; NULL: none */

	/* The larger roster that this one replaces; the `leave` records were checked. NULL: none */
	const struct flp_roster *instead;

	/* Of flp_silo_add. */
	struct flp_record sum;   /* of the vectors so far, with the metadata of the first */
	unsigned char *sent;     /* by member: 1 if its record was added */
	size_t first, added;
};

/* Makes the message of the site whose journal it is. If it was made before from the same update,
 * gives the stored one again. When it returns 0 the message is in the journal, on the disk, and may
 * leave. The caller frees *message. */
int flp_silo_apply(struct flp_silo *s, struct flp_journal *j, const struct flp_record *update,
    struct flp_record *message, struct flp_error *e) FLP_CHECKED;

/* A round as the messages of a roster name it; base is NULL for messages that have none. */
struct flp_round flp_silo_round(const struct flp_roster *roster, uint64_t round,
    const struct flp_digest *base);

/* Opens a sum: flp_silo_begin, flp_silo_add for each record, flp_silo_open. A record that can't
 * be added is FLP_ERROR_BAD, which names its sender; the others may still be looked at, to name
 * all that is wrong, but flp_silo_open refuses unless each member's record was added. */
int flp_silo_begin(struct flp_silo *s, struct flp_error *e) FLP_CHECKED;
int flp_silo_add(struct flp_silo *s, const struct flp_record *masked,
    struct flp_error *e) FLP_CHECKED;
int flp_silo_open(struct flp_silo *s, struct flp_record *to, struct flp_error *e) FLP_CHECKED;
void flp_silo_end(struct flp_silo *s);

/* Makes the record by which a site leaves a roster from a round of updates on or, with stats = 1,
 * of statistics. It is of kind key, without tensors, with verb=leave, of=update or of=stats,
 * session, roster, round and client, and is signed. When the function returns 0, the record is in
 * the journal. */
int flp_silo_leave(const struct flp_roster *roster, struct flp_journal *j, uint64_t round,
    int stats, struct flp_record *message, struct flp_error *e) FLP_CHECKED;

/* Checks that the roster of *s may replace `old` in its round, which the model says is for
 * statistics or not: it is of the same session, its members are members of `old` with the same
 * keys, and for each member that is gone there is such a record among the n in `left`, of this
 * round or an earlier one. */
int flp_silo_replaces(const struct flp_silo *s, const struct flp_roster *old,
    const struct flp_record *left, size_t n, struct flp_error *e) FLP_CHECKED;

#endif
