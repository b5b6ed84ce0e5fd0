/* permit-search RUNS: tests whether the rules of journals are enough together. Honest sites, and
 * some that collude with the server, follow random schedules: sums of silo and fleet mode, leaves
 * and new rosters, in several sessions, with the same parameters over and over. An honest site asks
 * its journal what the tool would ask; the others sign and send anything. All sums that could be
 * opened are collected. No combination of them may be what a single honest site has sent. */
#include "kernel/random.h"
#include "mask/permit.h"
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	HONEST = 4, SITES = 6, /* the others collude */
	ALL = (1 << SITES) - 1, GOOD = (1 << HONEST) - 1,
	STEPS = 60, SUMS = STEPS, /* a step opens one sum at most */
	LINES = 200, ROSTERS = 4,
	INPUTS = 2, /* updates that a site may have for the same parameters */
	COLUMNS = HONEST * INPUTS,
};

struct roster {
	int session, members, copy; /* members: a bit for each site */
};

/* An opened sum: which input of which honest site is in it. */
struct sum {
	int weights, stats;
	double of[COLUMNS];
};

static struct flp_random dice;
static struct flp_journal_entry line[HONEST][LINES];
static struct flp_journal journal[HONEST];
static struct roster roster[ROSTERS];
static struct sum sum[SUMS];
static size_t sums;
static int graphs, now;
static char texts[1 << 14][24];
static size_t some;

static int
below(int n)
{
	return (int)flp_random_below(&dice, (uint64_t)n);
}

/* A text that lasts until the end of the schedule. */
static const char *
text(const char *what, int a, int b, int c)
{
	char *to = texts[some];

	snprintf(to, sizeof *texts, "%s%d.%d.%d", what, a, b, c);
	for (size_t i = 0; i < some; i++)
		if (strcmp(texts[i], to) == 0)
			return texts[i];
	some++;
	return to;
}

static const char *
digest(const struct roster *r)
{
	return text("R", r->session, r->members, r->copy);
}

static struct flp_journal_entry
entry(const char *verb, const struct roster *r, int stats, int weights, int round)
{
	return (struct flp_journal_entry){ .verb = verb, .session = text("s", r->session, 0, 0),
		.roster = digest(r), .purpose = stats ? "stats" : "update", .round = (uint64_t)round,
		.base = text("b", stats, weights, 0), .input = text("x", 0, 0, 0) };
}

/* What parameters or columns an entry of apply is about: those of columns are as long as theirs. */
static const char *
values(int stats, int weights)
{
	return stats ? text("columns ", weights, 0, 0) : text("w", weights, 0, 0);
}

/* Asks the journal of an honest site, and writes the line if it is new. Returns what it says. */
static int
ask(int site, const struct flp_journal_entry *want)
{
	struct flp_journal *j = &journal[site];
	struct flp_error e;
	size_t again;
	int status = strcmp(want->verb, "leave") == 0 ? flp_permit_leave(j, want, &again, &e) :
	    flp_permit_message(j, want, &again, &e);

	CHECK(j->n < LINES, "a journal of %d lines", LINES);
	if (status == 0) {
		j->entry[j->n] = *want;
		j->entry[j->n++].over = 1;
	}
	return status;
}

static const struct flp_journal_entry *
find(int site, const char *verb, const struct flp_journal_entry *like)
{
	for (size_t i = 0; i < journal[site].n; i++) {
		const struct flp_journal_entry *old = &journal[site].entry[i];

		if (strcmp(old->verb, verb) == 0 && strcmp(old->roster, like->roster) == 0 &&
		    strcmp(old->purpose, like->purpose) == 0)
			if (strcmp(verb, "leave") == 0 ? old->round <= like->round :
			    old->round == like->round && strcmp(old->base, like->base) == 0 &&
			    old->graph == NULL)
				return old;
	}
	return NULL;
}

/* Notes the sum of these sites: entry `of` of each honest one. */
static void
note(int stats, int weights, int sites, const struct flp_journal_entry *const of[HONEST])
{
	struct sum *s = &sum[sums];

	*s = (struct sum){ .weights = weights, .stats = stats };
	for (int i = 0; i < HONEST; i++)
		if (sites >> i & 1)
			s->of[i * INPUTS + (of[i]->input[1] - '0')] = 1;
	sums++;
}

static int
count(int sites)
{
	return __builtin_popcount((unsigned)sites);
}

static int
pick_round(void)
{
	return below(2) ? now * 3 / STEPS : below(3);
}

/* Whether all honest members who are not in the new roster have left the old one. */
static int
have_left(const struct roster *old, const struct roster *new, const struct flp_journal_entry *want)
{
	struct flp_journal_entry like = *want;

	like.roster = digest(old);
	for (int i = 0; i < HONEST; i++)
		if ((old->members & ~new->members) >> i & 1 && find(i, "leave", &like) == NULL)
			return 0;
	return 1;
}

static int
has_sent(int site, const char *session)
{
	for (size_t i = 0; i < journal[site].n; i++)
		if (strcmp(journal[site].entry[i].session, session) == 0)
			return 1;
	return 0;
}

static void
play_silo(void)
{
	const struct roster *r = &roster[below(ROSTERS)], *old = &roster[below(ROSTERS)];
	int weights = below(4) == 0, stats = below(5) == 0, round = pick_round();
	int acts = below(3) ? GOOD : below(GOOD + 1), input = stats ? 0 : below(5) == 0;
	int instead = below(3) > 0 && old->session == r->session && old->members != r->members &&
	    (old->members & r->members) == r->members;
	const struct flp_journal_entry *of[HONEST] = { NULL };
	struct flp_journal_entry want = entry("apply", r, stats, weights, round);

	want.members = text("M", r->members, 0, 0);
	want.weights = values(stats, weights);
	if (instead && !have_left(old, r, &want))
		return;
	for (int i = 0; i < HONEST; i++) {
		struct flp_journal_entry own = want;

		own.input = text("x", below(3) ? input : 0, 0, 0);
		own.instead = instead && has_sent(i, own.session) ? digest(old) : NULL;
		if ((r->members & acts) >> i & 1)
			(void)ask(i, &own);
	}
	for (int i = 0; i < HONEST; i++)
		if (r->members >> i & 1 && (of[i] = find(i, "apply", &want)) == NULL)
			return;
	note(stats, weights, r->members, of);
}

static void
play_leave(void)
{
	const struct roster *r = &roster[below(ROSTERS)];
	int who = below(3) ? 1 << below(HONEST) : GOOD;
	struct flp_journal_entry want = entry("leave", r, below(2), 0, below(4));

	want.base = NULL;
	for (int i = 0; i < HONEST; i++)
		if ((r->members & who) >> i & 1)
			(void)ask(i, &want);
}

/* A round of fleet mode among clients that the server chooses, with at most one that colludes: all
 * clients hold shares of all, and two thirds and one must help. */
static void
play_fleet(void)
{
	const struct roster *r = &roster[below(ROSTERS)];
	int clients = r->members & (below(3) ? ALL : below(ALL + 1)), sent = clients & ~GOOD;
	int weights = below(4) == 0, stats = below(8) == 0, round = pick_round(), helpers;
	int told = below(3) ? GOOD : below(GOOD + 1), anew = below(2);
	const struct flp_journal_entry *of[HONEST] = { NULL };
	struct flp_journal_entry want = entry("advertise", r, stats, weights, round);

	if (count(clients) < 4 || count(clients & ~GOOD) > 1)
		return;
	want.anew = anew;
	for (int i = 0; i < HONEST; i++)
		if (clients >> i & 1 && ask(i, &want) < 0)
			return;
	want = entry("apply", r, stats, weights, round);
	want.graph = want.members = text("G", graphs++, 0, 0);
	want.weights = values(stats, weights);
	for (int i = 0; i < HONEST; i++) {
		want.input = text("x", stats ? 0 : below(4) == 0, 0, 0);
		if (clients >> i & 1 && ask(i, &want) == 0) {
			of[i] = &journal[i].entry[journal[i].n - 1];
			sent |= 1 << i;
		}
	}
	sent &= below(2) ? ALL : ~(1 << below(HONEST));
	helpers = count(sent & ~GOOD);
	want = entry("confirm", r, stats, weights, round);
	want.graph = text("G", graphs - 1, 0, 0);
	want.survivors = want.input = text("S", graphs, sent, 0);
	for (int i = 0; i < HONEST; i++)
		helpers += (sent & told) >> i & 1 && ask(i, &want) == 0;
	if (helpers >= 2 * count(clients) / 3 + 1 && count(sent & GOOD) >= 2)
		note(stats, weights, sent, of);
}

static void
swap_rows(double a[COLUMNS], double b[COLUMNS])
{
	for (int k = 0; k < COLUMNS; k++) {
		double swap = a[k];

		a[k] = b[k];
		b[k] = swap;
	}
}

static void
take_away(double from[COLUMNS], const double row[COLUMNS], double times)
{
	for (int k = 0; k < COLUMNS; k++)
		from[k] -= times * row[k];
}

/* The rank of the sums of some parameters without the columns of one honest site (-1: with all). */
static int
rank(int stats, int weights, int without)
{
	double row[SUMS][COLUMNS];
	int n = 0, found = 0;

	for (size_t i = 0; i < sums; i++)
		if (sum[i].stats == stats && sum[i].weights == weights)
			memcpy(row[n++], sum[i].of, sizeof *row);
	for (int c = 0; c < COLUMNS; c++) {
		int at = found;

		while (at < n && fabs(row[at][c]) < 1e-9)
			at++;
		if (c / INPUTS == without || at == n)
			continue;
		swap_rows(row[at], row[found]);
		for (int i = found + 1; i < n; i++)
			take_away(row[i], row[found], row[i][c] / row[found][c]);
		found++;
	}
	return found;
}

/* The combinations of the sums that hold one site alone have a rank of their own. */
static int
is_alone(int stats, int weights)
{
	int all = rank(stats, weights, -1);

	for (int i = 0; i < HONEST; i++)
		if (rank(stats, weights, i) < all)
			return 1;
	return 0;
}

static struct roster
new_roster(void)
{
	struct roster r;

	do
		r = (struct roster){ below(12) == 0, below(ALL + 1), below(10) == 0 };
	while (count(r.members) < 3 || count(r.members & GOOD) < 2);
	return r;
}

/* Rosters, one of which is often another one without a member. */
static void
make_rosters(void)
{
	for (int i = 0; i < ROSTERS; i++) {
		struct roster *r = &roster[i];
		int gone = 1 << below(SITES);

		*r = i == 0 ? (struct roster){ .members = below(3) ? ALL >> 1 : ALL } : new_roster();
		if (i > 0 && below(4)) {
			*r = roster[below(i)];
			if (count(r->members & ~gone) >= 3 && count(r->members & ~gone & GOOD) >= 2)
				r->members &= ~gone;
		}
	}
}

static int
play(void)
{
	int alone = 0;

	for (int i = 0; i < HONEST; i++)
		journal[i] = (struct flp_journal){ .folder = (char[]){ "x" }, .entry = line[i] };
	sums = some = 0;
	graphs = 0;
	make_rosters();
	for (now = 0; now < STEPS; now++) {
		int what = below(10);

		if (what < 6)
			play_silo();
		else if (what < 8)
			play_leave();
		else
			play_fleet();
	}
	for (int stats = 0; stats < 2; stats++)
		for (int weights = 0; weights < 2; weights++)
			alone += is_alone(stats, weights);
	return alone;
}

int
main(int argc, char **argv)
{
	long runs = argc > 1 ? atol(argv[1]) : 2000, opened = 0;

	for (long i = 0; i < runs; i++) {
		flp_random_init(&dice, (uint64_t)i, 0, 0, FLP_PURPOSE_SAMPLE);
		CHECK(play() == 0, "schedule %ld: the update of one site follows from the sums", i);
		opened += (long)sums;
	}
	CHECK(opened > runs / 2, "%ld sums in %ld schedules", opened, runs);
	return unit_done();
}
