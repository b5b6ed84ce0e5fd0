/* The identity of a party: a name and two long-term key pairs, Ed25519 for signatures and X25519
 * for masks. The public keys are in a file that everyone may have, and the secret keys are in one
 * that stays at the site.
 *
 * NAME.key is a record of kind state with verb=key and client=NAME. Its tensors are
 *	secret  u8 [64]  the seed of the Ed25519 pair, then the secret X25519 key
 * or, if a passphrase protects it,
 *	salt    u8 [16]  of argon2id (version 1.3), which derives a key from the passphrase
 *	limits  u64 [2]  of argon2id: the passes, and the bytes of memory
 *	nonce   u8 [24]
 *	sealed  u8 [80]  the 64 bytes above in XChaCha20-Poly1305, bound to the name
 * NAME.pub is a record of kind key with verb=identity and client=NAME, signed by itself:
 *	sign    u8 [32]  the public Ed25519 key
 *	mask    u8 [32]  the public X25519 key
 *
 * Call flp_hidden_begin first (mask/hidden.h). Secrets are only in hidden memory, and buffers
 * through which they pass on the way to a file are wiped. */
#ifndef FLP_MASK_IDENTITY_H
#define FLP_MASK_IDENTITY_H

#include "base/error.h"
#include "format/record.h"

#include <stddef.h>

#define FLP_IDENTITY_NAME 251        /* bytes of a name: printable UTF-8, at least one */
#define FLP_IDENTITY_PASSPHRASE 1024 /* bytes of a passphrase and its NUL */

#define FLP_IDENTITY_SEED 64 /* bytes, from which all secrets of an identity follow */

struct flp_identity_secret { /* in hidden memory */
	unsigned char sign[64];  /* in the form of crypto_sign_detached */
	unsigned char mask[32];
	unsigned char journal[32]; /* the key under which mask/journal.h seals secrets */
};

struct flp_identity {
	char name[FLP_IDENTITY_NAME + 1];
	unsigned char sign_public[32], mask_public[32];
	struct flp_identity_secret *secret;
};

/* Fills passphrase[FLP_IDENTITY_PASSPHRASE], in hidden memory, with a NUL-terminated text. */
struct flp_identity_asker {
	int (*ask)(void *context, char *passphrase, struct flp_error *e);
	void *context;
};

/* Makes a new identity, which the caller frees, even on failure. flp_identity_free also wipes the
 * stack (flp_hidden_tidy), where functions that used the secrets may have left copies. Freeing one
 * that is all zero does nothing. */
int flp_identity_make(struct flp_identity *id, const char *name, struct flp_error *e) FLP_CHECKED;
void flp_identity_free(struct flp_identity *id);

/* Sets the keys of *id from the 64 bytes of a secret file. The caller sets the name. */
int flp_identity_derive(struct flp_identity *id, const unsigned char secret[FLP_IDENTITY_SEED],
    struct flp_error *e) FLP_CHECKED;

/* flp_identity_save writes the secret file, which only its owner may read, and flp_identity_publish
 * the public one. FLP_ERROR_BAD if the name is taken; the existing file is not changed. The secret
 * file is sealed under the passphrase, unless that is NULL or empty. When either returns 0, the
 * file is on the disk. */
int flp_identity_save(const struct flp_identity *id, const char *path, const char *passphrase,
    struct flp_error *e) FLP_CHECKED;
int flp_identity_publish(const struct flp_identity *id, const char *path,
    struct flp_error *e) FLP_CHECKED;

/* Reads the secret file at the path. A file that anyone but its owner may read is refused. If the
 * file is sealed, `asker` is asked once; FLP_ERROR_USAGE if it is NULL. A wrong passphrase is
 * FLP_ERROR_BAD. Errors name the file. */
int flp_identity_load(struct flp_identity *id, const char *path,
    const struct flp_identity_asker *asker, struct flp_error *e) FLP_CHECKED;

/* The public part of an identity. */
struct flp_identity_public {
	char name[FLP_IDENTITY_NAME + 1];
	unsigned char sign[32], mask[32];
};

/* Takes the public part from the record in NAME.pub, and checks its signature. */
int flp_identity_public(struct flp_identity_public *to, const struct flp_record *record,
    struct flp_error *e) FLP_CHECKED;

/* The same for the file NAME.pub; errors name the file. */
int flp_identity_public_load(struct flp_identity_public *to, const char *path,
    struct flp_error *e) FLP_CHECKED;

/* The digest of the record in NAME.pub, without its signature. */
int flp_identity_digest(struct flp_digest *digest, const struct flp_identity_public *party,
    struct flp_error *e) FLP_CHECKED;

/* Sets `name` to the value of the key `client` of a record's metadata. FLP_ERROR_BAD if the key is
 * missing or its value can't be a name. */
int flp_identity_client(char name[FLP_IDENTITY_NAME + 1], const struct flp_meta *meta,
    struct flp_error *e) FLP_CHECKED;

/* A digest as people compare it over the telephone: 12 groups of 5 decimal digits, separated by
 * spaces. Group i is bytes 5i to 5i + 4 of the 64 bytes of BLAKE2b over the digest, as a big-endian
 * number modulo 100000. It takes about 2^199 tries to find another record with the same groups, and
 * about 2^99 to make two records with the same groups. */
#define FLP_FINGERPRINT_TEXT 72 /* 71 characters and a NUL */
void flp_identity_fingerprint(const struct flp_digest *digest, char text[FLP_FINGERPRINT_TEXT]);

#endif
