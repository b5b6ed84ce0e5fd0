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

/* Returns 1 if a message was made under a roster that replaces this one. */
static int
replaces(const struct flp_journal_entry *by, const char *session, const char *roster)
{
	return roster != NULL && flp_journal_same(by->session, session) &&
	    flp_journal_same(by->instead, roster);
}

/* Returns 1 if a roster of the session was replaced, by this entry or by one in the journal. */
static int
was_replaced(const struct flp_journal *j, const struct flp_journal_entry *entry,
    const char *roster)
{
	for (size_t i = 0; i < j->n; i++)
		if (replaces(&j->entry[i], entry->session, roster))
			return 1;
	return replaces(entry, entry->session, roster);
}

/* Returns 1 if the message `by` shows that the earlier one, `old`, can't be in an opened sum. That
 * is so if a member that is gone has signed that it sends nothing in the round of `by` or later,
 * and `old` is of the same purpose and of that round or a later one. Sums of earlier rounds may
 * have been opened, and so may sums of the other purpose, and those of fleets, which do not need
 * all members. */
static int
closes(const struct flp_journal_entry *by, const struct flp_journal_entry *old)
{
	return old->graph == NULL && replaces(by, old->session, old->roster) &&
	    flp_journal_same(by->purpose, old->purpose) && old->round >= by->round;
}

/* Returns 1 if the sum of `old` stays closed. The two sums may differ only by the members who have
 * signed for that. If more members have gone since, or the new sum is of another session, then with
 * one false signature both sums could be opened, and their difference could be what an honest
 * member sent. */
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

/* The rounds of updates in a session are one series of numbers, and those of statistics another. */
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

/* Returns 1 if entry i belongs to an attempt at a round that this client has given up, since it has
 * advertised for that round again. In silo mode no attempt is given up, since the mask of a round
 * is always the same. */
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

/* A round may begin anew until this client has confirmed survivors: before that it has not revealed
 * a share, and its secrets are erased when the round begins anew. */
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

/* Compares the entry with a message of the same step that was sent before. Returns 1 if it is the
 * same message. */
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

/* Names the file of the message that was sent, if it is still kept. */
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

/* Refuses a new message of a round before the last one. */
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

/* A client that takes part in a round of fleet mode takes part in it under one roster, and does not
 * take part in the same round in silo mode. */
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

/* The session is pinned to the roster of the last message that is not a leave. A leave is only a
 * promise, so it does not change the pin. */
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

/* Returns 1 if two masked records of this site are updates for the same parameters, or statistics
 * with a column in common. Both entries have `weights`. */
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

/* The error for the same parameters in a model with other metadata. */
static int
refuse_metadata(const struct flp_journal_entry *old, const struct flp_journal_entry *entry,
    struct flp_error *e)
{
	return flp_error_bad(e, "model %.*s: expected parameters for which this site has not masked "
	    "anything, found those of the model %.*s (session %s, round %llu) under other metadata: "
	    "take that model, or one with other parameters", SHOWN, or_none(entry->base), SHOWN,
	    or_none(old->base), old->session, (unsigned long long)old->round);
}

/* The error for the same parameters or columns with other members. */
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

/* The error for another record of this site for the same parameters or columns and members. */
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

/* Returns 1 if the site would send another record than before for the same parameters or, in the
 * same session, for the same columns. In another session statistics of the same columns may be
 * summed again: that is the only way to learn what has changed. */
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

/* Compares two entries that have `weights`. */
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

/* is_void comes last because it is slow. */
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
