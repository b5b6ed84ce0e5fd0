#include "mask/silo.h"
#include "format/called.h"
#include "mask/hidden.h"
#include "mask/journal_digest.h"
#include "mask/kdf.h"
#include "mask/making.h"
#include "mask/permit.h"
#include "mask/prg.h"
#include "mask/shape.h"
#include "mask/signed.h"
#include "privacy/outgoing.h"

#include <stdlib.h>
#include <string.h>

static const char *
purpose_of(const struct flp_silo *s)
{
	return flp_round_purpose(flp_shape_stats(&s->vector));
}

/* The key of the mask that site `self` and site `other` share. It depends on how the record was
 * made. If two sites clip to different norms, for example, their masks do not cancel, and the sum
 * can't be opened. */
static int
pair_key(const struct flp_silo *s, const struct flp_identity *id, size_t self, size_t other,
    const struct flp_digest *terms, struct flp_prg_key *to, struct flp_error *e)
{
	const struct flp_roster *r = s->roster;
	int first = memcmp(r->mask[self], r->mask[other], FLP_KDF_BYTES) < 0;
	unsigned char shared[FLP_KDF_BYTES];
	struct flp_kdf k;

	if (flp_kdf_agree(shared, id->secret->mask, r->mask[other], e) < 0)
		return flp_error_at(e, "client %s", flp_texts_get(&r->clients, other));
	flp_kdf_begin(&k, shared, "silo");
	sodium_memzero(shared, sizeof shared);
	flp_kdf_text(&k, r->session);
	flp_kdf_text(&k, purpose_of(s));
	flp_kdf_u64(&k, s->round);
	flp_kdf_bytes(&k, s->vector.base.byte, sizeof s->vector.base.byte);
	/* X25519 treats several byte strings as the same public key, so two members may share the same
	 * secret with a third. The bytes of the public keys keep their masks apart. */
	flp_kdf_bytes(&k, r->mask[first ? self : other], FLP_KDF_BYTES);
	flp_kdf_bytes(&k, r->mask[first ? other : self], FLP_KDF_BYTES);
	flp_kdf_bytes(&k, r->digest.byte, sizeof r->digest.byte);
	flp_kdf_bytes(&k, terms->byte, sizeof terms->byte);
	flp_kdf_end(&k, to->key);
	to->subtract = self < other;
	return 0;
}

/* Adds all masks of a site to a vector. */
static int
add_masks(const struct flp_silo *s, const struct flp_identity *id, size_t self,
    struct flp_record *vector, struct flp_error *e)
{
	struct flp_prg_key *key = flp_hidden_new(s->roster->n - 1, sizeof *key, e);
	struct flp_digest terms;
	int status = key != NULL ? 0 : -1;

	flp_making_digest(&vector->header, &terms);
	for (size_t i = 0, k = 0; status == 0 && i < s->roster->n; i++)
		if (i != self)
			status = pair_key(s, id, self, i, &terms, &key[k++], e);
	if (status == 0)
		status = flp_prg_add_record(vector, s->vector.fit.bits, key, s->roster->n - 1, e);
	flp_hidden_free(key);
	return status;
}

/* Asks the site's policy about the sum that it takes part in, and about what it adds. */
static int
check_site(const struct flp_silo *s, const struct flp_header *vector, struct flp_error *e)
{
	const struct flp_terms terms = { s->roster->n, s->roster->n, FLP_SILO_BITS,
		{ .roster = s->roster } };

	if (s->site == NULL)
		return 0;
	return flp_terms_check(&terms, s->site, e) < 0 ? -1 :
	    flp_outgoing_learnt(s->site, vector, e);
}

struct flp_round
flp_silo_round(const struct flp_roster *roster, uint64_t round, const struct flp_digest *base)
{
	struct flp_round r = { .session = roster->session, .number = round,
		.roster = roster->digest, .has_roster = 1, .any_base = base == NULL };

	if (base != NULL)
		r.base = *base;
	return r;
}

/* Sets the metadata of a message that say which round it belongs to and who sent it. */
static int
set_origin(struct flp_meta *meta, const struct flp_roster *roster, const char *client,
    uint64_t number, const struct flp_digest *base, struct flp_error *e)
{
	const struct flp_round round = flp_silo_round(roster, number, base);

	return flp_round_set(meta, &round, e) < 0 ? -1 : flp_meta_set_text(meta, "client", client, e);
}

/* Masks, signs and stores a vector that was not sent before. */
static int
send(struct flp_silo *s, struct flp_journal *j, const struct flp_journal_entry *entry,
    struct flp_record *vector, const struct flp_record *update, struct flp_error *e)
{
	size_t self;

	if (flp_roster_self(s->roster, j->id, &self, e) < 0 ||
	    add_masks(s, j->id, self, vector, e) < 0 || flp_signed_sign(vector, j->id, e) < 0)
		return -1;
	return flp_journal_send(j, entry, vector, NULL, update, e);
}

/* The roster that this one replaces, if this site has sent a message under that roster. */
static const char *
instead_of(const struct flp_silo *s, const struct flp_journal *j)
{
	for (size_t i = 0; s->instead != NULL && i < j->n; i++)
		if (strcmp(j->entry[i].session, s->roster->session) == 0)
			return s->instead->digest_text;
	return NULL;
}

/* Masks and stores a vector, or finds that it was sent before. *index is set to its entry. */
static int
apply_weights(struct flp_silo *s, struct flp_journal *j, struct flp_record *vector,
    const struct flp_record *update, const char *weights, size_t *index, struct flp_error *e)
{
	char base[FLP_DIGEST_TEXT], input[FLP_DIGEST_TEXT];
	struct flp_digest of_input;
	const struct flp_journal_entry entry = { .verb = "apply", .session = s->roster->session,
		.roster = s->roster->digest_text, .members = s->roster->members_text,
		.instead = instead_of(s, j), .purpose = purpose_of(s),
		.round = s->round, .base = base, .weights = weights, .input = input };
	int again;

	if (flp_journal_input(&of_input, vector, j->id, e) < 0 ||
	    set_origin(&vector->header.meta, s->roster, j->id->name, s->round, &s->vector.base, e) < 0)
		return -1;
	flp_digest_text(&s->vector.base, base);
	flp_digest_text(&of_input, input);
	if ((again = flp_permit_message(j, &entry, index, e)) != 0)
		return again < 0 ? -1 : 0;
	if (send(s, j, &entry, vector, update, e) < 0)
		return -1;
	*index = j->n - 1;
	return 0;
}

static int
apply_vector(struct flp_silo *s, struct flp_journal *j, struct flp_record *vector,
    const struct flp_record *update, size_t *index, struct flp_error *e)
{
	char *weights = flp_permit_weights(s->vector.model, update, j->id, e);
	int status = weights == NULL ? -1 : apply_weights(s, j, vector, update, weights, index, e);

	free(weights);
	return status;
}

int
flp_silo_apply(struct flp_silo *s, struct flp_journal *j, const struct flp_record *update,
    struct flp_record *message, struct flp_error *e)
{
	struct flp_record vector;
	size_t self, index;
	int status;

	s->vector.clients = s->roster->n;
	if (flp_roster_self(s->roster, j->id, &self, e) < 0 ||
	    flp_vector_make(&s->vector, &vector, update, e) < 0)
		return -1;
	status = check_site(s, &vector.header, e);
	if (status == 0)
		status = apply_vector(s, j, &vector, update, &index, e);
	flp_record_free(&vector);
	return status < 0 ? -1 : flp_journal_message(j, index, message, e);
}

int
flp_silo_leave(const struct flp_roster *roster, struct flp_journal *j, uint64_t round,
    int stats, struct flp_record *message, struct flp_error *e)
{
	const struct flp_journal_entry entry = { .verb = "leave", .session = roster->session,
		.roster = roster->digest_text, .members = roster->members_text, .round = round,
		.purpose = flp_round_purpose(stats), .input = roster->digest_text };
	struct flp_record leave = { 0 };
	size_t index;
	int again;

	if (flp_roster_self(roster, j->id, &index, e) < 0 ||
	    (again = flp_permit_leave(j, &entry, &index, e)) < 0)
		return -1;
	if (again == 0) {
		flp_header_init(&leave.header, FLP_KIND_KEY);
		again = set_origin(&leave.header.meta, roster, j->id->name, round, NULL, e) < 0 ||
		    flp_meta_set_text(&leave.header.meta, "verb", "leave", e) < 0 ||
		    flp_meta_set_text(&leave.header.meta, "of", entry.purpose, e) < 0 ||
		    flp_signed_sign(&leave, j->id, e) < 0 ? -1 :
		    flp_journal_send(j, &entry, &leave, NULL, NULL, e);
		flp_record_free(&leave);
		index = j->n - 1;
	}
	return again < 0 ? -1 : flp_journal_message(j, index, message, e);
}

/* Checks that a record is the leave message of a member of the roster, for this round or an earlier
 * one. */
static int
check_leave(const struct flp_record *left, const struct flp_roster *old, size_t member,
    const struct flp_silo *s, struct flp_error *e)
{
	const struct flp_meta *meta = &left->header.meta;
	const char *purpose = purpose_of(s);
	struct flp_round of;
	uint64_t round;

	if (left->header.kind != FLP_KIND_KEY || !flp_meta_is(meta, "verb", "leave"))
		return flp_error_bad(e, "expected a leave message, found %s", flp_called(&left->header));
	if (flp_signed_check(left, old->sign[member], e) < 0 ||
	    flp_meta_expect(meta, "of", purpose, strlen(purpose), e) < 0)
		return -1;
	if (flp_meta_u64(meta, "round", 0, UINT64_MAX, &round, e) <= 0)
		round = s->round; /* flp_round_check says what is wrong */
	if (round > s->round)
		return flp_error_bad(e, "metadata: round: expected %llu or an earlier one, found %llu",
		    (unsigned long long)s->round, (unsigned long long)round);
	of = flp_silo_round(old, round, NULL);
	return flp_round_check(meta, &of, e);
}

/* Checks that a member of the old roster stays, with the same keys, or has left. */
static int
check_member(const struct flp_silo *s, const struct flp_roster *old, size_t member,
    const struct flp_record *left, size_t n, struct flp_error *e)
{
	const struct flp_roster *roster = s->roster;
	const char *name = flp_texts_get(&old->clients, member);
	long now = flp_roster_find(roster, name);
	int status = 1;

	if (now >= 0)
		return memcmp(roster->sign[now], old->sign[member], sizeof *old->sign) == 0 &&
		    memcmp(roster->mask[now], old->mask[member], sizeof *old->mask) == 0 ? 0 :
		    flp_error_bad(e, "client %s: expected its keys in the old roster, found others",
		    name);
	for (size_t i = 0; status != 0 && i < n; i++)
		if (flp_meta_is(&left[i].header.meta, "client", name))
			status = check_leave(&left[i], old, member, s, e);
	if (status < 0)
		return flp_error_at(e, "client %s: leave", name);
	return status == 0 ? 0 : flp_error_bad(e, "client %s: expected its leave, since it is "
	    "not in the new roster, found none", name);
}

int
flp_silo_replaces(const struct flp_silo *s, const struct flp_roster *old,
    const struct flp_record *left, size_t n, struct flp_error *e)
{
	const struct flp_roster *roster = s->roster;

	if (strcmp(roster->session, old->session) != 0)
		return flp_error_bad(e, "expected a roster of session %s, found one of %s",
		    old->session, roster->session);
	for (size_t i = 0; i < roster->n; i++) {
		const char *name = flp_texts_get(&roster->clients, i);

		if (flp_roster_find(old, name) < 0)
			return flp_error_bad(e, "client %s: expected a member of the roster that is given up "
			    "(--instead), found one that is new", name);
	}
	for (size_t i = 0; i < old->n; i++)
		if (check_member(s, old, i, left, n, e) < 0)
			return -1;
	return 0;
}
