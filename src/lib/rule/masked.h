/* Masked records (MASKS in fl(5)), from which only a sum can be made.
 *
 * The values of such records are added modulo 2^bits. Their metadata say what is inside: its
 * kind, privacy state, clip, noise and weighting are keys that must be equal, and the sum
 * keeps them. A record of one client names it under `client`. A sum of them names all clients
 * in it, its senders, in its last tensor (format/names.h); sums can be added up again. No client
 * may be in a sum twice, since the masks would not cancel out. */
#ifndef FLP_RULE_MASKED_H
#define FLP_RULE_MASKED_H

#include "rule/entry.h"
#include "rule/merged.h"
#include "rule/policy.h"

#define FLP_MASKED_BYTES ((uint64_t)64 << 20) /* of all senders, at most */

/* Checks that the tensors of a masked record have the dtypes that they must have, and that the
 * rule makes sums. *senders is the number of bytes of the senders, or 0 if the record is of one
 * client. */
int flp_masked_header(const struct flp_header *h, const struct flp_rule *rule,
    uint64_t *senders, struct flp_error *e) FLP_CHECKED;

/* Checks that a masked record may be an update of a model; `update` is the header of such an
 * update. The record must have the tensors of the update, as u64; after them come those that
 * ride along (model/update.h) and the counts of clients, whose names begin with "mask/". */
int flp_masked_like(const struct flp_header *update, const struct flp_header *masked,
    struct flp_error *e) FLP_CHECKED;

/* Checks that a masked record with the metadata `said` may be taken. Fills clients, weight and
 * counts of the entry, and overwrites in `said` what is not believed. *m is what the record is
 * merged as. */
int flp_masked_check(const struct flp_policy *policy, const struct flp_merged *m,
    struct flp_meta *said, struct flp_entry *entry, struct flp_error *e) FLP_CHECKED;

/* Sets entry->senders to the n bytes of a sum's last tensor, if they are names of as many
 * clients as it says it has. */
int flp_masked_senders(struct flp_entry *entry, const void *text, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* The clients in all records that were taken. All zero is none. */
struct flp_senders {
	struct flp_texts names;
	struct flp_sender {
		const char *path; /* the record that this client is in, as in flp_entry */
		uint64_t number;
	} *from; /* in the order in which they came */
	size_t room;
};

void flp_senders_free(struct flp_senders *all);

/* Adds the client, or the senders, of a record. FLP_ERROR_BAD if one of them is there already:
 * `place` is then the place of the record that it is in. */
int flp_senders_add(struct flp_senders *all, const struct flp_entry *entry,
    char place[FLP_ENTRY_PLACE], struct flp_error *e) FLP_CHECKED;

#endif
