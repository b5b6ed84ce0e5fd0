#include "mask/roster.h"
#include "base/memory.h"
#include "base/shown.h"
#include "format/called.h"
#include "format/names.h"
#include "loop/inputs.h"
#include "mask/kdf.h"
#include "mask/twice.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What an authority signs: a digest of (session, name, keys). */
static void
digest_member(unsigned char digest[FLP_KDF_BYTES], const char *session,
    const struct flp_identity_public *member)
{
	struct flp_kdf k;

	flp_kdf_begin(&k, NULL, "certificate");
	flp_kdf_text(&k, session);
	flp_kdf_text(&k, member->name);
	flp_kdf_bytes(&k, member->sign, sizeof member->sign);
	flp_kdf_bytes(&k, member->mask, sizeof member->mask);
	flp_kdf_end(&k, digest);
}

static void
certify(unsigned char certificate[64], const struct flp_identity *authority,
    const char *session, const struct flp_identity_public *member)
{
	unsigned char digest[FLP_KDF_BYTES];

	digest_member(digest, session, member);
	crypto_sign_detached(certificate, NULL, digest, sizeof digest, authority->secret->sign);
}

int
flp_roster_certified(const unsigned char certificate[64], const unsigned char authority[32],
    const char *session, const struct flp_identity_public *member, struct flp_error *e)
{
	unsigned char digest[FLP_KDF_BYTES];

	digest_member(digest, session, member);
	return crypto_sign_verify_detached(certificate, digest, sizeof digest, authority) == 0 ? 0 :
	    flp_error_bad(e, "certificate: expected one by the authority for this session, found "
	    "another one");
}

static int
by_name(const void *a, const void *b)
{
	const struct flp_identity_public *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

/* The error for a name or key that two members have in common. */
static int
found_twice(const char *what, char *const *place, size_t first, size_t second,
    struct flp_error *e)
{
	if (place == NULL)
		return flp_error_bad(e, "%s", what);
	flp_error_bad(e, "%s, in %s too", what, place[first]);
	return flp_error_at(e, "%s", place[second]);
}

static int
check_names(const struct flp_identity_public *member, size_t n, char *const *place,
    struct flp_error *e)
{
	char what[FLP_IDENTITY_NAME + sizeof ": expected a name once, found it twice"];
	struct flp_texts names = { 0 };
	int status = 0;

	for (size_t i = 0; status == 0 && i < n; i++) {
		const char *name = member[i].name;
		long before = flp_texts_find(&names, name, strlen(name));

		snprintf(what, sizeof what, "%s: expected a name once, found it twice", name);
		status = before < 0 ? flp_texts_add(&names, name, strlen(name), n, e) :
		    found_twice(what, place, (size_t)before, i, e);
	}
	flp_texts_free(&names);
	return status;
}

int
flp_roster_distinct(const struct flp_identity_public *member, size_t n, char *const *place,
    struct flp_error *e)
{
	struct flp_twice *key;
	size_t at = 1;
	int status = 0;

	if (check_names(member, n, place, e) < 0 ||
	    (key = flp_memory_new(2 * n, sizeof *key, e)) == NULL)
		return -1;
	for (size_t i = 0; i < n; i++) {
		key[2 * i] = (struct flp_twice){ member[i].sign, (uint32_t)i };
		key[2 * i + 1] = (struct flp_twice){ member[i].mask, (uint32_t)i };
	}
	flp_twice_sort(key, 2 * n);
	if (flp_twice_next(key, 2 * n, &at))
		status = found_twice("expected keys that differ, found one twice", place,
		    key[at - 1].client, key[at].client, e);
	free(key);
	return status;
}

/* The same for the keys in a record. */
static int
check_twice(const unsigned char (*sign)[32], const unsigned char (*mask)[32], size_t n,
    struct flp_error *e)
{
	struct flp_twice *key = flp_memory_new(2 * n, sizeof *key, e);
	size_t at = 1;
	int twice;

	if (key == NULL)
		return -1;
	for (size_t i = 0; i < n; i++) {
		key[2 * i] = (struct flp_twice){ sign[i], (uint32_t)i };
		key[2 * i + 1] = (struct flp_twice){ mask[i], (uint32_t)i };
	}
	flp_twice_sort(key, 2 * n);
	twice = flp_twice_next(key, 2 * n, &at);
	free(key);
	return twice ? flp_error_bad(e, "expected keys that differ, found one twice") : 0;
}

int
flp_roster_names_session(const char *session, size_t n)
{
	return n > 0 && n <= FLP_ROSTER_SESSION && flp_shown_name(session, n);
}

static int
check_session(const char *session, size_t n, struct flp_error *e)
{
	if (session == NULL)
		return flp_error_bad(e, "session: expected a text of 1 to %d bytes, found none",
		    FLP_ROSTER_SESSION);
	if (n == 0 || n > FLP_ROSTER_SESSION)
		return flp_error_bad(e, "session: expected a text of 1 to %d bytes, found %zu",
		    FLP_ROSTER_SESSION, n);
	return flp_roster_names_session(session, n) ? 0 :
	    flp_error_bad(e, "session: expected printable UTF-8, found other bytes");
}

static int
check_size(size_t n, struct flp_error *e)
{
	if (n < FLP_ROSTER_LEAST)
		return flp_error_bad(e, "expected %d members or more, found %zu: the sum of two would "
		    "tell each member the other's update", FLP_ROSTER_LEAST, n);
	return n <= FLP_ROSTER_MOST ? 0 : flp_error_bad(e, "expected at most %zu members, found %zu",
	    FLP_ROSTER_MOST, n);
}

static int
check_points(const struct flp_identity_public *member, struct flp_error *e)
{
	int status = flp_kdf_check(member->mask, e);

	if (status == 0 && !crypto_core_ed25519_is_valid_point(member->sign))
		status = flp_error_bad(e, "expected a key to sign with that is a point of the curve, "
		    "found another");
	return status < 0 ? flp_error_at(e, "%s", member->name) : 0;
}

static int
describe(struct flp_header *h, const char *session, size_t n, size_t names, int certified,
    struct flp_error *e)
{
	const uint64_t keys[] = { n, 32 }, certificates[] = { n, 64 }, lines = names;

	flp_header_init(h, FLP_KIND_KEY);
	if (flp_header_add(h, FLP_NAMES_CLIENTS, FLP_DTYPE_U8, 1, &lines, e) < 0 ||
	    flp_header_add(h, "sign", FLP_DTYPE_U8, 2, keys, e) < 0 ||
	    flp_header_add(h, "mask", FLP_DTYPE_U8, 2, keys, e) < 0 ||
	    (certified && flp_header_add(h, "certificate", FLP_DTYPE_U8, 2, certificates, e) < 0) ||
	    flp_meta_set_text(&h->meta, "verb", "roster", e) < 0 ||
	    flp_meta_set_text(&h->meta, "session", session, e) < 0)
		return -1;
	return 0;
}

static int
fill(struct flp_record *to, const char *session, const struct flp_identity_public **member,
    size_t n, const struct flp_identity *authority, struct flp_error *e)
{
	struct flp_header h;
	size_t names = 0;
	char *at;
	int status;

	for (size_t i = 0; i < n; i++)
		names += strlen(member[i]->name) + 1;
	status = describe(&h, session, n, names, authority != NULL, e);
	if (status == 0)
		status = flp_record_new(to, &h, e);
	flp_header_free(&h);
	if (status < 0)
		return -1;
	at = to->values[0];
	for (size_t i = 0; i < n; i++) {
		at = flp_texts_line(at, member[i]->name);
		memcpy((unsigned char *)to->values[1] + 32 * i, member[i]->sign, 32);
		memcpy((unsigned char *)to->values[2] + 32 * i, member[i]->mask, 32);
		if (authority != NULL)
			certify((unsigned char *)to->values[3] + 64 * i, authority, session,
			    member[i]);
	}
	return 0;
}

int
flp_roster_make(struct flp_record *to, const char *session,
    const struct flp_identity_public *member, size_t n, const struct flp_identity *authority,
    struct flp_error *e)
{
	const struct flp_identity_public **sorted;
	int status = 0;

	memset(to, 0, sizeof *to);
	if (check_session(session, strlen(session), e) < 0 || check_size(n, e) < 0 ||
	    flp_roster_distinct(member, n, NULL, e) < 0 ||
	    (sorted = flp_memory_new(n, sizeof *sorted, e)) == NULL)
		return -1;
	for (size_t i = 0; status == 0 && i < n; i++) {
		sorted[i] = &member[i];
		status = check_points(&member[i], e);
	}
	if (status == 0) {
		qsort(sorted, n, sizeof *sorted, by_name);
		status = fill(to, session, sorted, n, authority, e);
	}
	free(sorted);
	if (status < 0)
		flp_record_free(to);
	return status;
}

/* The values of a tensor of *n rows. If *n is 0, it is set to the number of rows. */
static const void *
rows(const struct flp_record *record, const char *name, uint64_t width, size_t *n,
    struct flp_error *e)
{
	const struct flp_tensor *t;
	const void *values = flp_record_values(record, name, &t);
	char members[64] = "each member", dims[FLP_DIMS_TEXT];

	if (values == NULL) {
		flp_error_bad(e, "tensor %s: expected one, found none", name);
		return NULL;
	}
	if (t->dtype == FLP_DTYPE_U8 && t->rank == 2 && t->dims[1] == width &&
	    (*n == 0 || t->dims[0] == *n)) {
		*n = (size_t)t->dims[0];
		return values;
	}
	if (*n > 0)
		snprintf(members, sizeof members, "each of %zu members", *n);
	flp_tensor_dims(t, dims);
	flp_error_bad(e, "tensor %s: expected a row of %llu of u8 for %s, found %s of dims %s", name,
	    (unsigned long long)width, members, flp_dtype_name(t->dtype), dims);
	return NULL;
}

static int
take_names(struct flp_roster *r, struct flp_error *e)
{
	if (flp_names_take(&r->clients, FLP_NAMES_CLIENTS, &r->record, e) < 0)
		return -1;
	if (r->clients.n != r->n)
		return flp_error_bad(e, "tensor :clients: expected %zu names, found %zu", r->n,
		    r->clients.n);
	for (size_t i = 0; i < r->n; i++)
		if (strlen(flp_texts_get(&r->clients, i)) > FLP_IDENTITY_NAME)
			return flp_error_bad(e, "tensor :clients: name %zu: expected at most %d bytes, "
			    "found more", i + 1, FLP_IDENTITY_NAME);
	return 0;
}

void
flp_roster_member(const struct flp_roster *r, size_t i, struct flp_identity_public *member)
{
	strcpy(member->name, flp_texts_get(&r->clients, i));
	memcpy(member->sign, r->sign[i], sizeof member->sign);
	memcpy(member->mask, r->mask[i], sizeof member->mask);
}

int
flp_roster_signed(const struct flp_roster *r, const unsigned char authority[32],
    struct flp_error *e)
{
	struct flp_identity_public member;

	if (r->certificate == NULL)
		return flp_error_bad(e, "expected members that an authority has signed, found none");
	for (size_t i = 0; i < r->n; i++) {
		flp_roster_member(r, i, &member);
		if (flp_roster_certified(r->certificate[i], authority, r->session, &member, e) < 0)
			return flp_error_at(e, "client %s", member.name);
	}
	return 0;
}

static void
digest_members(struct flp_roster *r)
{
	struct flp_digest digest;
	struct flp_kdf k;

	flp_kdf_begin(&k, NULL, "members");
	for (size_t i = 0; i < r->n; i++) {
		flp_kdf_text(&k, flp_texts_get(&r->clients, i));
		flp_kdf_bytes(&k, r->sign[i], sizeof r->sign[i]);
		flp_kdf_bytes(&k, r->mask[i], sizeof r->mask[i]);
	}
	flp_kdf_end(&k, digest.byte);
	flp_digest_text(&digest, r->members_text);
}

static int
take(struct flp_roster *r, const unsigned char authority[32], struct flp_error *e)
{
	const struct flp_header *h = &r->record.header;
	const char *session;
	size_t n;

	if (h->kind != FLP_KIND_KEY || !flp_meta_is(&h->meta, "verb", "roster"))
		return flp_error_bad(e, "expected a roster, found %s", flp_called(h));
	session = flp_meta_get(&h->meta, "session", &n);
	if (check_session(session, n, e) < 0 ||
	    (r->session = flp_memory_text(session, n, e)) == NULL ||
	    (r->sign = rows(&r->record, "sign", 32, &r->n, e)) == NULL ||
	    check_size(r->n, e) < 0 || (r->mask = rows(&r->record, "mask", 32, &r->n, e)) == NULL)
		return -1;
	if (flp_header_find(h, "certificate") >= 0 &&
	    (r->certificate = rows(&r->record, "certificate", 64, &r->n, e)) == NULL)
		return -1;
	if (take_names(r, e) < 0 || check_twice(r->sign, r->mask, r->n, e) < 0 ||
	    (authority != NULL && flp_roster_signed(r, authority, e) < 0) ||
	    flp_record_digest(&r->record, &r->digest, e) < 0)
		return -1;
	flp_digest_text(&r->digest, r->digest_text);
	digest_members(r);
	return 0;
}

int
flp_roster_take(struct flp_roster *r, struct flp_record *record,
    const unsigned char authority[32], struct flp_error *e)
{
	*r = (struct flp_roster){ .record = *record };
	memset(record, 0, sizeof *record);
	if (take(r, authority, e) == 0)
		return 0;
	flp_roster_free(r);
	return -1;
}

int
flp_roster_load(struct flp_roster *r, const char *path, const unsigned char authority[32],
    struct flp_error *e)
{
	struct flp_record record;

	memset(r, 0, sizeof *r);
	if (flp_inputs_load_called(&record, path, FLP_KIND_KEY, "a roster", e) < 0)
		return -1;
	return flp_roster_take(r, &record, authority, e) < 0 ?
	    flp_error_at(e, "%s", flp_in_name(path)) : 0;
}

void
flp_roster_free(struct flp_roster *r)
{
	flp_texts_free(&r->clients);
	free(r->session);
	flp_record_free(&r->record);
	memset(r, 0, sizeof *r);
}

long
flp_roster_find(const struct flp_roster *r, const char *name)
{
	return flp_texts_find(&r->clients, name, strlen(name));
}

int
flp_roster_self(const struct flp_roster *r, const struct flp_identity *id, size_t *self,
    struct flp_error *e)
{
	long i = flp_roster_find(r, id->name);

	if (i < 0)
		return flp_error_bad(e, "expected client %s, whose key was given, among the members, "
		    "found %zu others", id->name, r->n);
	if (memcmp(r->sign[i], id->sign_public, sizeof id->sign_public) != 0 ||
	    memcmp(r->mask[i], id->mask_public, sizeof id->mask_public) != 0)
		return flp_error_bad(e, "expected the public keys of client %s, whose key was given, found "
		    "others", id->name);
	*self = (size_t)i;
	return 0;
}
