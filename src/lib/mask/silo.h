/* Silo mode: a few named sites that send one message each in a round.
 *
 * The mask of two sites is the stream (mask/prg.h) of a key that follows from their long-term
 * keys, the session, the purpose, the round, the model and the roster (mask/kdf.h). The site
 * that is later in the roster adds it, the earlier one subtracts it, so all masks cancel in the
 * sum of all sites, and in no other. A site sends a vector (mask/vector.h) with its masks, the
 * metadata session, roster, round and client, and its signature.
 *
 * A mask must hide only one vector. So a site keeps what it has sent in its journal, and
 * mask/permit.h says what it may send. A round in which a site's message is missing can't be
 * opened. The same roster can try it again, with the same bytes. Fewer sites can try it again if
 * each site that is gone has signed that it has not masked, and will not mask, anything in that
 * round or a later one (leave). */
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

	/* Set by flp_silo_add. */
	struct flp_record sum;   /* of the vectors so far, with the metadata of the first */
	unsigned char *sent;     /* by member: 1 if its record was added */
	size_t first, added;     /* the member of the first record; how many were added */
};

/* Makes the masked record of the journal's identity. If it was made before from the same update,
 * gives the stored one again. When this returns 0, the message is in the journal, on the disk, and
 * may leave. The caller frees *message. */
int flp_silo_apply(struct flp_silo *s, struct flp_journal *j, const struct flp_record *update,
    struct flp_record *message, struct flp_error *e) FLP_CHECKED;

/* The round that the messages of a roster belong to; base is NULL for messages that have none. */
struct flp_round flp_silo_round(const struct flp_roster *roster, uint64_t round,
    const struct flp_digest *base);

/* Opens a sum: flp_silo_begin, flp_silo_add for each record, flp_silo_open. A record that can't
 * be added is FLP_ERROR_BAD, which names its sender. The caller may go on to add the others, so
 * that all that is wrong can be named, but flp_silo_open refuses unless the record of every member
 * was added. */
int flp_silo_begin(struct flp_silo *s, struct flp_error *e) FLP_CHECKED;
int flp_silo_add(struct flp_silo *s, const struct flp_record *masked,
    struct flp_error *e) FLP_CHECKED;
int flp_silo_open(struct flp_silo *s, struct flp_record *to, struct flp_error *e) FLP_CHECKED;
void flp_silo_end(struct flp_silo *s);

/* Makes the leave message, by which a site leaves a roster from a round of updates on or, with
 * stats = 1, from a round of statistics on. It is a signed record of kind key, without tensors,
 * with verb=leave, of=update or of=stats, session, roster, round and client. When this returns 0,
 * the message is in the journal, on the disk. */
int flp_silo_leave(const struct flp_roster *roster, struct flp_journal *j, uint64_t round,
    int stats, struct flp_record *message, struct flp_error *e) FLP_CHECKED;

/* Checks that the roster of *s may replace `old` in the round of *s, which is for updates or for
 * statistics as the model of *s says. The new roster must be of the same session, and its members
 * must be members of `old` with the same keys. For each member that is gone there must be a leave
 * message among the n in `left`, of this round or an earlier one. */
int flp_silo_replaces(const struct flp_silo *s, const struct flp_roster *old,
    const struct flp_record *left, size_t n, struct flp_error *e) FLP_CHECKED;

#endif
