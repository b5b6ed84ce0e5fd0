/* spending: what an account counts, from the keys of releases; and keys that are missing or unfit. */
#include "privacy/spending.h"
#include "unit.h"

#include <math.h>
#include <string.h>

#define LOCAL "adjacency=replace\nclip=0.8\ngrid=20\nmechanism=gaussian\nnoise=2097152\nplace=local\n"
#define CENTRAL(more, after) "adjacency=add-remove\nclip=1\n" more "grid=20\nmechanism=gaussian\n" \
	"noise=1048576\nplace=central\n" after

/* Adds a release with these keys, and with its unit. */
static int
add(struct flp_spending *s, const char *text, struct flp_error *e)
{
	struct flp_meta m = { 0 };
	int status;

	*e = (struct flp_error){ .text = "" };
	CHECK(flp_meta_parse(&m, text, strlen(text), e) == 0 &&
	    flp_meta_set_text(&m, "unit", "client", e) == 0, "%s: %s", text, e->text);
	status = flp_spending_add(s, &m, e);
	flp_meta_free(&m);
	return status;
}

/* The only group of a release. */
static struct flp_spent
one(const char *text)
{
	struct flp_spending s = { 0 };
	struct flp_spent spent = { 0 };
	struct flp_error e;

	CHECK(add(&s, text, &e) == 0 && s.n == 1, "%s: %s", text, e.text);
	if (s.n == 1)
		spent = s.spent[0];
	flp_spending_free(&s);
	return spent;
}

/* 1 if a is at most b, and less by no more than a part in 10^14. */
static int
just_below(double a, double b)
{
	return a <= b && a >= b * (1 - 1e-14);
}

/* The noise is sigma g / C, rounded down: 2^21 steps of 2^-21, by .8. */
static void
test_noise(void)
{
	struct flp_spent s = one(LOCAL);

	CHECK(just_below(s.noise, 1 / 0.8) && !s.proved && s.steps == 1, "%.17g", s.noise);
	CHECK(s.mechanism == &flp_mechanism_gaussian && s.adjacency == FLP_ADJACENCY_REPLACE, "names");
	CHECK(s.sampling == FLP_SAMPLING_NONE && s.rate == 1, "sampling");
	s = one("adjacency=replace\nclip=3\ngrid=10\nmechanism=laplace\nnoise=1024\nplace=local\n");
	CHECK(just_below(s.noise, 2.0 / 3) && s.mechanism == &flp_mechanism_laplace && !s.proved,
	    "%.17g", s.noise);
	s = one("adjacency=replace\nclip=3\ngrid=10\nmechanism=gaussian\nnoise=1023\nplace=local\n");
	CHECK(just_below(s.noise, 1023.0 / 1536) && s.proved, "%.17g", s.noise);
	s = one("adjacency=replace\nclip=1\nclip.1=0.8\nclip.2=0.6\ngrid=20\nmechanism=gaussian\n"
	    "noise=268435456\nplace=local\n");
	CHECK(just_below(s.noise, 256), "%.17g", s.noise);
	/* 1 / z^2 = 1 / 1.5^2 + 1 / 2^2: two releases of one noise */
	s = one("adjacency=add-remove\nclip=1\ngrid=20\nmechanism=gaussian\nnoise=1572864\n"
	    "noise.count=2097152\nplace=central\n");
	CHECK(just_below(s.noise, 1.2), "%.17g", s.noise);
}

static void
test_sampling(void)
{
	struct flp_spent s = one(CENTRAL("cohort=a\n", "rate=0.01\nscheme=poisson\nseed=secret\n"));

	CHECK(s.sampling == FLP_SAMPLING_POISSON && s.rate == 0.01 &&
	    s.adjacency == FLP_ADJACENCY_ADD_REMOVE, "%g", s.rate);
	s = one(CENTRAL("", ""));
	CHECK(s.sampling == FLP_SAMPLING_NONE && s.rate == 1, "no cohort");
	s = one("adjacency=replace\nclip=1\ncohort=a\ngrid=20\nmechanism=gaussian\nnoise=1048576\n"
	    "place=central\npopulation=400\nscheme=fixed\nseed=secret\nsize=100\n");
	CHECK(s.sampling == FLP_SAMPLING_FIXED && s.rate == 0.25, "%g", s.rate);
	/* The receiver of a local release knows whose it is. */
	s = one("adjacency=replace\nclip=1\ncohort=a\ngrid=20\nmechanism=gaussian\nnoise=1048576\n"
	    "place=local\nrate=0.01\nscheme=poisson\nseed=secret\n");
	CHECK(s.sampling == FLP_SAMPLING_NONE && s.rate == 1, "local");
}

/* A key that is missing or unknown is named. None of these releases counts as free. */
static void
test_bad(void)
{
	static const struct {
		const char *text, *message;
	} all[] = {
		{ "clip=1\n", "metadata: mechanism: expected in a noised record, found nothing" },
		{ "mechanism=skellam\n", "metadata: mechanism: expected a known name, found skellam" },
		{ "mechanism=gaussian\n", "metadata: adjacency: expected in a noised record" },
		{ "adjacency=both\nmechanism=gaussian\n", "metadata: adjacency: expected a known name, found both" },
		{ "adjacency=replace\nclip=1\ngrid=20\nmechanism=gaussian\n", "metadata: noise: expected" },
		{ "adjacency=replace\nclip=1\ngrid=20\nmechanism=gaussian\nnoise=0\n", "metadata: noise" },
		{ "adjacency=replace\nclip=1\ngrid=20\nmechanism=gaussian\nnoise=268435457\n",
		  "metadata: noise" },
		{ "adjacency=replace\nclip=1\ngrid=20\nmechanism=gaussian\nnoise=1.5\n", "metadata: noise" },
		{ "adjacency=replace\nclip=1\nmechanism=gaussian\nnoise=9\n", "metadata: grid: expected" },
		{ "adjacency=replace\nclip=1\ngrid=24\nmechanism=gaussian\nnoise=9\n", "metadata: grid" },
		{ "adjacency=replace\ngrid=20\nmechanism=gaussian\nnoise=9\n", "metadata: clip: expected" },
		{ "adjacency=replace\nclip=0\ngrid=20\nmechanism=gaussian\nnoise=9\n", "metadata: clip" },
		{ "adjacency=replace\nclip=-1\ngrid=20\nmechanism=gaussian\nnoise=9\n", "metadata: clip" },
		{ "adjacency=replace\nclip=nan\ngrid=20\nmechanism=gaussian\nnoise=9\n", "metadata: clip" },
		{ "adjacency=replace\nclip=1e13\ngrid=20\nmechanism=gaussian\nnoise=9\n",
		  "metadata: clip: expected" },
		{ "adjacency=replace\nclip=1\ngrid=20\nmechanism=laplace\nnoise=1048576\nplace=central\n"
		"unit=client\n", "metadata: place: expected local" },
		{ CENTRAL("cohort=a\n", "rate=0.1\nscheme=weighted\nseed=secret\n"), "metadata: scheme" },
		{ CENTRAL("cohort=a\n", "rate=0.1\nscheme=poisson\nseed=public\n"), "metadata: seed, cohort" },
		{ CENTRAL("cohort=a\n", "rate=0.1\nscheme=poisson\n"), "metadata: seed, cohort" },
		{ CENTRAL("", "rate=0.1\nscheme=poisson\nseed=secret\n"), "metadata: seed, cohort" },
		{ CENTRAL("cohort=a\n", "scheme=poisson\nseed=secret\n"), "metadata: rate: expected" },
		{ CENTRAL("cohort=a\n", "rate=0\nscheme=poisson\nseed=secret\n"), "metadata: rate" },
		{ CENTRAL("cohort=a\n", "rate=1.5\nscheme=poisson\nseed=secret\n"), "" },
		{ CENTRAL("cohort=a\n", "population=9\nscheme=fixed\nseed=secret\n"), "metadata: size" },
		{ CENTRAL("cohort=a\n", "population=9\nscheme=fixed\nseed=secret\nsize=10\n"),
		  "metadata: population" },
		{ CENTRAL("cohort=a\n", "population=9\nscheme=fixed\nseed=secret\nsize=3\n"), "" },
	};
	struct flp_spending s = { 0 };
	struct flp_error e;

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		CHECK(add(&s, all[i].text, &e) < 0 && e.code == FLP_ERROR_BAD &&
		    strncmp(e.text, all[i].message, strlen(all[i].message)) == 0, "%zu: %s", i, e.text);
	CHECK(s.n == 0, "%zu", s.n);
	flp_spending_free(&s);
}

static double
cost(struct flp_spending *s)
{
	struct flp_plan plan = { .delta = 1e-5, .unknown = 'e' };
	struct flp_cost c = { 0 };
	struct flp_error e;

	CHECK(flp_spending_solve(s, &plan, 0, &c, &e) == 0, "%s", e.text);
	return c.epsilon;
}

/* Equal releases are one group. If one has the adjacency replace, all count under replace. */
static void
test_cost(void)
{
	struct flp_spending s = { 0 };
	struct flp_error e;
	double alone, both;

	CHECK(cost(&s) == 0, "nothing");
	CHECK(add(&s, CENTRAL("", ""), &e) == 0, "%s", e.text);
	alone = cost(&s);
	CHECK(fabs(alone / 4.377178096 - 1) < 1e-4, "%.9g", alone);
	CHECK(add(&s, CENTRAL("", "round=7\n"), &e) == 0 && s.n == 1 && s.spent[0].steps == 2, "%s",
	    e.text);
	both = cost(&s);
	CHECK(both > alone && both < 2 * alone, "%.9g", both);
	CHECK(add(&s, LOCAL, &e) == 0 && s.n == 2, "%s", e.text);
	CHECK(cost(&s) > 2 * both && s.spent[0].adjacency == FLP_ADJACENCY_REPLACE, "replace");
	CHECK(!s.insecure, "insecure");
	CHECK(add(&s, CENTRAL("", "") "round=1\n", &e) == 0, "%s", e.text);
	CHECK(add(&s, "adjacency=replace\nclip=1\ngrid=20\ninsecure=test-seed\nmechanism=gaussian\n"
	    "noise=268435456\nplace=local\n", &e) == 0 && s.insecure && isinf(cost(&s)), "a test seed");
	flp_spending_free(&s);
}

int
main(void)
{
	test_noise();
	test_sampling();
	test_bad();
	test_cost();
	return unit_done();
}
