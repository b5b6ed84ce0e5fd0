/* The messages of fleet mode: a round (fleet-world.h) in which one message is not what its sender
 * has made. It is refused with a sentence, or the round goes on; and if a sum opens, it is the
 * right one. */
#include "fleet-world.h"

/* What server and clients do with messages, of which one may be false: each function takes that
 * one and the index of its sender, or N. 0 if it was refused, which is_error has looked at. */

static int
refused(const struct flp_error *e)
{
	is_error(e);
	return 0;
}

/* The message, as it was read; 0 if it was refused. */
static int
load(struct flp_record *to, const struct flp_record *message, enum flp_message m,
    const struct flp_round *round)
{
	struct flp_error e;
	struct arrival a;
	int status;

	if (!arrives(&a, message))
		return 0;
	if ((status = flp_message_load(to, a.reader, a.header, m, round, &e)) < 0)
		is_error(&e);
	edits_arrived(&a);
	return status == 0;
}

static int
take_advertised(const struct flp_record *message, size_t from)
{
	const struct flp_trust trust = { &f.roster, NULL };
	struct flp_finder rule = f.rule;
	struct flp_bad bad = { 0 };
	struct flp_record taken, record;
	struct flp_advertised a;
	struct flp_gathering made;
	struct flp_error e;
	int status;

	if (!load(&taken, message, FLP_MESSAGE_ADVERTISE, &f.round))
		return 0;
	flp_advertised_begin(&a, &f.round, &trust);
	status = flp_advertised_add(&a, &taken, &e) == 0 ? 1 : refused(&e);
	for (size_t i = 0; i < N; i++)
		if (i != from && flp_advertised_add(&a, &f.client[i].advertised, &e) < 0)
			is_error(&e);
	if (flp_advertised_graph(&a, &record, &rule, &bad, &e) < 0)
		is_error(&e);
	else { /* what the server makes of it, each client takes */
		must(flp_gathering_take(&made, &record, &f.round, &trust, &f.rule, &e) == 0);
		flp_gathering_free(&made);
	}
	flp_advertised_end(&a);
	flp_record_free(&taken);
	return status;
}

static int
take_graph(const struct flp_record *message, const struct fleet *fleet)
{
	struct flp_gathering other;
	struct flp_record taken;
	struct flp_error e;
	uint32_t *holder;

	if (!load(&taken, message, FLP_MESSAGE_GRAPH, &fleet->round))
		return 0;
	if (flp_gathering_take(&other, &taken, &fleet->round, &fleet->trust, &fleet->rule, &e) < 0)
		return refused(&e);
	must(other.n >= 3 && other.n <= N && other.threshold == 2 * other.n / 3 + 1);
	holder = NEW(other.holders, sizeof *holder);
	for (size_t i = 0; i < other.n; i++)
		flp_gathering_holders(&other, i, holder);
	free(holder);
	flp_gathering_free(&other);
	return 1;
}

static int
take_masked(const struct flp_record *message, size_t from)
{
	struct flp_bad bad = { 0 };
	struct flp_turnout t;
	struct flp_record taken;
	struct flp_error e;
	struct arrival a;
	uint32_t *client;
	int status;
	size_t n;

	if (!arrives(&a, message))
		return 0;
	MUST(flp_turnout_begin(&t, &dealing, &fleet_e));
	t.vector = fleet_vector(&f, &g);
	status = flp_turnout_load(&t, &taken, a.reader, a.header, &e) == 0 ? 1 : refused(&e);
	if (status) {
		status = flp_turnout_note(&t, &taken, &e) == 0 ? 1 : refused(&e);
		for (size_t i = 0; i < GONE; i++)
			if (i != from && flp_turnout_note(&t, &f.client[i].masked, &e) < 0)
				is_error(&e);
		must(flp_turnout_survivors(&t, &client, &n, &bad, &e) == 0 && n <= N);
		free(client);
		flp_record_free(&taken);
	}
	flp_turnout_end(&t);
	edits_arrived(&a);
	return status;
}

/* What a client finds in an inbox that it takes is what was dealt to it. */
static int
take_inbox(const struct flp_record *message)
{
	const unsigned char (*seed)[32] = flp_record_values(&opened, "seed", NULL), (*found)[32];
	struct flp_record taken, secret;
	const struct flp_tensor *rows;
	const uint32_t *from;
	struct flp_error e;
	int status;

	if (!load(&taken, message, FLP_MESSAGE_DELIVER, &g.round))
		return 0;
	status = flp_inbox_open(&secret, &g, 0, flp_record_values(&secrets, "encrypt", NULL), &taken,
	    &e);
	flp_record_free(&taken);
	if (status < 0)
		return refused(&e);
	from = flp_record_values(&secret, "from", &rows);
	found = flp_record_values(&secret, "seed", NULL);
	for (uint64_t i = 0; i < rows->count; i++)
		must(memcmp(found[i], seed[from[i]], sizeof *found) == 0);
	flp_journal_wipe(&secret);
	return 1;
}

/* Client 0 confirms what it has confirmed, and nothing else. */
static int
take_survivors(const struct flp_record *message)
{
	struct flp_record taken, answer;
	struct flp_survivors s;
	struct flp_error e;
	int status;

	if (!load(&taken, message, FLP_MESSAGE_SURVIVORS, &g.round))
		return 0;
	status = flp_survivors_take(&s, &g, &taken, &e);
	flp_record_free(&taken);
	if (status < 0)
		return refused(&e);
	if ((status = flp_confirm(&answer, &journal, &g, &s, &e)) < 0)
		is_error(&e);
	must((status == 0) == (strcmp(s.digest, survivors.digest) == 0));
	if (status == 0)
		flp_record_free(&answer);
	flp_survivors_free(&s);
	return status == 0;
}

static int
take_confirm(const struct flp_record *message)
{
	struct flp_record taken;
	struct flp_confirmed c;
	struct flp_error e;
	int status;

	if (!load(&taken, message, FLP_MESSAGE_CONFIRM, &g.round))
		return 0;
	must(flp_confirmed_begin(&c, &g, &survivors, &e) == 0);
	status = flp_confirmed_add(&c, &taken, &e) == 0 ? 1 : refused(&e);
	must(!status || flp_meta_is(&taken.header.meta, "survivors", survivors.digest));
	flp_confirmed_end(&c);
	flp_record_free(&taken);
	return status;
}

/* The sum of the survivors' updates is exact in f64. */
static void
check_sum(const struct flp_record *sum)
{
	double want[VALUES] = { 0 }, value[VALUES];
	const double *w = flp_record_values(sum, "w", NULL), *b = flp_record_values(sum, "b", NULL);

	for (size_t i = 0; i < GONE; i++) {
		fleet_draw(&f, i, value);
		for (size_t k = 0; k < VALUES; k++)
			want[k] += value[k];
	}
	for (size_t k = 0; k < VALUES; k++)
		must((k < VALUES - 2 ? w[k] : b[k - VALUES + 2]) == want[k]);
}

static void
open_sum(struct flp_opening *o, const struct flp_dealing *d)
{
	struct flp_record sum;
	struct flp_turnout t;
	struct flp_error e;

	must(flp_turnout_begin(&t, d, &e) == 0);
	t.vector = fleet_vector(&f, &g);
	for (size_t i = 0; i < GONE; i++)
		must(flp_turnout_add(&t, &f.client[i].masked, survivors.client, GONE, &e) == 0);
	if (flp_opening_unmask(o, "update", t.vector.fit.bits, &t.sum, &e) < 0)
		is_error(&e);
	else {
		t.vector.added = GONE;
		must(flp_vector_open(&t.vector, &sum, &t.sum, &e) == 0);
		check_sum(&sum);
		flp_record_free(&sum);
	}
	flp_turnout_end(&t);
}

/* The sum with the other clients' reveals and, where it is not NULL, this one. */
static int
open_with(const struct flp_dealing *d, const struct flp_record *message, size_t from)
{
	struct flp_bad bad = { 0 };
	struct flp_opening o;
	struct flp_error e;
	int status = 1;

	if (flp_opening_begin(&o, d, survivors.client, survivors.n, &e) < 0)
		return refused(&e);
	if (message != NULL)
		status = flp_opening_add(&o, message, &bad, &e) == 0 ? 1 : refused(&e);
	for (size_t i = 0; i < GONE; i++)
		if (i != from && flp_opening_add(&o, &reveal[i], &bad, &e) < 0)
			is_error(&e);
	open_sum(&o, d);
	flp_opening_end(&o);
	return status;
}

static int
take_reveal(const struct flp_record *message, size_t from)
{
	struct flp_record taken;
	int status;

	if (!load(&taken, message, FLP_MESSAGE_REVEAL, &g.round))
		return 0;
	status = open_with(&dealing, &taken, from);
	flp_record_free(&taken);
	return status;
}

/* The message goes with the others' to client 0 as its inbox, and back to the server as it was
 * signed; then the sum is opened with what was revealed of the messages that were true. */
static int
take_share(const struct flp_record *message, size_t from)
{
	struct flp_record taken, again, box;
	struct flp_dealing d;
	struct flp_error e;
	int status;

	if (!load(&taken, message, FLP_MESSAGE_SHARE, &g.round))
		return 0;
	must(flp_dealing_begin(&d, &g, 1, &e) == 0);
	if ((status = flp_dealing_add(&d, &taken, &e) == 0))
		for (size_t i = 0; i < N; i++)
			must(!flp_dealing_shared(&d, i) || (flp_dealing_message(&d, i, &again, &e) == 0 &&
			    (same_record(&again, &taken) && (flp_record_free(&again), 1))));
	else
		is_error(&e);
	for (size_t i = 0; i < N; i++)
		if (i != from && flp_dealing_add(&d, &shared[i], &e) < 0)
			is_error(&e);
	if (flp_dealing_shared(&d, 0)) {
		must(flp_dealing_inbox(&d, 0, &box, &e) == 0);
		take_inbox(&box);
		flp_record_free(&box);
	}
	if (flp_dealing_count(&d) == N)
		open_with(&d, NULL, N);
	flp_dealing_end(&d);
	flp_record_free(&taken);
	return status;
}

enum { ADVERTISE, GRAPH, CERTIFIED, SHARE, DELIVER, MASKED, SURVIVORS, CONFIRM, REVEAL, RECORDS };

/* The good record, of one of its senders. */
static const struct flp_record *
good(unsigned what, size_t from)
{
	const struct flp_record *const all[RECORDS] = { &f.client[from].advertised, &g.record,
		&h.record, &shared[from], &inbox, &f.client[from % GONE].masked, &survived,
		&confirm[from % GONE], &reveal[from % GONE] };

	return all[what];
}

static int
take(unsigned what, const struct flp_record *message, size_t from)
{
	switch (what) {
	case ADVERTISE:
		return take_advertised(message, from);
	case GRAPH:
		return take_graph(message, &f);
	case CERTIFIED:
		return take_graph(message, &certified);
	case SHARE:
		return take_share(message, from);
	case DELIVER:
		return take_inbox(message);
	case MASKED:
		return take_masked(message, from % GONE);
	case SURVIVORS:
		return take_survivors(message);
	case CONFIRM:
		return take_confirm(message);
	default:
		return take_reveal(message, from % GONE);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct edits b = { p, n, pool, POOL };
	struct flp_record message;
	unsigned what, signer;
	size_t from;
	int taken;

	if (pooled == 0)
		make_world();
	b.records = pooled;
	what = next(&b);
	from = what / RECORDS % N;
	what %= RECORDS;
	signer = next(&b) % (N + 1);
	copy_record(&message, good(what, from));
	edit(&b, &message);
	taken = (signer == 0 || sign_again(&message, &f.client[signer - 1].id)) &&
	    take(what, &message, from);
	/* What a client has signed can't be changed by others. */
	must(!taken || signer > 0 || same_record(&message, good(what, from)) || what == GRAPH ||
	    what == CERTIFIED || what == DELIVER);
	flp_record_free(&message);
	return 0;
}
