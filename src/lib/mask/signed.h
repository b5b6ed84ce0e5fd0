/* Signed records: the key `signature` of a record's metadata is the Ed25519 signature of its
 * sender, in 128 hexadecimal digits. The signed bytes are "flmask1 record" and a NUL, followed by
 * the digest (flp_record_digest) that the record has without that key. So the signature covers the
 * tensors and all other metadata, as well as the kind and the state.
 *
 * A record is checked in memory, before anything in it is used. */
#ifndef FLP_MASK_SIGNED_H
#define FLP_MASK_SIGNED_H

#include "base/error.h"
#include "format/record.h"
#include "mask/identity.h"

/* Signs a record that is otherwise complete. A signature that it already has is replaced. */
int flp_signed_sign(struct flp_record *record, const struct flp_identity *id,
    struct flp_error *e) FLP_CHECKED;

/* Checks that the record was signed with the secret key that belongs to `key`. FLP_ERROR_BAD
 * if not: "signature: expected one by CLIENT, found ...". */
int flp_signed_check(const struct flp_record *record, const unsigned char key[32],
    struct flp_error *e) FLP_CHECKED;

/* flp_signed_bytes gives the signature of a record as bytes; FLP_ERROR_BAD if it is not 128
 * hexadecimal digits. flp_signed_again sets the signature and the name of the client in a record
 * that was rebuilt from its parts, so that it is again the record that was signed. */
#define FLP_SIGNED_BYTES 64
int flp_signed_bytes(const struct flp_record *record, unsigned char signature[FLP_SIGNED_BYTES],
    struct flp_error *e) FLP_CHECKED;
int flp_signed_again(struct flp_record *record, const char *client,
    const unsigned char signature[FLP_SIGNED_BYTES], struct flp_error *e) FLP_CHECKED;

#endif
