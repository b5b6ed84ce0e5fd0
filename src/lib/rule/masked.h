/* Masked records (MASKS in fl(5)), which can only be summed.
 *
 * Their values are added modulo 2^bits. Their metadata describe the records under the masks: kind,
 * privacy state, clip, noise and weighting are keys that must be equal in all, and the sum keeps
 * them. A record of one client names it under `client`. A sum names all clients in it, its
 * senders, in its last tensor (format/names.h). Sums can be summed again. No client may be in
 * a sum twice, since the masks would not cancel. */
#ifndef FLP_RULE_MASKED_H
#define FLP_RULE_MASKED_H

#include "rule/entry.h"
#include "rule/merged.h"
#include "rule/policy.h"

#define FLP_MASKED_BYTES ((uint64_t)64 << 20) /* most bytes of the tensor :senders */

/* Checks the tensors of a masked record. All are u64 but descriptions; :senders, if it is
 * there, is u8, the last, and not empty. *senders is its size in bytes, or 0 if the record is
 * of one client. FLP_ERROR_BAD also if the rule does not make sums. */
int flp_masked_header(const struct flp_header *h, const struct flp_rule *rule,
    uint64_t *senders, struct flp_error *e) FLP_CHECKED;

/* Checks that a masked record may hide an update of a model; `update` is the header of such an
 * update. The record must first have the tensors of the update, but as u64. Only tensors that ride
 * along (model/update.h) and counts of clients, whose names begin with "mask/", may follow. */
int flp_masked_like(const struct flp_header *update, const struct flp_header *masked,
    struct flp_error *e) FLP_CHECKED;

/* Checks the metadata `said` of a masked record, and replaces in them what is not believed.
 * Fills clients, weight and counts of the entry; entry->client must have been set. *m is what
 * the record is merged as. After an error entry->clients and entry->weight are 0. */
int flp_masked_check(const struct flp_policy *policy, const struct flp_merged *m,
    struct flp_meta *said, struct flp_entry *entry, struct flp_error *e) FLP_CHECKED;

/* Sets entry->senders from the n bytes of the tensor :senders. FLP_ERROR_BAD if these are not
 * sorted names, or not as many as entry->clients. */
int flp_masked_senders(struct flp_entry *entry, const void *text, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* The clients in all records that were taken. All zero: none. */
struct flp_senders {
	struct flp_texts names;
	struct flp_sender {
		const char *path; /* of the record that the client is in, as in flp_entry */
		uint64_t number;
	} *from; /* one for each name, in the order in which they were added */
	size_t room;
};

void flp_senders_free(struct flp_senders *all);

/* Adds the client of a record or, if it is a sum, all its senders. FLP_ERROR_BAD if one of them
 * was added before; `place` is then where the other record is. */
int flp_senders_add(struct flp_senders *all, const struct flp_entry *entry,
    char place[FLP_ENTRY_PLACE], struct flp_error *e) FLP_CHECKED;

#endif
