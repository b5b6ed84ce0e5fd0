/* What a site may send, given what it has sent before. All rules of masked sums that depend on the
 * past are here; mask/journal.h remembers it.
 *
 * The mask of a site follows from (roster, session, purpose, round), and in fleets from the
 * graph too. If one mask hides two values, the difference of the masked records is the difference
 * of the values. If the same updates are summed over different sets of members, the difference of
 * the sums may be what one member sent, although each sum is over many. */
#ifndef FLP_MASK_PERMIT_H
#define FLP_MASK_PERMIT_H

#include "base/error.h"
#include "format/digest.h"
#include "format/record.h"
#include "mask/journal.h"

/* Decides whether a message may be made and sent. Returns 1 if the same message was sent before:
 * *again is its index, and only its stored bytes may leave. Returns 0 if it is new and may be sent.
 * Returns -1, FLP_ERROR_BAD, if one of these holds:
 *   - a message of the same verb, session, purpose, round and roster was made from another
 *     input, base, graph or set of survivors. A fleet's client that has confirmed nothing in a
 *     round may begin it again (entry->anew), for example because too few have answered; what it
 *     sent in the failed attempt does not count then;
 *   - the round is below the last one of the same verb, session and purpose;
 *   - it is a message of silo mode, and this client has advertised for the round in fleet mode;
 *   - the session is pinned to another roster, which is that of its last message other than a
 *     `leave`, unless entry->instead names that roster. The caller must then have checked that each
 *     member that is gone has signed a `leave` for the round, and that no member is new. A roster
 *     that was replaced can't be used again;
 *   - it is a message of fleet mode, and this client takes part in the round under another roster;
 *   - this site has signed a `leave` for the roster, or for any if the entry has none, and for this
 *     round or an earlier one of the purpose;
 *   - the same parameters (weights) were used before, in any session, under another base, with
 *     another input or with other members. Other members are allowed if the earlier sum stays
 *     closed: its roster was replaced, in this session, for that round and purpose, by a roster of
 *     the members of this one;
 *   - a column of statistics was masked before with other members, with the same exception, or the
 *     same columns were masked before in this session from another input.
 * If the message of this round was made from another input, the error names the file of the message
 * that was sent. */
int flp_permit_message(const struct flp_journal *j, const struct flp_journal_entry *entry,
    size_t *again, struct flp_error *e) FLP_CHECKED;

/* The same for a `leave` of a roster and a round. It is refused if this site has sent a message in
 * that session and purpose for that round or a later one, or if the session is pinned to another
 * roster. */
int flp_permit_leave(const struct flp_journal *j, const struct flp_journal_entry *entry,
    size_t *again, struct flp_error *e) FLP_CHECKED;

/* The text for entry->weights, which names the parameters or columns that a message is for; the
 * caller frees it; NULL on failure. For a model it is a digest of the name, the dtype, the dims and
 * the values of each tensor that is not a description. It does not depend on metadata. For columns
 * (mask/columns.h) it is flp_journal_columns of the statistics. */
char *flp_permit_weights(const struct flp_record *model, const struct flp_record *stats,
    const struct flp_identity *id, struct flp_error *e) FLP_CHECKED;

#endif
