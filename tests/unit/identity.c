/* identity, signed and roster: keys that come back from their files, every bit of a signed
 * record, and rosters that are refused. */
#include "mask/hidden.h"
#include "mask/kdf.h"
#include "mask/roster.h"
#include "mask/signed.h"
#include "unit.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { N = 5 };

static struct flp_error e;

static int
answer(void *context, char *passphrase, struct flp_error *error)
{
	(void)error;
	strcpy(passphrase, context);
	return 0;
}

static int
same(const struct flp_identity *a, const struct flp_identity *b)
{
	return strcmp(a->name, b->name) == 0 && memcmp(a->sign_public, b->sign_public, 32) == 0 &&
	    memcmp(a->mask_public, b->mask_public, 32) == 0 &&
	    memcmp(a->secret, b->secret, sizeof *a->secret) == 0;
}

static void
check_files(void)
{
	char right[] = "right", wrong[] = "wrong";
	struct flp_identity_asker asker = { answer, right };
	struct flp_identity id, again;

	CHECK(flp_identity_make(&id, "a", &e) == 0, "%s", e.text);
	CHECK(flp_identity_save(&id, "plain.key", "", &e) == 0, "%s", e.text);
	CHECK(flp_identity_save(&id, "sealed.key", right, &e) == 0, "%s", e.text);
	CHECK(flp_identity_save(&id, "plain.key", NULL, &e) < 0 && e.code == FLP_ERROR_BAD, "replaced");
	CHECK(flp_identity_load(&again, "plain.key", NULL, &e) == 0 && same(&id, &again), "%s", e.text);
	flp_identity_free(&again);
	CHECK(flp_identity_load(&again, "sealed.key", &asker, &e) == 0 && same(&id, &again), "%s",
	    e.text);
	flp_identity_free(&again);
	CHECK(flp_identity_load(&again, "sealed.key", NULL, &e) < 0 && e.code == FLP_ERROR_USAGE,
	    "no passphrase");
	asker.context = wrong;
	CHECK(flp_identity_load(&again, "sealed.key", &asker, &e) < 0 && e.code == FLP_ERROR_BAD,
	    "a wrong passphrase");
	CHECK(again.secret == NULL, "a secret is left");
	CHECK(flp_identity_load(&again, "none.key", NULL, &e) < 0 && e.code == FLP_ERROR_SYSTEM, "none");
	flp_identity_free(&again);
	flp_identity_free(&id);
	unlink("plain.key");
	unlink("sealed.key");
}

/* Keys that follow from 64 known bytes. The public ones were computed by OpenSSL 3 from the same
 * seeds. */
static void
check_known(void)
{
	unsigned char seed[FLP_IDENTITY_SEED];
	char sign[65], mask[65];
	struct flp_identity id = { 0 };

	for (size_t i = 0; i < sizeof seed; i++)
		seed[i] = (unsigned char)i;
	CHECK(flp_identity_derive(&id, seed, &e) == 0, "%s", e.text);
	sodium_bin2hex(sign, sizeof sign, id.sign_public, 32);
	sodium_bin2hex(mask, sizeof mask, id.mask_public, 32);
	CHECK(strcmp(sign, "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8") == 0, "%s", sign);
	CHECK(strcmp(mask, "358072d6365880d1aeea329adf9121383851ed21a28e3b75e965d0d2cd166254") == 0, "%s", mask);
	flp_identity_free(&id);
}

static void
make_record(struct flp_record *record, const char *client)
{
	const uint64_t three = 3;
	struct flp_header h;

	flp_header_init(&h, FLP_KIND_KEY);
	CHECK(flp_header_add(&h, "x", FLP_DTYPE_U8, 1, &three, &e) == 0 &&
	    flp_meta_set_text(&h.meta, "verb", "test", &e) == 0 &&
	    flp_meta_set_u64(&h.meta, "round", 7, &e) == 0 &&
	    flp_meta_set_text(&h.meta, "client", client, &e) == 0 &&
	    flp_record_new(record, &h, &e) == 0, "%s", e.text);
	flp_header_free(&h);
	memcpy(record->values[0], "abc", 3);
}

/* The signature of a record is not valid for one with other values, metadata, kind or names. */
static void
check_signed(void)
{
	struct flp_identity id, other;
	struct flp_record r;
	char *text;
	size_t n;

	CHECK(flp_identity_make(&id, "a", &e) == 0 && flp_identity_make(&other, "a", &e) == 0, "%s",
	    e.text);
	make_record(&r, "a");
	CHECK(flp_signed_check(&r, id.sign_public, &e) < 0 && e.code == FLP_ERROR_BAD, "unsigned");
	CHECK(flp_signed_sign(&r, &other, &e) == 0 && flp_signed_sign(&r, &id, &e) == 0, "%s", e.text);
	CHECK(flp_signed_check(&r, id.sign_public, &e) == 0, "%s", e.text);
	CHECK(flp_signed_check(&r, other.sign_public, &e) < 0, "another key");
	for (size_t bit = 0; bit < 24; bit++) {
		((unsigned char *)r.values[0])[bit / 8] ^= (unsigned char)(1 << bit % 8);
		CHECK(flp_signed_check(&r, id.sign_public, &e) < 0, "bit %zu of the values", bit);
		((unsigned char *)r.values[0])[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
	text = r.header.meta.text;
	n = r.header.meta.n;
	for (size_t i = 0; i < n; i++)
		if (text[i] != '\n' && text[i] != '=') {
			text[i] ^= 1;
			CHECK(flp_signed_check(&r, id.sign_public, &e) < 0, "byte %zu of the metadata", i);
			text[i] ^= 1;
		}
	CHECK(flp_signed_check(&r, id.sign_public, &e) == 0, "%s", e.text);
	r.header.kind = FLP_KIND_SHARE;
	CHECK(flp_signed_check(&r, id.sign_public, &e) < 0, "another kind");
	r.header.kind = FLP_KIND_KEY;
	r.header.tensor[0].name[0] = 'y';
	CHECK(flp_signed_check(&r, id.sign_public, &e) < 0, "another name");
	r.header.tensor[0].name[0] = 'x';
	CHECK(flp_meta_set_u64(&r.header.meta, "size", 1, &e) == 0, "%s", e.text);
	CHECK(flp_signed_check(&r, id.sign_public, &e) < 0, "one key more");
	flp_record_free(&r);
	flp_identity_free(&id);
	flp_identity_free(&other);
}

static struct flp_identity party[N];
static struct flp_identity_public member[N];

static void
take_public(struct flp_identity_public *to, const struct flp_identity *id)
{
	memset(to, 0, sizeof *to);
	strcpy(to->name, id->name);
	memcpy(to->sign, id->sign_public, 32);
	memcpy(to->mask, id->mask_public, 32);
}

static void
check_fields(const struct flp_roster *r)
{
	size_t self;

	CHECK(r->n == N && strcmp(r->session, "study") == 0, "%zu %s", r->n, r->session);
	for (size_t i = 0; i < N; i++) {
		CHECK(flp_roster_self(r, &party[i], &self, &e) == 0, "%s", e.text);
		CHECK(memcmp(r->sign[self], party[i].sign_public, 32) == 0 &&
		    memcmp(r->mask[self], party[i].mask_public, 32) == 0 &&
		    flp_roster_find(r, party[i].name) == (long)self, "member %zu", i);
	}
	CHECK(flp_roster_find(r, "nobody") < 0, "nobody");
}

static void
check_roster(void)
{
	struct flp_record record, other;
	struct flp_identity stranger;
	struct flp_roster r, s;
	size_t self;

	CHECK(flp_roster_make(&record, "study", member, N, &party[0], &e) == 0 &&
	    flp_roster_make(&other, "other", member, N, NULL, &e) == 0, "%s", e.text);
	CHECK(flp_roster_take(&r, &record, party[0].sign_public, &e) == 0, "%s", e.text);
	CHECK(record.values == NULL, "not taken over");
	CHECK(flp_roster_take(&s, &other, NULL, &e) == 0, "%s", e.text);
	check_fields(&r);
	CHECK(strcmp(r.members_text, s.members_text) == 0 && strcmp(r.digest_text, s.digest_text) != 0,
	    "digests");
	CHECK(flp_identity_make(&stranger, party[1].name, &e) == 0, "%s", e.text);
	CHECK(flp_roster_self(&r, &stranger, &self, &e) < 0 && e.code == FLP_ERROR_BAD, "other keys");
	flp_identity_free(&stranger);
	CHECK(flp_identity_make(&stranger, "nobody", &e) == 0, "%s", e.text);
	CHECK(flp_roster_self(&r, &stranger, &self, &e) < 0 && e.code == FLP_ERROR_BAD, "no member");
	flp_identity_free(&stranger);
	flp_roster_free(&r);
	flp_roster_free(&r);
	flp_roster_free(&s);
}

static int
refused(const struct flp_identity_public *of, size_t n)
{
	struct flp_record record;

	if (flp_roster_make(&record, "study", of, n, NULL, &e) < 0)
		return e.code == FLP_ERROR_BAD;
	flp_record_free(&record);
	return 0;
}

/* The two points whose order is 1 and 4, as X25519 has them, and the neutral one of Ed25519. */
static void
check_members(void)
{
	static char *const place[N] = { "a.pub", "b.pub", "c.pub", "d.pub", "e.pub" };
	struct flp_identity_public copy[N];

	CHECK(refused(member, 2) && refused(member, 0), "too few");
	memcpy(copy, member, sizeof copy);
	memcpy(copy[3].sign, copy[0].sign, 32);
	CHECK(refused(copy, N), "a key twice");
	memcpy(copy, member, sizeof copy);
	memcpy(copy[4].mask, copy[2].mask, 32);
	CHECK(refused(copy, N), "a key twice");
	memcpy(copy, member, sizeof copy);
	memset(copy[1].mask, 0, 32);
	CHECK(refused(copy, N) && strstr(copy[1].name, "c") == copy[1].name, "a zero point");
	copy[1].mask[0] = 1;
	CHECK(refused(copy, N), "a point of order 4");
	memcpy(copy, member, sizeof copy);
	memset(copy[1].sign, 0, 32);
	copy[1].sign[0] = 1;
	CHECK(refused(copy, N) && strcmp(e.text, "cx: expected a key to sign with that is a point of "
	    "the curve, found another") == 0, "%s", e.text);
	memcpy(copy, member, sizeof copy);
	strcpy(copy[1].name, copy[2].name);
	CHECK(refused(copy, N), "a name twice");
	CHECK(flp_roster_distinct(copy, N, place, &e) < 0 && strncmp(e.text, "c.pub: ", 7) == 0 &&
	    strstr(e.text, ": expected a name once, found it twice, in b.pub too") != NULL, "%s",
	    e.text);
	memcpy(copy, member, sizeof copy);
	memcpy(copy[3].sign, copy[1].mask, 32);
	CHECK(flp_roster_distinct(copy, N, place, &e) < 0 && strcmp(e.text, "d.pub: expected keys that "
	    "differ, found one twice, in b.pub too") == 0, "%s", e.text);
	CHECK(flp_roster_distinct(member, N, place, &e) == 0, "%s", e.text);
	CHECK(!refused(member, 3), "%s", e.text);
}

/* Each change that a server could make to a roster with certificates. */
static void
check_certificates(void)
{
	static const char *const tensors[] = { ":clients", "sign", "mask", "certificate" };

	for (size_t i = 0; i < sizeof tensors / sizeof *tensors; i++) {
		struct flp_record record;
		struct flp_roster r;
		unsigned char *values;

		CHECK(flp_roster_make(&record, "study", member, N, &party[0], &e) == 0, "%s", e.text);
		values = flp_record_values(&record, tensors[i], NULL);
		values[i == 0 ? 1 : 33] ^= 1;
		CHECK(flp_roster_take(&r, &record, party[0].sign_public, &e) < 0 &&
		    e.code == FLP_ERROR_BAD, "%s changed", tensors[i]);
	}
	for (int which = 0; which < 3; which++) {
		struct flp_record record;
		struct flp_roster r;

		CHECK(flp_roster_make(&record, "study", member, N, which > 0 ? &party[0] : NULL, &e) == 0 &&
		    (which < 2 || flp_meta_set_text(&record.header.meta, "session", "other", &e) == 0), "%s",
		    e.text);
		CHECK(flp_roster_take(&r, &record, party[which == 1].sign_public, &e) < 0 &&
		    e.code == FLP_ERROR_BAD, "certificates %d", which);
	}
}

/* Names out of order, too many of them, a table of another shape. */
static void
check_shapes(void)
{
	struct flp_record record;
	struct flp_roster r;
	char *names;

	CHECK(flp_roster_make(&record, "study", member, N, NULL, &e) == 0, "%s", e.text);
	names = flp_record_values(&record, ":clients", NULL);
	names[0] = 'z';
	CHECK(flp_roster_take(&r, &record, NULL, &e) < 0 &&
	    strstr(e.text, "names in order") != NULL, "%s", e.text);
	CHECK(flp_roster_make(&record, "study", member, N, NULL, &e) == 0, "%s", e.text);
	names = flp_record_values(&record, ":clients", NULL);
	names[1] = '\n';
	CHECK(flp_roster_take(&r, &record, NULL, &e) < 0 && e.code == FLP_ERROR_BAD, "an empty name");
	CHECK(flp_roster_make(&record, "study", member, N, NULL, &e) == 0, "%s", e.text);
	record.header.tensor[1].dims[0] = 4;
	CHECK(flp_roster_take(&r, &record, NULL, &e) < 0 && e.code == FLP_ERROR_BAD, "fewer keys");
	make_record(&record, "a");
	CHECK(flp_roster_take(&r, &record, NULL, &e) < 0 && e.code == FLP_ERROR_BAD, "no roster");
}

/* The messages about a wrong table and a wrong session. */
static void
check_found(void)
{
	static const struct { size_t tensor, dim; uint64_t to; const char *why; } shapes[] = {
		{ 1, 1, 31, "tensor sign: expected a row of 32 of u8 for each member, found u8 of dims "
		    "5x31" },
		{ 2, 0, 4, "tensor mask: expected a row of 32 of u8 for each of 5 members, found u8 of "
		    "dims 4x32" },
	};
	static const struct { const char *session, *why; } sessions[] = {
		{ NULL, "session: expected a text of 1 to 255 bytes, found none" },
		{ "", "session: expected a text of 1 to 255 bytes, found 0" },
		{ "a\nb", "session: expected printable UTF-8, found other bytes" },
		{ "a\xe2\x80\xae" "b", "session: expected printable UTF-8, found other bytes" },
	};
	struct flp_record record;
	struct flp_roster r;

	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		CHECK(flp_roster_make(&record, "study", member, N, NULL, &e) == 0, "%s", e.text);
		record.header.tensor[shapes[i].tensor].dims[shapes[i].dim] = shapes[i].to;
		CHECK(flp_roster_take(&r, &record, NULL, &e) < 0 && strcmp(e.text, shapes[i].why) == 0,
		    "expected %s, found %s", shapes[i].why, e.text);
	}
	CHECK(flp_roster_make(&record, "study", member, N, NULL, &e) == 0, "%s", e.text);
	strcpy(record.header.tensor[2].name, "musk");
	CHECK(flp_roster_take(&r, &record, NULL, &e) < 0 && strcmp(e.text,
	    "tensor mask: expected one, found none") == 0, "%s", e.text);
	CHECK(flp_roster_make(&record, "study", member, N, NULL, &e) == 0, "%s", e.text);
	flp_meta_drop(&record.header.meta, "session");
	CHECK(flp_roster_take(&r, &record, NULL, &e) < 0 && strcmp(e.text, sessions[0].why) == 0, "%s",
	    e.text);
	for (size_t i = 1; i < sizeof sessions / sizeof *sessions; i++)
		CHECK(flp_roster_make(&record, sessions[i].session, member, N, NULL, &e) < 0 &&
		    strcmp(e.text, sessions[i].why) == 0, "expected %s, found %s", sessions[i].why, e.text);
}

int
main(void)
{
	static const char *const names[N] = { "dx", "cx", "ex", "ax", "bx" };
	char folder[] = "/tmp/identity-XXXXXX";

	CHECK(flp_hidden_begin(&e) == 0, "%s", e.text);
	CHECK(mkdtemp(folder) != NULL && chdir(folder) == 0, "%s", folder);
	check_files();
	check_known();
	check_signed();
	for (size_t i = 0; i < N; i++) {
		CHECK(flp_identity_make(&party[i], names[i], &e) == 0, "%s", e.text);
		take_public(&member[i], &party[i]);
	}
	check_roster();
	check_members();
	check_certificates();
	check_shapes();
	check_found();
	for (size_t i = 0; i < N; i++)
		flp_identity_free(&party[i]);
	rmdir(folder);
	return unit_done();
}
