#include "mask/signed.h"

#include <sodium.h>
#include <string.h>

_Static_assert(FLP_SIGNED_BYTES == crypto_sign_BYTES, "a signature of Ed25519");

static const char prefix[] = "flmask1 record"; /* with its NUL */

struct text {
	unsigned char byte[sizeof prefix + sizeof(struct flp_digest)];
};

static int
make_text(struct text *text, const struct flp_record *record, struct flp_error *e)
{
	struct flp_digest digest;

	if (flp_record_digest(record, &digest, e) < 0)
		return -1;
	memcpy(text->byte, prefix, sizeof prefix);
	memcpy(text->byte + sizeof prefix, digest.byte, sizeof digest.byte);
	return 0;
}

static int
put(struct flp_record *record, const unsigned char signature[FLP_SIGNED_BYTES],
    struct flp_error *e)
{
	char digits[2 * FLP_SIGNED_BYTES + 1];

	sodium_bin2hex(digits, sizeof digits, signature, FLP_SIGNED_BYTES);
	return flp_meta_set_text(&record->header.meta, "signature", digits, e);
}

int
flp_signed_sign(struct flp_record *record, const struct flp_identity *id, struct flp_error *e)
{
	unsigned char signature[crypto_sign_BYTES];
	struct text text;

	if (make_text(&text, record, e) < 0)
		return -1;
	crypto_sign_detached(signature, NULL, text.byte, sizeof text.byte, id->secret->sign);
	return put(record, signature, e);
}

int
flp_signed_again(struct flp_record *record, const char *client,
    const unsigned char signature[FLP_SIGNED_BYTES], struct flp_error *e)
{
	return flp_meta_set_text(&record->header.meta, "client", client, e) < 0 ? -1 :
	    put(record, signature, e);
}

/* Reads 128 digits. Only the spelling that flp_signed_sign uses is accepted. */
static int
parse(unsigned char signature[crypto_sign_BYTES], const char *digits, size_t n)
{
	char again[2 * crypto_sign_BYTES + 1];
	size_t got;

	return n == sizeof again - 1 &&
	    sodium_hex2bin(signature, crypto_sign_BYTES, digits, n, NULL, &got, NULL) == 0 &&
	    got == crypto_sign_BYTES &&
	    memcmp(sodium_bin2hex(again, sizeof again, signature, got), digits, n) == 0;
}

int
flp_signed_bytes(const struct flp_record *record, unsigned char signature[FLP_SIGNED_BYTES],
    struct flp_error *e)
{
	size_t n;
	const char *digits = flp_meta_get(&record->header.meta, "signature", &n);

	return digits != NULL && parse(signature, digits, n) ? 0 : flp_error_bad(e, "signature: "
	    "expected %d hexadecimal digits, found something else", 2 * FLP_SIGNED_BYTES);
}

int
flp_signed_check(const struct flp_record *record, const unsigned char key[32],
    struct flp_error *e)
{
	const struct flp_meta *meta = &record->header.meta;
	char who[FLP_IDENTITY_NAME + 1];
	unsigned char signature[crypto_sign_BYTES];
	struct text text;
	size_t n;

	if (flp_identity_client(who, meta, e) < 0)
		return -1;
	if (flp_meta_get(meta, "signature", &n) == NULL)
		return flp_error_bad(e, "signature: expected one by %s, found none", who);
	if (flp_signed_bytes(record, signature, e) < 0 || make_text(&text, record, e) < 0)
		return -1;
	return crypto_sign_verify_detached(signature, text.byte, sizeof text.byte, key) == 0 ? 0 :
	    flp_error_bad(e, "signature: expected one by %s, found that of another key or of another "
	    "record", who);
}
