/* mask-rounds: whole rounds of fleet mode in one process, with clients that stop at each step.
 * If those who are left reach the threshold, the sum is that of the survivors, bit for bit; if
 * they don't, the round is refused.
 *
 * All patterns of 3 and 4 clients, those of 5 and 6 without regard to the order of clients, and
 * some of 10 and 100. With an argument N, all patterns of N clients. */
#include "fleet.h"

enum { MOST = 100, VALUES = 9 };

/* Who takes part in each step, and how many rounds were opened and refused. */
struct round {
	struct fleet f;
	struct flp_gathering g;
	struct flp_dealing d;
	uint32_t *survivor;
	size_t survivors;
	size_t opened, refused;
};

static struct flp_error e;
static struct flp_bad bad;

/* Compares the sum of the survivors' updates with the one that the server has opened. */
static void
check_sum(const struct round *r, const struct flp_record *sum)
{
	const struct fleet *f = &r->f;
	double want[VALUES] = { 0 }, value[VALUES];
	uint64_t weight = 0;

	for (size_t i = 0; i < f->n; i++)
		for (size_t s = 0; s < r->survivors; s++) {
			if (f->client[i].at != (long)r->survivor[s])
				continue;
			fleet_draw(f, i, value);
			for (size_t k = 0; k < VALUES; k++)
				want[k] += value[k];
		}
	for (size_t k = 0; k < VALUES; k++) {
		double found = ((double *)sum->values[k >= VALUES - 2])[k % (VALUES - 2)];

		CHECK(want[k] == found, "value %zu of %zu clients: %g, not %g", k, f->n, found, want[k]);
	}
	CHECK(flp_meta_u64(&sum->header.meta, "weight", 0, UINT64_MAX, &weight, &e) == 1 &&
	    weight == r->survivors, "weight %llu", (unsigned long long)weight);
}

/* Unmasks with the reveals of the clients that are on. */
static void
unmask(struct round *r, const unsigned char *on, size_t revealing)
{
	struct fleet *f = &r->f;
	struct flp_opening o;
	struct flp_record reveal, sum;
	struct flp_turnout t;
	int status = 0;

	MUST(flp_turnout_begin(&t, &r->d, &fleet_e));
	t.vector = fleet_vector(f, &r->g);
	for (size_t k = 0; k < f->n; k++)
		for (size_t s = 0; s < r->survivors; s++)
			if (f->client[k].at == (long)r->survivor[s])
				MUST(flp_turnout_add(&t, &f->client[k].masked, r->survivor,
				    r->survivors, &fleet_e));
	MUST(flp_turnout_whole(&t, r->survivor, r->survivors, &fleet_e));
	MUST(flp_opening_begin(&o, &r->d, r->survivor, r->survivors, &fleet_e));
	MUST(flp_opening_possible(&o, &fleet_e));
	for (size_t i = 0; i < f->n; i++)
		if (on[i]) {
			fleet_reveal(f, &r->g, i, r->survivor, r->survivors, &reveal);
			MUST(flp_opening_add(&o, &reveal, &bad, &fleet_e));
			flp_record_free(&reveal);
		}
	status = flp_opening_unmask(&o, "update", t.vector.fit.bits, &t.sum, &e);
	if (r->g.degree + 1 == r->g.n)
		CHECK((status == 0) == (revealing >= r->g.threshold), "%zu reveal: %s", revealing,
		    status < 0 ? e.text : "opened");
	if (status == 0) {
		t.vector.added = r->survivors;
		MUST(flp_vector_open(&t.vector, &sum, &t.sum, &fleet_e));
		check_sum(r, &sum);
		flp_record_free(&sum);
		r->opened++;
	} else {
		CHECK(e.code == FLP_ERROR_BAD, "%s", e.text);
		r->refused++;
	}
	flp_opening_end(&o);
	flp_turnout_end(&t);
}

static size_t
count(const unsigned char *on, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		k += on[i];
	return k;
}

/* Chooses the survivors from the masked records of the clients that are on. Returns 0 if their
 * sum can't be opened, whatever is revealed. */
static int
survive(struct round *r, const unsigned char *on)
{
	struct flp_opening o;
	struct flp_turnout t;
	int status;

	MUST(flp_turnout_begin(&t, &r->d, &fleet_e));
	t.vector = fleet_vector(&r->f, &r->g);
	for (size_t i = 0; i < r->f.n; i++)
		if (on[i])
			MUST(flp_turnout_note(&t, &r->f.client[i].masked, &fleet_e));
	MUST(flp_turnout_survivors(&t, &r->survivor, &r->survivors, &bad, &fleet_e));
	flp_turnout_end(&t);
	MUST(flp_opening_begin(&o, &r->d, r->survivor, r->survivors, &fleet_e));
	status = flp_opening_possible(&o, &e);
	flp_opening_end(&o);
	return status == 0 && r->survivors > 0;
}

/* The steps of the server with the clients that are on at each; a step is taken once for all
 * patterns that begin in the same way. */
static int
deal(struct round *r, const unsigned char *on)
{
	struct fleet *f = &r->f;
	struct flp_record inbox;
	size_t n = 0;

	MUST(flp_dealing_begin(&r->d, &r->g, 1, &fleet_e));
	for (size_t i = 0; i < f->n; i++)
		if (on[i]) {
			fleet_share(f, &r->g, i);
			MUST(flp_dealing_add(&r->d, &f->client[i].shared, &fleet_e));
		}
	for (size_t i = 0; i < f->n; i++)
		if (on[i]) {
			MUST(flp_dealing_inbox(&r->d, (size_t)f->client[i].at, &inbox, &fleet_e));
			n += (size_t)fleet_open(f, &r->g, i, &inbox);
			fleet_mask(f, &r->g, i);
			flp_record_free(&inbox);
		}
	return n > 0;
}

enum { ADVERTISE, SHARE, APPLY, CONFIRM, REVEAL, STEPS };

/* Who is on at each step. Whoever stops at one is off at all later ones. */
typedef unsigned char pattern[STEPS][MOST];

/* One step of a pattern and all after it. A round that stops early is refused. */
static void
step(struct round *r, pattern on, int at, void (*next)(struct round *, pattern, int))
{
	size_t left = count(on[at], r->f.n);

	if (at == ADVERTISE) {
		for (size_t i = 0; i < r->f.n; i++)
			r->f.client[i].at = -1;
		if (!fleet_gather(&r->f, &r->g, on[at])) {
			r->refused++;
			return;
		}
		next(r, on, at + 1);
		flp_gathering_free(&r->g);
	} else if (at == SHARE) {
		if (deal(r, on[at]))
			next(r, on, at + 1);
		else
			r->refused++;
		flp_dealing_end(&r->d);
	} else if (at == APPLY) {
		if (survive(r, on[at]))
			next(r, on, at + 1);
		else
			r->refused++;
		free(r->survivor);
	} else if (at == CONFIRM) {
		if (left >= r->g.threshold || r->g.degree + 1 < r->g.n)
			next(r, on, at + 1);
		else
			r->refused++;
	} else {
		unmask(r, on[at], left);
	}
}

/* All subsets of those who were on before. */
static void
subsets(struct round *r, pattern on, int at)
{
	unsigned before = 0;

	for (size_t i = 0; i < r->f.n; i++)
		before |= (at == 0 || on[at - 1][i] ? 1u : 0) << i;
	for (unsigned set = before;; set = (set - 1) & before) {
		for (size_t i = 0; i < r->f.n; i++)
			on[at][i] = set >> i & 1;
		step(r, on, at, subsets);
		if (set == 0)
			return;
	}
}

/* One choice of clients for each number of those that go on; it differs from step to step. */
static void
numbers(struct round *r, pattern on, int at)
{
	size_t before[MOST], n = 0;

	for (size_t i = 0; i < r->f.n; i++)
		if (at == 0 || on[at - 1][i])
			before[n++] = i;
	for (size_t left = 0; left <= n; left++) {
		memset(on[at], 0, sizeof on[at]);
		for (size_t k = 0; k < left; k++)
			on[at][before[(k + (size_t)(2 * at + 1)) % n]] = 1;
		step(r, on, at, numbers);
	}
}

/* One pattern that was drawn before. */
static void
drawn(struct round *r, pattern on, int at)
{
	step(r, on, at, drawn);
}

static void
begin(struct round *r, size_t n)
{
	*r = (struct round){ 0 };
	fleet_begin(&r->f, n, VALUES, NULL);
	for (size_t i = 0; i < n; i++)
		fleet_advertise(&r->f, i);
}

/* How many patterns are opened follows from the thresholds alone: if a clients advertise, t(a) of
 * them must be left at the end. */
static size_t
binomial(size_t n, size_t k)
{
	return k == 0 ? 1 : binomial(n - 1, k - 1) * n / k;
}

/* The number of chains of subsets, from one with a clients to one with at least t, `steps` steps
 * later. */
static size_t
chains(size_t a, size_t t, int steps)
{
	size_t all = 0;

	if (steps == 0)
		return 1;
	for (size_t left = t; left <= a; left++)
		all += binomial(a, left) * chains(left, t, steps - 1);
	return all;
}

/* The same for the numbers of clients alone. */
static size_t
lines(size_t a, size_t t, int steps)
{
	size_t all = 0;

	if (steps == 0)
		return 1;
	for (size_t left = t; left <= a; left++)
		all += lines(left, t, steps - 1);
	return all;
}

static void
test_all(size_t n)
{
	static pattern on;
	struct round r;
	size_t want = 0;

	begin(&r, n);
	subsets(&r, on, 0);
	for (size_t a = 3; a <= n; a++)
		want += binomial(n, a) * chains(a, 2 * a / 3 + 1, STEPS - 1);
	CHECK(r.opened == want, "%zu clients: %zu opened, not %zu", n, r.opened, want);
	CHECK(r.refused > 0, "none");
	fleet_end(&r.f);
}

static void
test_numbers(size_t n)
{
	static pattern on;
	struct round r;
	size_t want = 0;

	begin(&r, n);
	numbers(&r, on, 0);
	for (size_t a = 3; a <= n; a++)
		want += lines(a, 2 * a / 3 + 1, STEPS - 1);
	CHECK(r.opened == want, "%zu clients: %zu opened, not %zu", n, r.opened, want);
	CHECK(r.refused > 0, "none");
	fleet_end(&r.f);
}

/* Each client drops out at each step with that chance. */
static void
test_drawn(size_t n, unsigned rounds, double chance)
{
	static pattern on;
	struct round r;

	begin(&r, n);
	srand48(1);
	for (unsigned k = 0; k < rounds; k++) {
		for (int at = 0; at < STEPS; at++)
			for (size_t i = 0; i < n; i++)
				on[at][i] = (at == 0 || on[at - 1][i]) && drand48() >= chance;
		step(&r, on, 0, drawn);
	}
	CHECK(r.opened > 0, "none of %u", rounds);
	fleet_end(&r.f);
}

int
main(int argc, char **argv)
{
	if (argc > 1) {
		test_all((size_t)atoi(argv[1]));
		return unit_done();
	}
	test_all(3);
	test_all(4);
	test_numbers(5);
	test_numbers(6);
	test_drawn(10, 8, .03);
	test_drawn(100, 2, .015);
	return unit_done();
}
