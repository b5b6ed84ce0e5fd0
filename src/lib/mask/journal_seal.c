#include "mask/journal_seal.h"
#include "base/secret.h"
#include "format/bytes.h"
#include "mask/hidden.h"
#include "mask/journal.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* A box contains the length of the header as u64, the header, and the values of its tensors one
 * after another. */
#define LENGTH 8
#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG crypto_aead_xchacha20poly1305_ietf_ABYTES

static unsigned char *
make_plain(const struct flp_record *record, size_t *n, struct flp_error *e)
{
	const struct flp_header *h = &record->header;
	unsigned char *header, *plain, *at;
	size_t header_n;

	if (flp_header_encode(h, &header, &header_n, e) < 0)
		return NULL;
	*n = LENGTH + header_n;
	for (size_t i = 0; i < h->tensors; i++)
		*n += (size_t)h->tensor[i].bytes;
	if ((plain = flp_hidden_new(*n, 1, e)) != NULL) {
		flp_bytes_put_u64(plain, header_n);
		at = (unsigned char *)memcpy(plain + LENGTH, header, header_n) + header_n;
		for (size_t i = 0; i < h->tensors; at += h->tensor[i++].bytes)
			memcpy(at, record->values[i], (size_t)h->tensor[i].bytes);
	}
	free(header);
	return plain;
}

static int
new_box(struct flp_record *box, size_t n, struct flp_error *e)
{
	const uint64_t nonce = NONCE, sealed = n + TAG;
	struct flp_header h;
	int status = -1;

	flp_header_init(&h, FLP_KIND_STATE);
	if (flp_header_add(&h, "nonce", FLP_DTYPE_U8, 1, &nonce, e) == 0 &&
	    flp_header_add(&h, "sealed", FLP_DTYPE_U8, 1, &sealed, e) == 0 &&
	    flp_meta_set_text(&h.meta, "verb", "secret", e) == 0)
		status = flp_record_new(box, &h, e);
	flp_header_free(&h);
	return status;
}

int
flp_journal_seal(struct flp_record *box, const struct flp_record *record,
    const struct flp_identity *id, const char *bound, struct flp_error *e)
{
	unsigned char *plain;
	size_t n;
	int status = -1;

	memset(box, 0, sizeof *box);
	if ((plain = make_plain(record, &n, e)) == NULL)
		return -1;
	if (new_box(box, n, e) == 0 && flp_secret_bytes(box->values[0], NONCE, e) == 0) {
		crypto_aead_xchacha20poly1305_ietf_encrypt(box->values[1], NULL, plain, n,
		    (const unsigned char *)bound, strlen(bound), NULL, box->values[0],
		    id->secret->journal);
		status = 0;
	}
	flp_hidden_free(plain);
	if (status < 0)
		flp_record_free(box);
	return status;
}

/* Reads the header at the beginning of n bytes, and sets *header_n to its length. The rest must be
 * exactly its values, which is checked before memory is allocated for them. */
static int
read_header(struct flp_header *h, const unsigned char *plain, size_t n, size_t *header_n,
    struct flp_error *e)
{
	uint64_t length = n < LENGTH ? 0 : flp_bytes_u64(plain), left;

	if (length < FLP_ALIGNMENT || length > n - LENGTH)
		return flp_error_bad(e, "expected a header, found fewer bytes");
	if (flp_header_decode(h, plain + LENGTH, (size_t)length, e) < 0)
		return -1;
	*header_n = (size_t)length;
	left = n - LENGTH - length;
	for (size_t i = 0; i < h->tensors; left -= h->tensor[i++].bytes)
		if (h->tensor[i].bytes > left)
			return flp_error_bad(e, "expected %llu bytes of values, found %llu",
			    (unsigned long long)h->tensor[i].bytes, (unsigned long long)left);
	return left == 0 ? 0 : flp_error_bad(e, "expected the end, found %llu bytes more",
	    (unsigned long long)left);
}

static int
read_plain(struct flp_record *record, const unsigned char *plain, size_t n, struct flp_error *e)
{
	struct flp_header h = { 0 };
	size_t header_n = 0;
	int status = read_header(&h, plain, n, &header_n, e);

	if (status == 0 && (status = flp_hidden_record(record, &h, e)) == 0) {
		plain += LENGTH + header_n;
		for (size_t i = 0; i < h.tensors; plain += h.tensor[i++].bytes)
			memcpy(record->values[i], plain, (size_t)h.tensor[i].bytes);
	}
	flp_header_free(&h);
	return status;
}

int
flp_journal_unseal(struct flp_record *record, const struct flp_record *box,
    const struct flp_identity *id, const char *bound, struct flp_error *e)
{
	const struct flp_tensor *nonce_row, *row;
	const unsigned char *nonce = flp_record_values(box, "nonce", &nonce_row);
	const unsigned char *sealed = flp_record_values(box, "sealed", &row);
	unsigned char *plain;
	int status;

	memset(record, 0, sizeof *record);
	if (nonce == NULL || sealed == NULL || nonce_row->bytes != NONCE || row->bytes < TAG)
		return flp_error_bad(e, "expected sealed secrets");
	if ((plain = flp_hidden_new((size_t)row->bytes, 1, e)) == NULL)
		return -1;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, sealed, row->bytes,
	    (const unsigned char *)bound, strlen(bound), nonce, id->secret->journal) == 0)
		status = read_plain(record, plain, (size_t)row->bytes - TAG, e);
	else
		status = flp_error_bad(e, "expected secrets that this key has sealed for this message, "
		    "found others");
	flp_hidden_free(plain);
	return status;
}
