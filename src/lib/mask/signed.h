/* Signed records: the key `signature` of a record's metadata is the Ed25519 signature of its
 * sender, 128 hexadecimal digits. What is signed is "flmask1 record" and a NUL, then the
 * record's digest as it would be without that key (flp_record_digest): tensors and metadata,
 * so also kind, state, verb, session, round and client.
 *
 * A record is checked in memory, before anything in it is used. */
#ifndef FLP_MASK_SIGNED_H
#define FLP_MASK_SIGNED_H

#include "base/error.h"
#include "format/record.h"
#include "mask/identity.h"

/* Signs a record that is otherwise finished; a signature that it has is replaced. */
int flp_signed_sign(struct flp_record *record, const struct flp_identity *id,
    struct flp_error *e) FLP_CHECKED;

/* Checks that the record was signed with the secret key that belongs to `key`. FLP_ERROR_BAD
 * if not: "signature: expected one by CLIENT, found ...". */
int flp_signed_check(const struct flp_record *record, const unsigned char key[32],
    struct flp_error *e) FLP_CHECKED;

/* flp_signed_bytes gives the signature of a record as bytes; FLP_ERROR_BAD if it is not 128
 * hexadecimal digits. flp_signed_again puts these bytes and the name of the client back into a
 * record that was taken apart, so that it is again as it was signed. */
#define FLP_SIGNED_BYTES 64
int flp_signed_bytes(const struct flp_record *record, unsigned char signature[FLP_SIGNED_BYTES],
    struct flp_error *e) FLP_CHECKED;
int flp_signed_again(struct flp_record *record, const char *client,
    const unsigned char signature[FLP_SIGNED_BYTES], struct flp_error *e) FLP_CHECKED;

#endif
