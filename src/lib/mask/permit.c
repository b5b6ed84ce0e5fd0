#include "mask/permit.h"
#include "base/memory.h"
#include "mask/journal_digest.h"
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
 * purpose, and those of a fleet, which need not all members. */
static int
closes(const struct flp_journal_entry *by, const struct flp_journal_entry *old)
{
	return old->graph == NULL && replaces(by, old->session, old->roster) &&
	    flp_journal_same(by->purpose, old->purpose) && old->round >= by->round;
}

/* The two sums may differ only in the members who have signed this. If others have gone since, or
 * the new sum is of another session, then a member who signed falsely would open the difference,
 * which is what an honest member sent. */
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

/* Rounds of a session are numbered together, those of updates and of statistics each. */
static int
same_series(const struct flp_journal_entry *a, const struct flp_journal_entry *b)
{
	return flp_journal_same(a->session, b->session) && flp_journal_same(a->purpose, b->purpose);
}

static int
same_round(const struct flp_journal_entry *a, const struct flp_journal_entry *b)
{
	return a->round == b->round && same_series(a, b);
}

static int
is_fleet(const struct flp_journal_entry *entry)
{
	return entry->graph != NULL || strcmp(entry->verb, "advertise") == 0;
}

/* Whether a client has given up the attempt at a round to which entry i belongs: it has advertised
 * for that round again since. What a site has sent in silo mode stays sent: its mask there is
 * always the same. */
static int
is_void(const struct flp_journal *j, size_t i)
{
	const struct flp_journal_entry *old = &j->entry[i];

	for (size_t k = i + 1; k < j->n && is_fleet(old); k++)
		if (strcmp(j->entry[k].verb, "advertise") == 0 && same_round(old, &j->entry[k]) &&
		    flp_journal_same(old->roster, j->entry[k].roster))
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
			    "survivors, found one in which it has: that round may still be opened, so take "
			    "part in a later one, of a model with other parameters", entry->verb);
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
			return flp_error_bad(e, "%s: %s: expected %.*s, for which this site has answered in "
			    "this round, found %.*s: another one needs a later round or another session",
			    entry->verb, rows[i].what, SHOWN, or_none(rows[i].was), SHOWN, or_none(rows[i].is));
	return flp_journal_same(old->input, entry->input) ? 1 : flp_error_bad(e, "%s: expected the "
	    "input of the message that was sent before, found another input or other options",
	    entry->verb);
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

/* 1 if the message was sent before, 0 if it was not or if the round may begin again. */
static int
check_again(const struct flp_journal *j, const struct flp_journal_entry *entry, size_t *again,
    struct flp_error *e)
{
	for (size_t i = 0; i < j->n; i++) {
		const struct flp_journal_entry *old = &j->entry[i];

		if (!flp_journal_same(old->verb, entry->verb) || !same_round(old, entry) ||
		    !flp_journal_same(old->roster, entry->roster) || is_void(j, i))
			continue;
		*again = i;
		if (compare(old, entry, e) < 0)
			return tell_sent(j, i, e);
		return entry->anew ? check_anew(j, entry, e) : 1;
	}
	return 0;
}

/* A new message is not of a round before the last one. */
static int
check_rounds(const struct flp_journal *j, const struct flp_journal_entry *entry,
    struct flp_error *e)
{
	uint64_t last = 0;

	for (size_t i = 0; i < j->n; i++)
		if (flp_journal_same(j->entry[i].verb, entry->verb) && same_series(&j->entry[i], entry) &&
		    j->entry[i].round > last)
			last = j->entry[i].round;
	return entry->round >= last ? 0 : flp_error_bad(e, "%s: expected round %llu or a later one, "
	    "because this site has answered in round %llu", entry->verb,
	    (unsigned long long)last, (unsigned long long)last);
}

/* Whoever takes part in a round of fleet mode does not mask for all members beside it, and takes
 * part under one roster. */
static int
check_mode(const struct flp_journal *j, const struct flp_journal_entry *entry,
    struct flp_error *e)
{
	for (size_t i = 0; i < j->n; i++) {
		const struct flp_journal_entry *old = &j->entry[i];

		if (!is_fleet(old) || !same_round(old, entry))
			continue;
		if (!is_fleet(entry))
			return flp_error_bad(e, "%s: expected the graph of this round, in which this client "
			    "has advertised, found none (see --graph)", entry->verb);
		if (!flp_journal_same(old->roster, entry->roster))
			return flp_error_bad(e, "%s: expected the roster %.*s, under which this client takes "
			    "part in this round, found %.*s: take part in a later round", entry->verb, SHOWN,
			    or_none(old->roster), SHOWN, or_none(entry->roster));
	}
	return 0;
}

/* The roster that the session is pinned to is that of the last message of a round. A leave changes
 * nothing: it only promises. */
static int
check_roster(const struct flp_journal *j, const struct flp_journal_entry *entry,
    struct flp_error *e)
{
	const struct flp_journal_entry *last = NULL;

	for (size_t i = 0; i < j->n; i++)
		if (flp_journal_same(j->entry[i].session, entry->session) &&
		    strcmp(j->entry[i].verb, "leave") != 0)
			last = &j->entry[i];
	if (last == NULL)
		return entry->instead == NULL ? 0 : flp_error_bad(e, "option --instead: expected none, "
		    "since this site has sent nothing in this session, found one");
	if (flp_journal_same(last->roster, entry->roster))
		return 0;
	if (was_replaced(j, entry, entry->roster))
		return flp_error_bad(e, "expected the roster %.*s, found %.*s, which it replaced", SHOWN,
		    or_none(last->roster), SHOWN, or_none(entry->roster));
	if (entry->instead != NULL && flp_journal_same(entry->instead, last->roster))
		return 0;
	return flp_error_bad(e, "expected the roster %.*s, under which this site has sent before, "
	    "found %.*s: another roster needs the leave of each member that is gone (see --instead and "
	    "--left)", SHOWN, or_none(last->roster), SHOWN, or_none(entry->roster));
}

static const char *
called(const struct flp_journal_entry *entry)
{
	return flp_journal_same(entry->purpose, "stats") ? " of statistics" : "";
}

static int
check_left(const struct flp_journal *j, const struct flp_journal_entry *entry,
    struct flp_error *e)
{
	for (size_t i = 0; i < j->n; i++) {
		const struct flp_journal_entry *old = &j->entry[i];

		if (strcmp(old->verb, "leave") == 0 && same_series(old, entry) &&
		    (entry->roster == NULL || flp_journal_same(old->roster, entry->roster)) &&
		    old->round <= entry->round)
			return flp_error_bad(e, "expected a round before %llu%s, since this site has signed "
			    "that it leaves the roster from then on, found round %llu",
			    (unsigned long long)old->round, called(old), (unsigned long long)entry->round);
	}
	return 0;
}

/* Whether two masked records of this site, which have weights, are updates for the same parameters,
 * or statistics with a column in common. */
static int
shares_values(const struct flp_journal_entry *old, const struct flp_journal_entry *entry)
{
	const char *a = old->weights, *b = entry->weights;
	size_t a_n = strlen(a) / FLP_JOURNAL_COLUMN, b_n = strlen(b) / FLP_JOURNAL_COLUMN;

	if (!flp_journal_same(old->purpose, entry->purpose))
		return 0;
	if (!flp_journal_same(entry->purpose, "stats"))
		return flp_journal_same(a, b);
	for (size_t i = 0, k = 0; i < a_n && k < b_n;) {
		int order = memcmp(a + i * FLP_JOURNAL_COLUMN, b + k * FLP_JOURNAL_COLUMN,
		    FLP_JOURNAL_COLUMN);

		if (order == 0)
			return 1;
		i += order < 0;
		k += order > 0;
	}
	return 0;
}

/* The same parameters, in a model that differs in its metadata. */
static int
refuse_metadata(const struct flp_journal_entry *old, const struct flp_journal_entry *entry,
    struct flp_error *e)
{
	return flp_error_bad(e, "model %.*s: expected parameters for which this site has not masked "
	    "anything, found those of the model %.*s (session %s, round %llu) under other metadata: "
	    "take that model, or one with other parameters", SHOWN, or_none(entry->base), SHOWN,
	    or_none(old->base), old->session, (unsigned long long)old->round);
}

/* The same parameters or columns, with other members. */
static int
refuse_members(const struct flp_journal_entry *old, const struct flp_journal_entry *entry,
    struct flp_error *e)
{
	int stats = flp_journal_same(entry->purpose, "stats");

	return flp_error_bad(e, "%s: expected %s, found %s of session %s, round %llu, which had other "
	    "members: the two sums would differ by what one member sent, so take the same members as "
	    "then, or %s", stats ? "columns" : "model",
	    stats ? "columns that this site has not masked" :
	    "parameters for which this site has not masked anything", stats ? "some" : "those",
	    old->session, (unsigned long long)old->round, stats ? "leave these columns out" :
	    "a model with other parameters");
}

/* The same parameters or columns and the same members, but another record of this site. */
static int
refuse_input(const struct flp_journal_entry *old, const struct flp_journal_entry *entry,
    struct flp_error *e)
{
	int stats = flp_journal_same(entry->purpose, "stats");

	return flp_error_bad(e, "%s: expected %s that this site has masked for %s in session %s, round "
	    "%llu, found another: the two sums would differ by what this site has changed, so take %s",
	    stats ? "columns" : "model", stats ? "the statistics" : "the update",
	    stats ? "them" : "these parameters", old->session, (unsigned long long)old->round,
	    stats ? "another session" : "a model with other parameters");
}

/* Whether a site would send something else than before for the same parameters, or in the same
 * session for the same columns. In another session their statistics may be summed again: there is
 * no other way to learn what has changed. */
static int
is_other_input(const struct flp_journal_entry *old, const struct flp_journal_entry *entry,
    int shared)
{
	if (flp_journal_same(old->input, entry->input))
		return 0;
	if (!flp_journal_same(entry->purpose, "stats"))
		return shared;
	return same_series(old, entry) && flp_journal_same(old->base, entry->base);
}

/* Two entries that have weights. */
static int
compare_values(const struct flp_journal *j, const struct flp_journal_entry *old,
    const struct flp_journal_entry *entry, struct flp_error *e)
{
	int stats = flp_journal_same(entry->purpose, "stats"), shared = shares_values(old, entry);

	if (shared && !stats && !flp_journal_same(old->base, entry->base))
		return refuse_metadata(old, entry, e);
	if (shared && !flp_journal_same(old->members, entry->members) &&
	    !is_unopened(j, entry, old))
		return refuse_members(old, entry, e);
	return is_other_input(old, entry, shared) ? refuse_input(old, entry, e) : 0;
}

/* Whether an entry is void is asked last, since it takes long. */
static int
check_values(const struct flp_journal *j, const struct flp_journal_entry *entry,
    struct flp_error *e)
{
	for (size_t i = 0; i < j->n && entry->weights != NULL; i++)
		if (j->entry[i].weights != NULL && compare_values(j, &j->entry[i], entry, e) < 0 &&
		    !is_void(j, i))
			return -1;
	return 0;
}

int
flp_permit_message(const struct flp_journal *j, const struct flp_journal_entry *entry,
    size_t *again, struct flp_error *e)
{
	int sent = check_again(j, entry, again, e);

	if (sent > 0)
		return 1;
	if (sent < 0 || check_rounds(j, entry, e) < 0 || check_mode(j, entry, e) < 0 ||
	    check_roster(j, entry, e) < 0 || check_left(j, entry, e) < 0 ||
	    check_values(j, entry, e) < 0)
		return refuse(entry, e);
	return 0;
}

int
flp_permit_leave(const struct flp_journal *j, const struct flp_journal_entry *entry,
    size_t *again, struct flp_error *e)
{
	for (size_t i = 0; i < j->n; i++) {
		const struct flp_journal_entry *old = &j->entry[i];
		int left = strcmp(old->verb, "leave") == 0;

		if (!same_series(old, entry))
			continue;
		if (left && flp_journal_same(old->roster, entry->roster) && old->round == entry->round) {
			*again = i;
			return 1;
		}
		if (!left && old->round >= entry->round) {
			flp_error_bad(e, "leave: expected nothing sent in this round%s or later, found this "
			    "site's %s message of round %llu: a sum with that message and a sum without it "
			    "would give it away, so leave from a later round (--round)", called(old), old->verb,
			    (unsigned long long)old->round);
			return refuse(entry, e);
		}
	}
	return check_roster(j, entry, e) < 0 ? refuse(entry, e) : 0;
}

static int
digest_model(char weights[FLP_DIGEST_TEXT], const struct flp_record *model, struct flp_error *e)
{
	const struct flp_header *h = &model->header;
	struct flp_digest digest;
	struct flp_kdf k;
	int any = 0;

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
	flp_kdf_end(&k, digest.byte);
	flp_digest_text(&digest, weights);
	return any ? 0 : flp_error_bad(e, "tensors: expected values, found only descriptions");
}

char *
flp_permit_weights(const struct flp_record *model, const struct flp_record *stats,
    const struct flp_identity *id, struct flp_error *e)
{
	char weights[FLP_DIGEST_TEXT];

	if (model->header.kind == FLP_KIND_STATS)
		return flp_journal_columns(stats, id, e);
	return digest_model(weights, model, e) < 0 ? NULL :
	    flp_memory_text(weights, strlen(weights), e);
}
