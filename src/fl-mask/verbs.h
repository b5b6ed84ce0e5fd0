/* The verbs of fl-mask, in the order of --help. Each verb has a line here and a file in this
 * folder, which defines its tool and its main function. */
#ifndef FL_MASK_VERBS_H
#define FL_MASK_VERBS_H

#include "cli.h"
#include "mask/identity.h"
#include "mask/journal.h"

#define MASK_VERBS(verb) \
	verb(keygen) \
	verb(roster) \
	verb(fingerprint) \
	verb(plan) \
	verb(advertise) \
	verb(graph) \
	verb(share) \
	verb(deliver) \
	verb(apply) \
	verb(survivors) \
	verb(confirm) \
	verb(reveal) \
	verb(leave) \
	verb(unmask)

#define MASK_VERB(name) \
	extern const struct cli_tool mask_##name##_tool; \
	int mask_##name(int argc, char **argv);
MASK_VERBS(MASK_VERB)

/* The options that say where a secret key is, for verbs that take one. With
 *     struct options { struct mask_key key; ... };
 * their entries are MASK_KEY_OPTIONS(key). */
struct mask_key {
	const char *path, *passphrase; /* files */
};

#define MASK_KEY_OPTIONS(member) \
	CLI_INPUT(0, "key", TO(member.path), "KEY", cli_required, "the secret key of this party"), \
	CLI_INPUT(0, "passphrase-file", TO(member.passphrase), "FILE", NULL, \
		"take the passphrase of the key from the first line of FILE, not from the terminal")

/* Reads the secret key, and asks for its passphrase if it is sealed. If a passphrase file is given
 * for a key that is not sealed, a warning says so. flp_identity_free frees *id. mask_key_load ends
 * the tool on failure. */
int mask_key_read(struct flp_identity *id, const struct mask_key *key,
    struct flp_error *e) FLP_CHECKED;
void mask_key_load(struct flp_identity *id, const struct mask_key *key);

/* A party that sends messages: its secret key, and the journal beside it, which is NAME.state for
 * NAME.key. mask_party_check ends the tool if the path of a key does not end with .key.
 * mask_party_open does so too, and reports it if an incomplete line of the journal was removed.
 * mask_party_close frees *p, even after a failure. */
struct mask_party {
	struct flp_identity id;
	struct flp_journal journal;
};

void mask_party_check(const char *key);
int mask_party_open(struct mask_party *p, const struct mask_key *key,
    struct flp_error *e) FLP_CHECKED;
void mask_party_close(struct mask_party *p);

#endif
