/* permit: what a site may send after what it has sent, rule by rule. */
#include "mask/hidden.h"
#include "mask/permit.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

static struct flp_error e;
static struct flp_journal_entry sent[16]; /* in this order */
static struct flp_journal journal = { .entry = sent, .folder = (char[]){ "ash.state" } };

/* A round of a study of members M, with a roster R: masks of x1 for the weights w1. */
static struct flp_journal_entry
entry_of(uint64_t round)
{
	return (struct flp_journal_entry){ .verb = "apply", .session = "s", .roster = "R",
		.members = "M", .purpose = "update", .round = round, .base = "b1", .weights = "w1",
		.input = "x1" };
}

static void
begin(void)
{
	journal.n = 0;
}

static void
add(struct flp_journal_entry entry)
{
	entry.line = journal.n;
	sent[journal.n++] = entry;
}

/* 0 if it is new, 1 if it is `index` again, else -1. */
static int
may(struct flp_journal_entry entry, size_t index)
{
	size_t again = 99;
	int status = flp_permit_message(&journal, &entry, &again, &e);

	CHECK(status >= 0 || e.code == FLP_ERROR_BAD, "code %d", (int)e.code);
	CHECK(status != 1 || again == index, "%d: entry %zu", status, again);
	return status;
}

static int
leave(struct flp_journal_entry entry, const char *purpose)
{
	size_t again;

	entry.verb = "leave";
	entry.purpose = purpose;
	entry.base = entry.weights = NULL;
	return flp_permit_leave(&journal, &entry, &again, &e);
}

static int
may_leave(struct flp_journal_entry entry)
{
	return leave(entry, "update");
}

/* The same entry with another text, at that place, or of another round. */
static struct flp_journal_entry
with(struct flp_journal_entry entry, size_t at, const char *value)
{
	memcpy((char *)&entry + at, &value, sizeof value);
	return entry;
}

static struct flp_journal_entry
in_round(struct flp_journal_entry entry, uint64_t round)
{
	entry.round = round;
	return entry;
}

#define WITH(entry, field, value) with(entry, offsetof(struct flp_journal_entry, field), value)
#define NONE 99

static void
check_same_step(void)
{
	const struct flp_journal_entry first = entry_of(1);

	begin();
	CHECK(may(first, NONE) == 0, "%s", e.text);
	add(first);
	CHECK(may(first, 0) == 1, "again");
	CHECK(may(WITH(first, input, "x2"), 0) < 0 && strstr(e.text, "input") != NULL, "%s", e.text);
	CHECK(strstr(e.text, "x2") == NULL, "%s", e.text);
	CHECK(may(WITH(first, base, "b2"), 0) < 0 && strstr(e.text, "base") != NULL, "%s", e.text);
	CHECK(may(WITH(first, graph, "g"), 0) < 0 && strstr(e.text, "graph") != NULL, "%s", e.text);
	CHECK(may(WITH(first, survivors, "u"), 0) < 0 && strstr(e.text, "survivors") != NULL, "%s",
	    e.text);
	CHECK(may(WITH(first, purpose, "stats"), NONE) == 0, "%s", e.text);
	CHECK(may(WITH(first, verb, "share"), NONE) == 0, "%s", e.text);
}

static void
check_rounds(void)
{
	const struct flp_journal_entry next = WITH(WITH(entry_of(3), weights, "w3"), base, "b3");

	begin();
	add(entry_of(1));
	add(next);
	CHECK(may(entry_of(1), 0) == 1, "an old message again");
	CHECK(may(WITH(WITH(entry_of(2), weights, "w2"), base, "b2"), NONE) < 0 &&
	    strstr(e.text, "expected round 3 or a later one") != NULL, "%s", e.text);
	CHECK(may(WITH(WITH(entry_of(4), weights, "w4"), base, "b4"), NONE) == 0, "%s", e.text);
	CHECK(may(WITH(WITH(WITH(entry_of(2), weights, "w2"), base, "b2"), purpose, "stats"), NONE) == 0,
	    "%s", e.text);
}

static void
check_rosters(void)
{
	const struct flp_journal_entry other =
	    WITH(WITH(WITH(entry_of(1), roster, "S"), members, "N"), instead, "R");
	const struct flp_journal_entry third =
	    WITH(WITH(WITH(entry_of(1), roster, "T"), members, "O"), instead, "S");

	begin();
	CHECK(may(other, NONE) < 0, "leave of a roster that was never used");
	add(entry_of(1));
	CHECK(may(WITH(other, instead, NULL), NONE) < 0 && strstr(e.text, "roster") != NULL, "%s", e.text);
	CHECK(may(WITH(other, instead, "Q"), NONE) < 0, "leave of another roster");
	CHECK(may(in_round(other, 0), NONE) < 0 && strstr(e.text, "expected round 1 or a later one") != NULL,
	    "%s", e.text);
	CHECK(may(other, NONE) == 0, "%s", e.text);
	add(other);
	CHECK(may(other, 1) == 1, "again");
	CHECK(may(entry_of(1), 0) == 1, "what was sent under the old roster is sent already");
	CHECK(may(WITH(WITH(entry_of(2), weights, "w2"), base, "b2"), NONE) < 0, "the old roster");
	CHECK(may(WITH(WITH(WITH(entry_of(2), weights, "w2"), base, "b2"), instead, "S"), NONE) < 0,
	    "the old roster comes back");
	/* the first may have left falsely, and the second, who has sent under R, honestly */
	CHECK(may(third, NONE) < 0 && strstr(e.text, "members") != NULL, "%s", e.text);
	CHECK(may(WITH(WITH(third, weights, "w3"), base, "b3"), NONE) == 0, "%s", e.text);
	add(WITH(WITH(third, weights, "w3"), base, "b3"));
	CHECK(may(WITH(WITH(WITH(in_round(third, 2), weights, "w2"), base, "b2"), instead, NULL),
	    NONE) == 0, "%s", e.text);
	/* another session is another pin */
	CHECK(may(WITH(WITH(WITH(WITH(entry_of(1), session, "t"), roster, "Z"), weights, "w9"), base,
	    "b9"), NONE) == 0, "%s", e.text);
	CHECK(may(WITH(WITH(entry_of(2), roster, NULL), weights, "w2"), NONE) < 0, "no roster");
}

static void
check_weights(void)
{
	const struct flp_journal_entry other_session =
	    WITH(WITH(entry_of(1), session, "t"), roster, "S");

	begin();
	add(entry_of(1));
	CHECK(may(WITH(entry_of(2), base, "b2"), NONE) < 0 && strstr(e.text, "metadata") != NULL, "%s",
	    e.text);
	CHECK(may(WITH(other_session, base, "b2"), NONE) < 0 && strstr(e.text, "metadata") != NULL, "%s",
	    e.text);
	/* a new study of the same members with the same update is the same sum, and with another update
	 * it is not */
	CHECK(may(other_session, NONE) == 0, "%s", e.text);
	CHECK(may(WITH(other_session, input, "x2"), NONE) < 0 && strstr(e.text, "has changed") != NULL,
	    "%s", e.text);
	CHECK(may(WITH(entry_of(2), input, "x2"), NONE) < 0, "in a later round");
	CHECK(may(WITH(WITH(WITH(entry_of(2), input, "x2"), weights, "w2"), base, "b2"), NONE) == 0, "%s",
	    e.text);
	CHECK(may(WITH(other_session, members, "N"), NONE) < 0 && strstr(e.text, "members") != NULL, "%s",
	    e.text);
	CHECK(may(WITH(WITH(other_session, members, "N"), instead, "R"), NONE) < 0, "by a false leave");
	add(WITH(WITH(WITH(WITH(WITH(entry_of(1), roster, "Q"), members, "N"), instead, "R"), weights,
	    "w3"), base, "b3"));
	CHECK(may(WITH(other_session, members, "N"), NONE) < 0, "by a leave in one session");
	CHECK(may(WITH(other_session, members, "O"), NONE) < 0, "by a leave of somebody else");
	CHECK(may(WITH(WITH(WITH(other_session, members, "N"), weights, "w2"), base, "b2"), NONE) == 0,
	    "%s", e.text);
	CHECK(may(WITH(WITH(other_session, members, "N"), weights, NULL), NONE) == 0, "%s", e.text);
}

static void
check_leaves(void)
{
	begin();
	CHECK(may_leave(entry_of(1)) == 0, "%s", e.text);
	add(entry_of(1));
	CHECK(may_leave(entry_of(1)) < 0 && strstr(e.text, "apply") != NULL, "%s", e.text);
	CHECK(may_leave(entry_of(0)) < 0, "a round before");
	CHECK(may_leave(entry_of(2)) == 0, "%s", e.text);
	CHECK(may_leave(WITH(entry_of(1), session, "t")) == 0, "%s", e.text);
	CHECK(may_leave(WITH(entry_of(9), roster, "S")) < 0 && strstr(e.text, "roster") != NULL, "%s",
	    e.text);
	add(WITH(entry_of(2), verb, "leave"));
	CHECK(may_leave(entry_of(2)) == 1, "again");
	CHECK(may(WITH(WITH(entry_of(2), weights, "w2"), base, "b2"), NONE) < 0 &&
	    strstr(e.text, "it leaves the roster") != NULL, "%s", e.text);
	CHECK(may(WITH(WITH(entry_of(3), weights, "w2"), base, "b2"), NONE) < 0, "a round after");
	CHECK(may(entry_of(1), 0) == 1, "what was sent before");
}

/* A leave of statistics closes no sum of updates, and the other way round. */
static void
check_leaves_of_statistics(void)
{
	const struct flp_journal_entry stats = WITH(WITH(WITH(entry_of(1), purpose, "stats"), base,
	    "c"), weights, "aaaaaaaaaaaa bbbbbbbbbbbb ");
	const struct flp_journal_entry fewer = WITH(WITH(WITH(stats, roster, "S"), members, "N"),
	    instead, "R");

	begin();
	add(stats);
	CHECK(may_leave(entry_of(1)) == 0, "after statistics: %s", e.text);
	begin();
	add(entry_of(5));
	CHECK(may_leave(entry_of(1)) < 0 && strstr(e.text, "apply") != NULL, "%s", e.text);
	CHECK(leave(entry_of(1), "stats") == 0, "%s", e.text);
	add(WITH(WITH(entry_of(1), verb, "leave"), purpose, "stats"));
	CHECK(leave(entry_of(1), "stats") == 1, "again");
	CHECK(may(stats, NONE) < 0 && strstr(e.text, "of statistics") != NULL, "%s", e.text);
	CHECK(may(WITH(WITH(entry_of(6), weights, "w6"), base, "b6"), NONE) == 0, "%s", e.text);
	/* of those who stay */
	begin();
	add(entry_of(5));
	add(stats);
	CHECK(leave(entry_of(1), "stats") < 0 && leave(entry_of(2), "stats") == 0, "%s", e.text);
	CHECK(may(WITH(fewer, instead, NULL), NONE) < 0, "without a leave");
	CHECK(may(fewer, NONE) == 0, "%s", e.text);
	add(fewer);
	CHECK(may(WITH(WITH(WITH(entry_of(5), roster, "S"), members, "N"), instead, "R"), NONE) == 0,
	    "with a leave of the updates: %s", e.text);
	CHECK(may(WITH(WITH(entry_of(5), roster, "S"), members, "N"), NONE) < 0 &&
	    strstr(e.text, "parameters") != NULL, "%s", e.text);
}

/* Columns are recognised by their own digits, whatever other columns there are. */
static void
check_columns(void)
{
	const struct flp_journal_entry stats = WITH(WITH(WITH(entry_of(1), purpose, "stats"), base,
	    "c"), weights, "bbbbbbbbbbbb cccccccccccc ");
	const struct flp_journal_entry other = WITH(WITH(WITH(WITH(in_round(stats, 2), session, "t"),
	    roster, "S"), members, "N"), base, "d");
	static const char *const shared[] = { "bbbbbbbbbbbb ", "aaaaaaaaaaaa cccccccccccc ",
		"bbbbbbbbbbbb cccccccccccc dddddddddddd ", NULL };

	begin();
	add(stats);
	for (size_t i = 0; shared[i] != NULL; i++)
		CHECK(may(WITH(other, weights, shared[i]), NONE) < 0 &&
		    strstr(e.text, "which had other members") != NULL, "%zu: %s", i, e.text);
	CHECK(may(WITH(other, weights, "aaaaaaaaaaaa dddddddddddd "), NONE) == 0, "%s", e.text);
	CHECK(may(WITH(other, weights, ""), NONE) == 0, "%s", e.text);
	/* what has changed: not in the same session, and in another one only with the same members */
	CHECK(may(in_round(stats, 2), NONE) == 0, "%s", e.text);
	CHECK(may(WITH(WITH(in_round(stats, 2), input, "x2"), weights, "eeeeeeeeeeee "), NONE) < 0 &&
	    strstr(e.text, "another session") != NULL, "%s", e.text);
	CHECK(may(WITH(WITH(WITH(in_round(stats, 2), input, "x2"), session, "t"), roster, "S"), NONE) == 0,
	    "%s", e.text);
}

/* Fleet mode: an attempt is given up by another one under the same roster, and a round is of one
 * roster. */
static void
check_fleet(void)
{
	const struct flp_journal_entry advertise = WITH(WITH(WITH(entry_of(1), verb, "advertise"),
	    weights, NULL), members, NULL);
	const struct flp_journal_entry apply = WITH(WITH(entry_of(1), graph, "g"), members, "g");
	const struct flp_journal_entry confirm = WITH(WITH(WITH(WITH(apply, verb, "confirm"), weights,
	    NULL), members, NULL), survivors, "u");
	struct flp_journal_entry anew = advertise;

	begin();
	add(advertise);
	CHECK(may(entry_of(1), NONE) < 0 && strstr(e.text, "expected the graph of this round") != NULL, "%s",
	    e.text);
	add(apply);
	CHECK(may(WITH(WITH(advertise, roster, "S"), instead, "R"), NONE) < 0 &&
	    strstr(e.text, "takes part in this round") != NULL, "%s", e.text);
	CHECK(may(WITH(advertise, roster, NULL), NONE) < 0, "no roster");
	/* statistics under another roster pin the session to it, but do not allow anything else */
	add(WITH(WITH(WITH(WITH(WITH(entry_of(1), purpose, "stats"), weights, "aaaaaaaaaaaa "), roster,
	    "S"), members, "N"), instead, "R"));
	CHECK(may(WITH(advertise, roster, "S"), NONE) < 0, "the same round under another roster");
	CHECK(may(WITH(WITH(entry_of(2), roster, "S"), members, "N"), NONE) < 0 &&
	    strstr(e.text, "other members") != NULL, "%s", e.text);
	/* a leave closes the sums of silo mode alone */
	CHECK(may(WITH(WITH(WITH(entry_of(2), roster, "S"), members, "N"), instead, "R"), NONE) < 0,
	    "the same parameters");
	journal.n--;
	anew.anew = 1;
	CHECK(may(anew, 0) == 0, "%s", e.text);
	add(in_round(advertise, 3));
	CHECK(may(anew, 0) < 0 && strstr(e.text, "expected round 3 or a later one") != NULL, "%s", e.text);
	journal.n--;
	add(confirm);
	CHECK(may(anew, 0) < 0 && strstr(e.text, "has not confirmed survivors") != NULL, "%s", e.text);
	CHECK(may_leave(entry_of(1)) < 0, "leave of a round that it has answered");
	/* a leave does not move the pin */
	begin();
	add(entry_of(1));
	add(WITH(WITH(entry_of(9), verb, "leave"), roster, "S"));
	CHECK(may(WITH(WITH(WITH(WITH(entry_of(2), roster, "S"), members, "N"), weights, "w2"), base,
	    "b2"), NONE) < 0, "another roster");
	CHECK(may(WITH(WITH(entry_of(2), weights, "w2"), base, "b2"), NONE) == 0, "%s", e.text);
	/* lines that the rules above keep out, and that would free nothing either: another attempt under
	 * another roster, and a leave beside a fleet's round, which need not all members */
	begin();
	add(apply);
	add(WITH(advertise, roster, "S"));
	CHECK(may(WITH(WITH(entry_of(2), roster, "S"), members, "N"), NONE) < 0 &&
	    strstr(e.text, "other members") != NULL, "%s", e.text);
	begin();
	add(apply);
	add(WITH(WITH(WITH(WITH(WITH(entry_of(1), roster, "S"), members, "N"), instead, "R"), weights,
	    "w9"), base, "b9"));
	CHECK(may(WITH(WITH(entry_of(2), roster, "S"), members, "N"), NONE) < 0 &&
	    strstr(e.text, "other members") != NULL, "%s", e.text);
	/* nor does one free a client that trusts an authority, and has no roster */
	begin();
	add(WITH(apply, roster, NULL));
	CHECK(may_leave(entry_of(1)) < 0 && may_leave(entry_of(9)) < 0, "a session without a roster");
	begin();
	add(WITH(entry_of(2), verb, "leave"));
	CHECK(may(WITH(advertise, roster, NULL), NONE) == 0, "%s", e.text);
	CHECK(may(in_round(WITH(advertise, roster, NULL), 2), NONE) < 0, "after a leave");
}

static char *
weights_of(const struct flp_record *model)
{
	return flp_permit_weights(model, NULL, NULL, &e);
}

/* Two models of two tensors, of which one is a description. */
static void
check_digest(void)
{
	const uint64_t two = 2;
	char *first, *again;
	struct flp_record r;
	struct flp_header h;

	flp_header_init(&h, FLP_KIND_PARAMS);
	CHECK(flp_header_add(&h, "w", FLP_DTYPE_U8, 1, &two, &e) == 0 &&
	    flp_header_add(&h, ":names", FLP_DTYPE_U8, 1, &two, &e) == 0 &&
	    flp_record_new(&r, &h, &e) == 0, "%s", e.text);
	flp_header_free(&h);
	first = weights_of(&r);
	CHECK(first != NULL, "%s", e.text);
	CHECK(flp_meta_set_u64(&r.header.meta, "round", 9, &e) == 0, "%s", e.text);
	((char *)r.values[1])[0] = 'x';
	again = weights_of(&r);
	CHECK(again != NULL && strcmp(first, again) == 0, "other metadata");
	free(again);
	((char *)r.values[0])[1] = 1;
	again = weights_of(&r);
	CHECK(again != NULL && strcmp(first, again) != 0, "other values");
	free(again);
	free(first);
	flp_header_remove(&r.header, 0);
	free(r.values[0]);
	r.values[0] = r.values[1];
	CHECK(weights_of(&r) == NULL && e.code == FLP_ERROR_BAD, "no values");
	flp_record_free(&r);
}

int
main(void)
{
	CHECK(flp_hidden_begin(&e) == 0, "%s", e.text);
	check_same_step();
	check_rounds();
	check_rosters();
	check_weights();
	check_leaves();
	check_leaves_of_statistics();
	check_columns();
	check_fleet();
	check_digest();
	return unit_done();
}
