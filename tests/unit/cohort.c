/* rule/cohort: sizes and rates, and draws that do not depend on the order of names. */
#include "rule/cohort.h"
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define CLIENTS 50

static struct flp_texts clients;

static void
add(struct flp_texts *to, size_t i)
{
	struct flp_error e;
	char name[8];
	int n = snprintf(name, sizeof name, "c%zu", i);

	CHECK(flp_texts_add(to, name, (size_t)n, CLIENTS, &e) == 0, "%s", e.text);
}

/* Draws and marks who is in; their number. */
static size_t
draw(const struct flp_cohort *cohort, const struct flp_texts *from, char in[CLIENTS])
{
	struct flp_record record;
	struct flp_texts names;
	struct flp_error e;
	size_t n;

	memset(in, 0, CLIENTS);
	CHECK(flp_cohort_draw(&record, cohort, from, &e) == 0, "%s", e.text);
	CHECK(flp_cohort_names(&record, &names, &e) == 0, "%s", e.text);
	for (size_t i = 0; i < names.n; i++) {
		const char *name = flp_texts_get(&names, i);

		in[flp_texts_find(&clients, name, strlen(name))] = 1;
		CHECK(i == 0 || strcmp(flp_texts_get(&names, i - 1), name) < 0, "sorted");
	}
	n = names.n;
	flp_texts_free(&names);
	flp_record_free(&record);
	return n;
}

/* Chi-square of the times each client was drawn; 49 degrees of freedom. */
static void
test_even(struct flp_cohort cohort, double rate, double variance)
{
	enum { ROUNDS = 4000 };
	double times[CLIENTS] = { 0 }, chi2 = 0, all = 0;
	char in[CLIENTS];

	for (cohort.round = 0; cohort.round < ROUNDS; cohort.round++) {
		size_t n = draw(&cohort, &clients, in);

		CHECK(cohort.size == 0 || n == cohort.size, "%zu drawn", n);
		all += (double)n;
		for (size_t i = 0; i < CLIENTS; i++)
			times[i] += in[i];
	}
	CHECK(fabs(all / ROUNDS / CLIENTS - rate) < 0.006, "rate %g", all / ROUNDS / CLIENTS);
	for (size_t i = 0; i < CLIENTS; i++)
		chi2 += (times[i] - ROUNDS * rate) * (times[i] - ROUNDS * rate) / (ROUNDS * variance);
	CHECK(chi2 > 10 && chi2 < 130, "chi-square of about 49 degrees %g", chi2);
}

static void
test_order(void)
{
	struct flp_cohort cohort = { .size = 7, .seed = 3, .round = 2 };
	struct flp_texts back = { 0 }, fewer = { 0 };
	char a[CLIENTS], b[CLIENTS];

	for (size_t i = CLIENTS; i > 0; i--)
		add(&back, i - 1);
	for (size_t i = 0; i < CLIENTS - 20; i++)
		add(&fewer, i);
	draw(&cohort, &clients, a);
	draw(&cohort, &back, b);
	CHECK(memcmp(a, b, CLIENTS) == 0, "order of the names");

	cohort.size = 0;
	cohort.rate = 0.3;
	draw(&cohort, &clients, a);
	draw(&cohort, &fewer, b);
	CHECK(memcmp(a, b, fewer.n) == 0, "Poisson: no client's draw depends on others");

	cohort.round++;
	draw(&cohort, &clients, b);
	CHECK(memcmp(a, b, CLIENTS) != 0, "another round");
	cohort.rate = 1;
	CHECK(draw(&cohort, &clients, a) == CLIENTS, "rate 1");
	cohort.rate = 0x1p-53;
	CHECK(draw(&cohort, &clients, a) == 0, "an empty cohort");
	flp_texts_free(&back);
	flp_texts_free(&fewer);
}

/* A secret cohort has a name that is drawn with it; a seeded one has none. */
static void
test_name(void)
{
	struct flp_cohort cohort = { .size = 2, .secret = 1 };
	struct flp_record record;
	char first[32] = "";
	struct flp_error e;
	const char *name;
	size_t n;

	for (int turn = 0; turn < 3; turn++) {
		cohort.secret = turn < 2;
		CHECK(flp_cohort_draw(&record, &cohort, &clients, &e) == 0, "%s", e.text);
		name = flp_meta_get(&record.header.meta, "draw", &n);
		CHECK((name != NULL) == (turn < 2), "turn %d", turn);
		CHECK(name == NULL || (n == 32 && strspn(name, "0123456789abcdef") == 32),
		    "%.*s", (int)n, name);
		CHECK(name == NULL || memcmp(first, name, 32) != 0, "the same name twice");
		if (name != NULL)
			memcpy(first, name, 32);
		flp_record_free(&record);
	}
}

static void
test_meta(void)
{
	struct flp_cohort cohort = { .rate = 0.1, .secret = 1, .seed = 42, .round = 9 };
	static const char expected[] = "population=50\nrate=0.1\nround=9\nscheme=poisson\n"
	    "seed=secret\n";
	struct flp_record record;
	struct flp_texts names;
	struct flp_error e;

	CHECK(flp_cohort_draw(&record, &cohort, &clients, &e) == 0, "%s", e.text);
	flp_meta_drop(&record.header.meta, "draw"); /* see test_name */
	CHECK(record.header.meta.n == sizeof expected - 1 &&
	    memcmp(record.header.meta.text, expected, sizeof expected - 1) == 0, "%.*s",
	    (int)record.header.meta.n, record.header.meta.text);
	record.header.kind = FLP_KIND_DATA;
	CHECK(flp_cohort_names(&record, &names, &e) < 0, "kind");
	flp_record_free(&record);
	cohort.round = (uint64_t)UINT32_MAX + 1;
	CHECK(flp_cohort_draw(&record, &cohort, &clients, &e) < 0 && e.code == FLP_ERROR_USAGE,
	    "round");
	cohort.round = UINT32_MAX;
	cohort.size = CLIENTS + 1;
	CHECK(flp_cohort_draw(&record, &cohort, &clients, &e) < 0 && e.code == FLP_ERROR_USAGE, "size");
}

int
main(void)
{
	for (size_t i = 0; i < CLIENTS; i++)
		add(&clients, i);
	test_even((struct flp_cohort){ .size = 10, .seed = 1 }, 0.2, 0.2 * 50 / 49 * 0.8);
	test_even((struct flp_cohort){ .rate = 0.2, .seed = 1 }, 0.2, 0.2 * 0.8);
	test_even((struct flp_cohort){ .size = 10, .secret = 1 }, 0.2, 0.2 * 50 / 49 * 0.8);
	test_even((struct flp_cohort){ .rate = 0.2, .secret = 1 }, 0.2, 0.2 * 0.8);
	test_order();
	test_meta();
	test_name();
	flp_texts_free(&clients);
	return unit_done();
}
