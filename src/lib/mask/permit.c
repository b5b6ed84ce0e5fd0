#include "mask/permit.h"
#include "mask/kdf.h"

#include <limits.h>
#include <stdio.h>
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

/* Whether a message was made under a roster in place of that one. */
static int
replaces(const struct flp_journal_entry *by, const char *session, const char *roster)
{
	return roster != NULL && flp_journal_same(by->session, session) &&
	    flp_journal_same(by->instead, roster);
}

/* Whether a roster of the session was given up for a later one: by this entry or one before. */
static int
was_replaced(const struct flp_journal *j, const struct flp_journal_entry *entry,
    const char *roster)
{
	for (size_t i = 0; i < j->n; i++)
		if (replaces(&j->entry[i], entry->session, roster))
			return 1;
	return replaces(entry, entry->session, roster);
}

/* Whether that message shows that an earlier one can't be in a sum: it is of a round of the same
 * purpose, and not of a later one, and a member that is gone has signed for it that it sends
 * nothing in it or later. Sums of the rounds before may be open, and so may those of the other
 * purpose. */
static int
closes(const struct flp_journal_entry *by, const struct flp_journal_entry *old)
{
	return replaces(by, old->session, old->roster) &&
	    flp_journal_same(by->purpose, old->purpose) && old->round >= by->round;
}

/* The members who have signed that must be those in whom the two sums would differ. If others have
 * gone since, or the new sum is of another session, then whoever signed falsely would open the
 * difference, which is what an honest member sent. */
static int
is_unopened(const struct flp_journal *j, const struct flp_journal_entry *entry,
    const struct flp_journal_entry *old)
{
	if (!flp_journal_same(old->session, entry->session))
		return 0;
	for (size_t i = 0; i < j->n; i++)
		if (flp_journal_same(j->entry[i].members, entry->members) && closes(&j->entry[i], old))
			return 1;
	return closes(entry, old);
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
	return flp_journal_same(old->input, entry->input) ? 1 : flp_error_bad(e, "%s: expected the "
	    "input of the message that was sent before, found another", entry->verb);
}

/* Names the file of what was sent, if it is still kept. */
static int
tell_sent(const struct flp_journal *j, size_t i, struct flp_error *e)
{
	char text[PATH_MAX + 128];

	if (j->entry[i].over)
		return -1;
	snprintf(text, sizeof text, "to send that message again, send the file %s/%zu.sent",
	    j->folder, j->entry[i].line);
	return flp_error_add(e, text);
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
				return tell_sent(j, i, e);
			return entry->anew ? check_anew(j, entry, e) : 1;
		}
		last = old->round > last ? old->round : last;
	}
	return entry->round >= last ? 0 : flp_error_bad(e, "%s: expected round %llu or a later one, "
	    "because this site has answered in round %llu", entry->verb,
	    (unsigned long long)last, (unsigned long long)last);
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
	if (was_replaced(j, entry, entry->roster))
		return flp_error_bad(e, "expected the roster %.*s, found %.*s, which it replaced", SHOWN,
		    or_none(last->roster), SHOWN, or_none(entry->roster));
	if (entry->instead != NULL && flp_journal_same(entry->instead, last->roster))
		return 0;
	return flp_error_bad(e, "expected the roster %.*s, under which this site has sent before, "
	    "found %.*s: another roster needs the leave of each member that is gone", SHOWN,
	    or_none(last->roster), SHOWN, or_none(entry->roster));
}

/* Whether rounds are of the same purpose: a leave without one is of all. */
static int
same_kind(const struct flp_journal_entry *a, const struct flp_journal_entry *b)
{
	return a->purpose == NULL || b->purpose == NULL || flp_journal_same(a->purpose, b->purpose);
}

static int
check_left(const struct flp_journal *j, const struct flp_journal_entry *entry,
    struct flp_error *e)
{
	for (size_t i = 0; i < j->n; i++) {
		const struct flp_journal_entry *old = &j->entry[i];

		if (strcmp(old->verb, "leave") == 0 && flp_journal_same(old->session, entry->session) &&
		    flp_journal_same(old->roster, entry->roster) && same_kind(old, entry) &&
		    old->round <= entry->round)
			return flp_error_bad(e, "this site has signed that it left the roster in round %llu%s",
			    (unsigned long long)old->round, old->purpose != NULL ? " of statistics" : "");
	}
	return 0;
}

/* The same weights, in a model that differs in its metadata. */
static int
refuse_metadata(const struct flp_journal_entry *old, const struct flp_journal_entry *entry,
    struct flp_error *e)
{
	return flp_error_bad(e, "model: expected weights for which this site has not masked anything, "
	    "found those of the model %.*s, for which it has in session %s, round %llu, under other "
	    "metadata, in the model %.*s: take the model of that round, or one with other weights",
	    SHOWN, or_none(old->base), old->session, (unsigned long long)old->round, SHOWN,
	    or_none(entry->base));
}

/* The same weights or columns, with other members. */
static int
refuse_members(const struct flp_journal_entry *old, const struct flp_journal_entry *entry,
    struct flp_error *e)
{
	int stats = flp_journal_same(entry->purpose, "stats");

	return flp_error_bad(e, "%s: expected %s, found those that were in session %s, round %llu, with "
	    "other members: the two sums would differ by what a member sends, so sum %s",
	    stats ? "columns" : "model", stats ? "columns that this site has not masked" :
	    "weights for which this site has not masked anything", old->session,
	    (unsigned long long)old->round, stats ?
	    "them with the same members, or other columns with these" :
	    "updates of this model with the same members, or those of a model with other weights");
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
			return refuse_metadata(old, entry, e);
		if (old->members != NULL && entry->members != NULL &&
		    !flp_journal_same(old->members, entry->members) &&
		    !is_unopened(j, entry, old))
			return refuse_members(old, entry, e);
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
		    !flp_journal_same(old->roster, entry->roster) ||
		    old->round < entry->round || !same_kind(old, entry))
			continue;
		if (strcmp(old->verb, "leave") != 0) {
			int stats = entry->purpose == NULL && flp_journal_same(old->purpose, "stats");

			flp_error_bad(e, "leave: expected that this site has sent nothing in this round "
			    "or later, found a message of %s in round %llu%s: a sum with it and a sum without "
			    "it would tell what it sent", old->verb, (unsigned long long)old->round,
			    stats ? " of statistics" : "");
			return refuse(entry, e);
		}
		if (old->round == entry->round && flp_journal_same(old->purpose, entry->purpose)) {
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
