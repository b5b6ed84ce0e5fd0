/* journal_seal: sealed records open again; boxes that are too short, too long or another's are
 * refused. */
#include "mask/journal_seal.h"
#include "mask/hidden.h"
#include "mask/journal.h"
#include "unit.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static struct flp_error e;
static struct flp_identity id, other;
static struct flp_record record;

static void
make_record(void)
{
	const uint64_t n = 5, dims[2] = { 3, 2 };
	struct flp_header h;

	flp_header_init(&h, FLP_KIND_STATE);
	CHECK(flp_header_add(&h, "a", FLP_DTYPE_U8, 1, &n, &e) == 0 &&
	    flp_header_add(&h, "b", FLP_DTYPE_U32, 2, dims, &e) == 0 &&
	    flp_record_new(&record, &h, &e) == 0, "%s", e.text);
	flp_header_free(&h);
	memcpy(record.values[0], "12345", 5);
	memset(record.values[1], 7, 24);
}

static void
check_back(const struct flp_record *box)
{
	struct flp_record found;

	CHECK(flp_journal_unseal(&found, box, &id, "input", &e) == 0, "%s", e.text);
	CHECK(flp_header_same_tensors(&record.header, &found.header, &e) == 0, "%s", e.text);
	CHECK(memcmp(found.values[0], "12345", 5) == 0, "values");
	CHECK(memcmp(found.values[1], record.values[1], 24) == 0, "values");
	flp_journal_wipe(&found);
	CHECK(flp_journal_unseal(&found, box, &other, "input", &e) < 0 && e.code == FLP_ERROR_BAD,
	    "another key");
	CHECK(flp_journal_unseal(&found, box, &id, "inputs", &e) < 0 && e.code == FLP_ERROR_BAD,
	    "another input");
}

/* A box of these bytes, as if they had been sealed. */
static int
unseal(const unsigned char *plain, size_t n)
{
	const uint64_t nonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, sealed = n + 16;
	struct flp_record box, found;
	struct flp_header h;
	int status;

	flp_header_init(&h, FLP_KIND_STATE);
	CHECK(flp_header_add(&h, "nonce", FLP_DTYPE_U8, 1, &nonce, &e) == 0 &&
	    flp_header_add(&h, "sealed", FLP_DTYPE_U8, 1, &sealed, &e) == 0 &&
	    flp_record_new(&box, &h, &e) == 0, "%s", e.text);
	flp_header_free(&h);
	crypto_aead_xchacha20poly1305_ietf_encrypt(box.values[1], NULL, plain, n,
	    (const unsigned char *)"input", 5, NULL, box.values[0], id.secret->journal);
	status = flp_journal_unseal(&found, &box, &id, "input", &e);
	flp_record_free(&box);
	if (status == 0)
		flp_journal_wipe(&found);
	return status;
}

static void
check_lengths(const struct flp_record *box)
{
	size_t n = (size_t)box->header.tensor[1].bytes - 16;
	unsigned char *plain = calloc(1, n + 1);

	CHECK(plain != NULL && crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL,
	    box->values[1], n + 16, (const unsigned char *)"input", 5, box->values[0],
	    id.secret->journal) == 0, "opens");
	CHECK(unseal(plain, n) == 0, "%s", e.text);
	for (size_t k = 0; k <= n + 1; k++)
		if (k != n)
			CHECK(unseal(plain, k) < 0 && e.code == FLP_ERROR_BAD, "%zu of %zu bytes", k, n);
	for (size_t k = 0; k < 8; k++) { /* the length of the header */
		plain[k] ^= 0x80;
		CHECK(unseal(plain, n) < 0, "length %zu", k);
		plain[k] ^= 0x80;
	}
	free(plain);
}

int
main(void)
{
	struct flp_record box;

	CHECK(flp_hidden_begin(&e) == 0, "%s", e.text);
	CHECK(flp_identity_make(&id, "a", &e) == 0 && flp_identity_make(&other, "b", &e) == 0, "%s",
	    e.text);
	make_record();
	CHECK(flp_journal_seal(&box, &record, &id, "input", &e) == 0, "%s", e.text);
	check_back(&box);
	check_lengths(&box);
	flp_record_free(&box);
	flp_record_free(&record);
	flp_identity_free(&id);
	flp_identity_free(&other);
	return unit_done();
}
