/* Keys from secrets: BLAKE2b with 32 bytes of output, with or without a secret as its key, over a
 * list of fields. A field is its length as a little-endian u64, then its bytes, so two different
 * lists of fields are never hashed alike. The first field is "flmask1 LABEL", where the label says
 * what the key is for.
 *
 *	struct flp_kdf k;
 *
 *	flp_kdf_begin(&k, shared, "silo");
 *	flp_kdf_text(&k, session);
 *	flp_kdf_u64(&k, round);
 *	flp_kdf_end(&k, key);
 *
 * The labels and their fields, in order:
 *
 *	silo         secret: X25519 of the members' mask keys; session, purpose, round, digest of
 *	             the model, the two public mask keys, the lesser first, digest of the roster,
 *	             terms of the record
 *	pair         secret: X25519 of the round's mask keys; session, purpose, round, digest of
 *	             the model, the two public mask keys, the lesser first, digest of the graph
 *	self         secret: b of the client; session, purpose, round, digest of the model, digest
 *	             of the graph
 *	box          secret: X25519 of the encryption keys; session, round, digest of the graph,
 *	             public key of the sender, of the receiver
 *	mask secret  secret: a scalar of 32 bytes; no further field. The key is the X25519 secret
 *	             of a client's mask key pair, so the scalar can be shared in its place
 *	journal      secret: a party's X25519 secret; its public signature key. Seals what its
 *	             journal keeps
 *	input        secret: a party's X25519 secret; digest of a vector before it was masked. It
 *	             identifies the vector in the party's journal
 *	column       secret: a party's X25519 secret; name of a column, its count, sum and sum of
 *	             squares as they are in a record of statistics
 *	class        secret: a party's X25519 secret; name of the column of classes, name of the
 *	             class, how many rows have it, as that number is in a record of statistics
 *
 * The labels without a secret, which give digests:
 *
 *	graph        digest of the graph record; gives the seed of mask/graph.h
 *	terms        number of tensors; keys and values of the metadata of a masked record
 *	survivors    digest of the graph; the names of the set, sorted
 *	certificate  session; name, public signature key, public mask key of a member
 *	box          session, round, digest of the graph, index of the sender, of the receiver.
 *	             It is the associated data of a box
 *	check        digest of the graph, index of the dealer, of the holder, "seed" or "self",
 *	             the share. Its first 16 bytes are published, so that a false share can be noticed
 *	commit       digest of the graph, index of the client, its b
 *	members      of each member of a roster, in order: name, public signature key, public mask key
 *	weights      of each tensor of a model that is not a description: name, dtype, number of
 *	             dimensions, each dimension, values
 *	machine      /etc/machine-id */
#ifndef FLP_MASK_KDF_H
#define FLP_MASK_KDF_H

#include "base/error.h"

#include <sodium.h>
#include <stdint.h>

#define FLP_KDF_BYTES 32 /* a secret, a key, a public key */

struct flp_kdf {
	crypto_generichash_blake2b_state state;
};

/* `secret` may be NULL: the result is then a digest, and not a secret. */
void flp_kdf_begin(struct flp_kdf *k, const unsigned char secret[FLP_KDF_BYTES],
    const char *label);

/* Fields: bytes; a text without its NUL; a number as eight bytes, little-endian. */
void flp_kdf_bytes(struct flp_kdf *k, const void *bytes, size_t n);
void flp_kdf_text(struct flp_kdf *k, const char *text);
void flp_kdf_u64(struct flp_kdf *k, uint64_t number);

/* Gives the key, and wipes the state. */
void flp_kdf_end(struct flp_kdf *k, unsigned char key[FLP_KDF_BYTES]);

/* X25519: the secret that two key pairs share. FLP_ERROR_BAD if it is zero, as it is for points of
 * small order, which are not valid public keys; `shared` is zero then. */
int flp_kdf_agree(unsigned char shared[FLP_KDF_BYTES],
    const unsigned char own_secret[FLP_KDF_BYTES],
    const unsigned char other_public[FLP_KDF_BYTES], struct flp_error *e) FLP_CHECKED;

/* FLP_ERROR_BAD for a public key that flp_kdf_agree refuses, whatever the secret key is. */
int flp_kdf_check(const unsigned char public[FLP_KDF_BYTES], struct flp_error *e) FLP_CHECKED;

/* X25519: the public key for a secret key. Any 32 bytes are a secret key. */
void flp_kdf_public(unsigned char to[FLP_KDF_BYTES], const unsigned char secret[FLP_KDF_BYTES]);

#endif
