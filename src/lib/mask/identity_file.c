/* The files of an identity. */
#include "base/file.h"
#include "base/in.h"
#include "base/secret.h"
#include "format/called.h"
#include "loop/inputs.h"
#include "mask/hidden.h"
#include "mask/identity.h"
#include "mask/signed.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

#define SEED FLP_IDENTITY_SEED
#define SEALED (SEED + crypto_aead_xchacha20poly1305_ietf_ABYTES)
#define PASSES crypto_pwhash_argon2id_OPSLIMIT_SENSITIVE
#define MEMORY crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE
#define PASSES_MOST 64
#define MEMORY_MOST ((uint64_t)1 << 30)

/* A tensor of a secret file. A file has the tensors of one of the tables below, in this order. */
struct row {
	const char *name;
	enum flp_dtype dtype;
	uint64_t count;
};

static const struct row plain[] = { { "secret", FLP_DTYPE_U8, SEED } };
static const struct row sealed[] = {
	{ "salt", FLP_DTYPE_U8, crypto_pwhash_argon2id_SALTBYTES },
	{ "limits", FLP_DTYPE_U64, 2 },
	{ "nonce", FLP_DTYPE_U8, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES },
	{ "sealed", FLP_DTYPE_U8, SEALED },
};
#define PLAIN (sizeof plain / sizeof *plain)
#define BOXED (sizeof sealed / sizeof *sealed)

/* The values of a secret file, in hidden memory. */
struct file {
	unsigned char secret[SEED], key[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
	uint64_t limits[2];
	unsigned char salt[crypto_pwhash_argon2id_SALTBYTES];
	unsigned char nonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES];
	unsigned char box[SEALED];
	char passphrase[FLP_IDENTITY_PASSPHRASE];
};

/* Derives the key from a passphrase. */
static int
derive_key(struct file *f, const char *passphrase, struct flp_error *e)
{
	if (crypto_pwhash(f->key, sizeof f->key, passphrase, strlen(passphrase), f->salt,
	    f->limits[0], (size_t)f->limits[1], crypto_pwhash_ALG_ARGON2ID13) == 0)
		return 0;
	return flp_error_system(e, ENOMEM, "passphrase: %llu bytes to derive a key from it",
	    (unsigned long long)f->limits[1]);
}

static int
seal(struct file *f, const char *name, const char *passphrase, struct flp_error *e)
{
	f->limits[0] = PASSES;
	f->limits[1] = MEMORY;
	if (flp_secret_bytes(f->salt, sizeof f->salt, e) < 0 ||
	    flp_secret_bytes(f->nonce, sizeof f->nonce, e) < 0 || derive_key(f, passphrase, e) < 0)
		return -1;
	crypto_aead_xchacha20poly1305_ietf_encrypt(f->box, NULL, f->secret, sizeof f->secret,
	    (const unsigned char *)name, strlen(name), NULL, f->nonce, f->key);
	return 0;
}

static int
unseal(struct file *f, const char *name, const struct flp_identity_asker *asker,
    struct flp_error *e)
{
	if (f->limits[0] == 0 || f->limits[0] > PASSES_MOST || f->limits[1] > MEMORY_MOST ||
	    f->limits[1] < crypto_pwhash_argon2id_MEMLIMIT_MIN)
		return flp_error_bad(e, "tensor limits: expected 1 to %d passes over %llu to %llu bytes, "
		    "found %llu over %llu", PASSES_MOST,
		    (unsigned long long)crypto_pwhash_argon2id_MEMLIMIT_MIN,
		    (unsigned long long)MEMORY_MOST, (unsigned long long)f->limits[0],
		    (unsigned long long)f->limits[1]);
	if (asker == NULL)
		return flp_error_usage(e, "expected a passphrase, which protects this key");
	if (asker->ask(asker->context, f->passphrase, e) < 0 || derive_key(f, f->passphrase, e) < 0)
		return -1;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(f->secret, NULL, NULL, f->box, sizeof f->box,
	    (const unsigned char *)name, strlen(name), f->nonce, f->key) == 0)
		return 0;
	return flp_error_bad(e, "expected the passphrase of this key, found another one (or the file "
	    "was changed)");
}

/* Where the values of the tensors are, in the order of the table. */
static void
places(struct file *f, int boxed, void *to[BOXED])
{
	to[0] = boxed ? (void *)f->salt : f->secret;
	to[1] = f->limits;
	to[2] = f->nonce;
	to[3] = f->box;
}

static int
describe(struct flp_header *h, const char *name, int boxed, struct flp_error *e)
{
	const struct row *row = boxed ? sealed : plain;

	flp_header_init(h, FLP_KIND_STATE);
	for (size_t i = 0; i < (boxed ? BOXED : PLAIN); i++)
		if (flp_header_add(h, row[i].name, row[i].dtype, 1, &row[i].count, e) < 0)
			return -1;
	if (flp_meta_set_text(&h->meta, "verb", "key", e) < 0 ||
	    flp_meta_set_text(&h->meta, "client", name, e) < 0)
		return -1;
	return 0;
}

/* Writes a new file of one record; with `private` = 1 only its owner may read it. */
static int
write_file(const char *path, const struct flp_record *record, int private, struct flp_error *e)
{
	struct flp_out out;
	int status;

	if (flp_record_create(record, &out, path, private, e) < 0)
		return -1;
	if ((status = flp_out_commit_first(&out, e)) == 0)
		flp_error_bad(e, "expected a new name, found a file");
	return status > 0 ? 0 : flp_error_in(e, path);
}

int
flp_identity_save(const struct flp_identity *id, const char *path, const char *passphrase,
    struct flp_error *e)
{
	int boxed = passphrase != NULL && *passphrase != '\0', status = -1;
	struct file *f = flp_hidden_new(1, sizeof *f, e);
	void *values[BOXED];
	struct flp_record record = { .values = values };

	if (f == NULL)
		return -1;
	memcpy(f->secret, id->secret->sign, crypto_sign_SEEDBYTES);
	memcpy(f->secret + crypto_sign_SEEDBYTES, id->secret->mask, sizeof id->secret->mask);
	places(f, boxed, values);
	if (describe(&record.header, id->name, boxed, e) == 0 &&
	    (!boxed || seal(f, id->name, passphrase, e) == 0))
		status = write_file(path, &record, 1, e);
	flp_header_free(&record.header);
	flp_hidden_free(f);
	return status;
}

/* Makes the record of a public file, without its signature. */
static int
make_public(struct flp_record *to, const char *name, const unsigned char sign[32],
    const unsigned char mask[32], struct flp_error *e)
{
	const uint64_t bytes = 32;
	struct flp_header h;
	int status = -1;

	*to = (struct flp_record){ 0 };
	flp_header_init(&h, FLP_KIND_KEY);
	if (flp_header_add(&h, "sign", FLP_DTYPE_U8, 1, &bytes, e) == 0 &&
	    flp_header_add(&h, "mask", FLP_DTYPE_U8, 1, &bytes, e) == 0 &&
	    flp_meta_set_text(&h.meta, "verb", "identity", e) == 0 &&
	    flp_meta_set_text(&h.meta, "client", name, e) == 0 &&
	    (status = flp_record_new(to, &h, e)) == 0) {
		memcpy(to->values[0], sign, 32);
		memcpy(to->values[1], mask, 32);
	}
	flp_header_free(&h);
	return status;
}

int
flp_identity_publish(const struct flp_identity *id, const char *path, struct flp_error *e)
{
	struct flp_record record;
	int status;

	if (make_public(&record, id->name, id->sign_public, id->mask_public, e) < 0)
		return -1;
	if ((status = flp_signed_sign(&record, id, e)) == 0)
		status = write_file(path, &record, 0, e);
	flp_record_free(&record);
	return status;
}

int
flp_identity_digest(struct flp_digest *digest, const struct flp_identity_public *party,
    struct flp_error *e)
{
	struct flp_record record;
	int status;

	if (make_public(&record, party->name, party->sign, party->mask, e) < 0)
		return -1;
	status = flp_record_digest(&record, digest, e);
	flp_record_free(&record);
	return status;
}

/* Returns 1 for a sealed file, 0 for a plain one. */
static int
check_header(const struct flp_header *h, struct flp_error *e)
{
	int boxed = h->tensors == BOXED;
	const struct row *row = boxed ? sealed : plain;

	if (h->kind != FLP_KIND_STATE)
		return flp_error_bad(e, "expected the secret key of a party, found %s", flp_called(h));
	if (h->tensors != BOXED && h->tensors != PLAIN)
		return flp_error_bad(e, "tensors: expected %zu or %zu, found %zu", PLAIN, BOXED,
		    h->tensors);
	for (size_t i = 0; i < h->tensors; i++) {
		const struct flp_tensor *t = &h->tensor[i];

		if (strcmp(t->name, row[i].name) != 0 || t->dtype != row[i].dtype || t->rank != 1 ||
		    t->count != row[i].count || t->encoding != FLP_ENCODING_DENSE)
			return flp_error_bad(e, "tensor %zu: expected %s, %llu of %s", i + 1, row[i].name,
			    (unsigned long long)row[i].count, flp_dtype_name(row[i].dtype));
	}
	return boxed;
}

static int
read_record(struct flp_identity *id, struct file *f, struct flp_in *in,
    const struct flp_identity_asker *asker, struct flp_error *e)
{
	struct flp_reader *r = flp_reader_new(in, e);
	const struct flp_header *h;
	int more, boxed, status = -1;
	void *values[BOXED];
	struct flp_id ignored;

	if (r == NULL)
		return -1;
	if ((more = flp_reader_next(r, &h, e)) == 0)
		flp_error_bad(e, "expected a record, found nothing");
	if (more <= 0 || (boxed = check_header(h, e)) < 0)
		goto done;
	places(f, boxed, values);
	for (size_t i = 0; i < h->tensors; i++)
		if (flp_reader_values(r, values[i], h->tensor[i].bytes, e) < 0)
			goto done;
	if (flp_reader_finish(r, &ignored, e) < 0)
		goto done;
	if (!flp_meta_is(&h->meta, "verb", "key"))
		flp_error_bad(e, "expected the secret key of a party, found another secret");
	else if (flp_identity_client(id->name, &h->meta, e) == 0 && flp_reader_none(r, e) == 0 &&
	    (!boxed || unseal(f, id->name, asker, e) == 0))
		status = flp_identity_derive(id, f->secret, e);
done:
	flp_reader_free(r);
	return status;
}

/* Refuses a key that others may have read. */
static int
check_file(const struct flp_in *in, struct flp_error *e)
{
	struct stat st;

	if (fstat(in->fd, &st) < 0)
		return flp_error_system(e, errno, "open");
	if (!S_ISREG(st.st_mode))
		return flp_error_bad(e, "expected a regular file, found something else");
	return flp_file_private(&st, e);
}

int
flp_identity_load(struct flp_identity *id, const char *path,
    const struct flp_identity_asker *asker, struct flp_error *e)
{
	struct file *f;
	struct flp_in in;
	int status = -1;

	memset(id, 0, sizeof *id);
	if (flp_in_open(&in, path, e) < 0)
		return -1;
	in.secret = 1;
	if ((f = flp_hidden_new(1, sizeof *f, e)) != NULL && check_file(&in, e) == 0)
		status = read_record(id, f, &in, asker, e);
	flp_hidden_free(f);
	flp_in_close(&in);
	if (status < 0) {
		flp_identity_free(id);
		return flp_error_at(e, "%s", in.name);
	}
	return 0;
}

int
flp_identity_public_load(struct flp_identity_public *to, const char *path, struct flp_error *e)
{
	struct flp_record record;
	int status;

	if (flp_inputs_load(&record, NULL, path, FLP_KIND_KEY, e) < 0)
		return -1;
	status = flp_identity_public(to, &record, e);
	flp_record_free(&record);
	return status < 0 ? flp_error_at(e, "%s", flp_in_name(path)) : 0;
}
