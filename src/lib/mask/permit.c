#include "mask/permit.h"
#include "mask/kdf.h"

#include <string.h>

#define SHOWN 12 /* digits of a digest in messages */

static const char *
or_none(const char *digest)
{
	return digest != NULL ? digest : "none";
}

static int
refuse(const struct flp_journal_entry *entry, struct flp_error *e)
{
	return flp_error_at(e, "session %s, round %llu", entry->session,
	    (unsigned long long)entry->round);
}

/* The message by which a roster of the session was given up for a later one: this entry or one
 * before. NULL if it was not. */
static const struct flp_journal_entry *
find_replaced(const struct flp_journal *j, const struct flp_journal_entry *entry,
    const char *roster)
{
	for (size_t i = 0; roster != NULL && i < j->n; i++)
		if (flp_journal_same(j->entry[i].session, entry->session) &&
		    flp_journal_same(j->entry[i].instead, roster))
			return &j->entry[i];
	return roster != NULL && flp_journal_same(entry->instead, roster) ? entry : NULL;
}

/* Whether an earlier message can't be in a sum: its roster was replaced for its round, which a
 * member that is gone has said to send nothing of. Sums of the rounds before may be open. */
static int
is_unopened(const struct flp_journal *j, const struct flp_journal_entry *entry,
    const struct flp_journal_entry *old)
{
	const struct flp_journal_entry *by = flp_journal_same(old->session, entry->session) ?
	    find_replaced(j, entry, old->roster) : NULL;

	return by != NULL && old->round >= by->round;
}

/* Whether two messages are of one round. */
static int
same_round(const struct flp_journal_entry *a, const struct flp_journal_entry *b)
{
	return a->round == b->round && flp_journal_same(a->session, b->session) &&
	    flp_journal_same(a->purpose, b->purpose);
}

/* Whether a fleet's client has given up the attempt at a round that entry number i is of: it has
 * advertised for the round once more since. What a site has sent in silo mode stays sent: its
 * mask there is always the same. */
static int
is_void(const struct flp_journal *j, size_t i)
{
	const struct flp_journal_entry *old = &j->entry[i];

	if (old->graph == NULL && strcmp(old->verb, "advertise") != 0)
		return 0;
	for (size_t k = i + 1; k < j->n; k++)
		if (strcmp(j->entry[k].verb, "advertise") == 0 && same_round(old, &j->entry[k]))
			return 1;
	return 0;
}

/* A round may be begun anew while this client has not signed whose updates are added: until then
 * its secrets are its own, and are erased when it goes on. */
static int
check_anew(const struct flp_journal *j, const struct flp_journal_entry *entry,
    struct flp_error *e)
{
	for (size_t i = 0; i < j->n; i++)
		if (strcmp(j->entry[i].verb, "confirm") == 0 && same_round(&j->entry[i], entry) &&
		    !is_void(j, i))
			return flp_error_bad(e, "%s: expected a round in which this client has not confirmed "
			    "survivors, found that it has: the difference of two sums would tell what a client "
			    "sent that is in only one of them", entry->verb);
	return 0;
}

/* A message of the same step that was sent before: 1 if it is this one. */
static int
compare(const struct flp_journal_entry *old, const struct flp_journal_entry *entry,
    struct flp_error *e)
{
	const struct {
		const char *what, *was, *is;
	} rows[] = {
		{ "base", old->base, entry->base },
		{ "graph", old->graph, entry->graph },
		{ "survivors", old->survivors, entry->survivors },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (!flp_journal_same(rows[i].was, rows[i].is))
			return flp_error_bad(e, "%s: %s: expected %.*s, for which a message was sent before, "
			    "found %.*s", entry->verb, rows[i].what, SHOWN, or_none(rows[i].was), SHOWN,
			    or_none(rows[i].is));
	return flp_journal_same(old->input, entry->input) ? 1 : flp_error_bad(e, "%s: input: expected "
	    "that of which a message was sent before, found another", entry->verb);
}

/* 1 if the message was sent before, 0 if another may be sent. */
static int
check_rounds(const struct flp_journal *j, const struct flp_journal_entry *entry, size_t *again,
    struct flp_error *e)
{
	uint64_t last = 0;

	for (size_t i = 0; i < j->n; i++) {
		const struct flp_journal_entry *old = &j->entry[i];

		if (!flp_journal_same(old->verb, entry->verb) ||
		    !flp_journal_same(old->session, entry->session) ||
		    !flp_journal_same(old->purpose, entry->purpose))
			continue;
		if (old->round == entry->round && flp_journal_same(old->roster, entry->roster) &&
		    !is_void(j, i)) {
			*again = i;
			if (compare(old, entry, e) < 0)
				return -1;
			return entry->anew ? check_anew(j, entry, e) : 1;
		}
		last = old->round > last ? old->round : last;
	}
	return entry->round >= last ? 0 : flp_error_bad(e, "%s: expected a round not below %llu, the "
	    "last one", entry->verb, (unsigned long long)last);
}

/* Whoever takes part in a round of fleet mode does not mask for all members beside it. */
static int
check_mode(const struct flp_journal *j, const struct flp_journal_entry *entry,
    struct flp_error *e)
{
	for (size_t i = 0; i < j->n && entry->graph == NULL && strcmp(entry->verb, "apply") == 0; i++)
		if (strcmp(j->entry[i].verb, "advertise") == 0 && same_round(&j->entry[i], entry))
			return flp_error_bad(e, "apply: expected the graph of this round, in which this "
			    "client has advertised, found none (see --graph)");
	return 0;
}

static int
check_roster(const struct flp_journal *j, const struct flp_journal_entry *entry,
    struct flp_error *e)
{
	const struct flp_journal_entry *last = NULL;

	for (size_t i = 0; i < j->n; i++)
		if (flp_journal_same(j->entry[i].session, entry->session))
			last = &j->entry[i];
	if (last == NULL)
		return entry->instead == NULL ? 0 : flp_error_bad(e, "expected no roster to replace in a "
		    "session in which this site has sent nothing");
	if (flp_journal_same(last->roster, entry->roster))
		return 0;
	if (find_replaced(j, entry, entry->roster) != NULL)
		return flp_error_bad(e, "expected the roster %.*s, found %.*s, which it replaced", SHOWN,
		    or_none(last->roster), SHOWN, or_none(entry->roster));
	if (entry->instead != NULL && flp_journal_same(entry->instead, last->roster))
		return 0;
	return flp_error_bad(e, "expected the roster %.*s, under which this site has sent before, "
	    "found %.*s: another roster needs the leave of each member that is gone", SHOWN,
	    or_none(last->roster), SHOWN, or_none(entry->roster));
}

static int
check_left(const struct flp_journal *j, const struct flp_journal_entry *entry,
    struct flp_error *e)
{
	for (size_t i = 0; i < j->n; i++) {
		const struct flp_journal_entry *old = &j->entry[i];

		if (strcmp(old->verb, "leave") == 0 && flp_journal_same(old->session, entry->session) &&
		    flp_journal_same(old->roster, entry->roster) && old->round <= entry->round)
			return flp_error_bad(e, "this site has signed that it left the roster in round %llu",
			    (unsigned long long)old->round);
	}
	return 0;
}

static int
check_weights(const struct flp_journal *j, const struct flp_journal_entry *entry,
    struct flp_error *e)
{
	for (size_t i = 0; i < j->n; i++) {
		const struct flp_journal_entry *old = &j->entry[i];

		if (entry->weights == NULL || !flp_journal_same(old->weights, entry->weights) ||
		    is_void(j, i))
			continue;
		if (!flp_journal_same(old->base, entry->base))
			return flp_error_bad(e, "expected other weights: those of the model %.*s were used "
			    "before, in the model %.*s of session %s", SHOWN, or_none(entry->base), SHOWN,
			    or_none(old->base), old->session);
		if (old->members != NULL && entry->members != NULL &&
		    !flp_journal_same(old->members, entry->members) && !is_unopened(j, entry, old))
			return flp_error_bad(e, "expected other weights: those of this model were used with "
			    "other members, in session %s, round %llu, so the two sums would differ by what "
			    "a member sends", old->session, (unsigned long long)old->round);
	}
	return 0;
}

int
flp_permit_message(const struct flp_journal *j, const struct flp_journal_entry *entry,
    size_t *again, struct flp_error *e)
{
	int sent = check_rounds(j, entry, again, e);

	if (sent > 0)
		return 1;
	if (sent < 0 || check_mode(j, entry, e) < 0 || check_roster(j, entry, e) < 0 ||
	    check_left(j, entry, e) < 0 || check_weights(j, entry, e) < 0)
		return refuse(entry, e);
	return 0;
}

int
flp_permit_leave(const struct flp_journal *j, const struct flp_journal_entry *entry,
    size_t *again, struct flp_error *e)
{
	for (size_t i = 0; i < j->n; i++) {
		const struct flp_journal_entry *old = &j->entry[i];

		if (!flp_journal_same(old->session, entry->session) ||
		    !flp_journal_same(old->roster, entry->roster) || old->round < entry->round)
			continue;
		if (strcmp(old->verb, "leave") != 0) {
			flp_error_bad(e, "leave: expected that this site has sent nothing in this round "
			    "or later, found a message of %s in round %llu: a sum with it and a sum without "
			    "it would tell what it sent", old->verb, (unsigned long long)old->round);
			return refuse(entry, e);
		}
		if (old->round == entry->round) {
			*again = i;
			return 1;
		}
	}
	return 0;
}

int
flp_permit_weights(const struct flp_record *model, struct flp_digest *weights,
    struct flp_error *e)
{
	const struct flp_header *h = &model->header;
	struct flp_kdf k;
	int any = 0;

	if (h->kind == FLP_KIND_STATS)
		return flp_record_digest(model, weights, e);
	flp_kdf_begin(&k, NULL, "weights");
	for (size_t i = 0; i < h->tensors; i++) {
		const struct flp_tensor *t = &h->tensor[i];

		if (flp_tensor_describes(t))
			continue;
		any = 1;
		flp_kdf_text(&k, t->name);
		flp_kdf_text(&k, flp_dtype_name(t->dtype));
		flp_kdf_u64(&k, t->rank);
		for (unsigned d = 0; d < t->rank; d++)
			flp_kdf_u64(&k, t->dims[d]);
		flp_kdf_bytes(&k, model->values[i], (size_t)t->bytes);
	}
	flp_kdf_end(&k, weights->byte);
	return any ? 0 : flp_error_bad(e, "tensors: expected values, found only descriptions");
}
