#include "mask/identity.h"
#include "base/secret.h"
#include "base/shown.h"
#include "data/folder.h"
#include "format/called.h"
#include "mask/hidden.h"
#include "mask/kdf.h"
#include "mask/signed.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
flp_identity_derive(struct flp_identity *id, const unsigned char secret[FLP_IDENTITY_SEED],
    struct flp_error *e)
{
	struct flp_kdf k;

	if ((id->secret = flp_hidden_new(1, sizeof *id->secret, e)) == NULL)
		return -1;
	crypto_sign_seed_keypair(id->sign_public, id->secret->sign, secret);
	memcpy(id->secret->mask, secret + crypto_sign_SEEDBYTES, sizeof id->secret->mask);
	flp_kdf_public(id->mask_public, id->secret->mask);
	flp_kdf_begin(&k, id->secret->mask, "journal");
	flp_kdf_bytes(&k, id->sign_public, sizeof id->sign_public);
	flp_kdf_end(&k, id->secret->journal);
	return 0;
}

/* fl-mask deliver writes a file with the name of each client, so a name that a file can't have
 * would stop the round for all. */
static int
check_file(const char *name, struct flp_error *e)
{
	char *file = flp_folder_name("", name, e);

	if (file == NULL)
		return flp_error_reveal(e);
	free(file);
	return 0;
}

static int
take_name(char to[FLP_IDENTITY_NAME + 1], const char *name, size_t n, struct flp_error *e)
{
	if (n == 0 || n > FLP_IDENTITY_NAME)
		return flp_error_bad(e, "client: expected a name of 1 to %d bytes, found %zu",
		    FLP_IDENTITY_NAME, n);
	if (!flp_shown_name(name, n))
		return flp_error_bad(e, "client: expected a name in printable UTF-8 that shows, found "
		    "other bytes or hidden characters");
	memcpy(to, name, n);
	memset(to + n, 0, FLP_IDENTITY_NAME + 1 - n);
	return check_file(to, e);
}

int
flp_identity_client(char name[FLP_IDENTITY_NAME + 1], const struct flp_meta *meta,
    struct flp_error *e)
{
	size_t n = 0;
	const char *value = flp_meta_get(meta, "client", &n);

	return value == NULL ? flp_error_bad(e, "client: expected a name, found none") :
	    take_name(name, value, n, e);
}

int
flp_identity_make(struct flp_identity *id, const char *name, struct flp_error *e)
{
	unsigned char *secret = NULL;
	int status = -1;

	memset(id, 0, sizeof *id);
	if (take_name(id->name, name, strlen(name), e) < 0)
		return flp_error_add(e, "see --name");
	if ((secret = flp_hidden_new(FLP_IDENTITY_SEED, 1, e)) != NULL &&
	    flp_secret_bytes(secret, FLP_IDENTITY_SEED, e) == 0)
		status = flp_identity_derive(id, secret, e);
	flp_hidden_free(secret);
	return status;
}

void
flp_identity_free(struct flp_identity *id)
{
	if (id->secret != NULL)
		flp_hidden_tidy();
	flp_hidden_free(id->secret);
	memset(id, 0, sizeof *id);
}

int
flp_identity_public(struct flp_identity_public *to, const struct flp_record *record,
    struct flp_error *e)
{
	static const char *const names[] = { "sign", "mask" };
	unsigned char *const keys[] = { to->sign, to->mask };

	memset(to, 0, sizeof *to);
	if (record->header.kind != FLP_KIND_KEY ||
	    !flp_meta_is(&record->header.meta, "verb", "identity"))
		return flp_error_bad(e, "expected the public key of a party, found %s",
		    flp_called(&record->header));
	if (flp_identity_client(to->name, &record->header.meta, e) < 0)
		return -1;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const struct flp_tensor *t;
		const void *values = flp_record_values(record, names[i], &t);

		if (values == NULL || t->dtype != FLP_DTYPE_U8 || t->rank != 1 || t->count != 32)
			return flp_error_bad(e, "tensor %s: expected 32 values of u8, found another "
			    "shape or dtype", names[i]);
		memcpy(keys[i], values, 32);
	}
	return flp_signed_check(record, to->sign, e);
}

void
flp_identity_fingerprint(const struct flp_digest *digest, char text[FLP_FINGERPRINT_TEXT])
{
	unsigned char hash[crypto_generichash_blake2b_BYTES_MAX];

	crypto_generichash_blake2b(hash, sizeof hash, digest->byte, sizeof digest->byte, NULL, 0);
	for (int i = 0; i < 12; i++) {
		uint64_t group = 0;

		for (int k = 0; k < 5; k++)
			group = group << 8 | hash[5 * i + k];
		snprintf(text + 6 * i, 7 - (i == 11), "%05u%s", (unsigned)(group % 100000),
		    i < 11 ? " " : "");
	}
}
