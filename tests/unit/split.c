/* data/split, data/holdout, data/order: partitions are complete, have the
 * sizes they promise and the distribution they claim. */
#include "data/holdout.h"
#include "data/order.h"
#include "data/split.h"
#include "unit.h"

#include <math.h>
#include <string.h>

#define N 1000
#define CLASSES 10

static uint32_t label[N], client[N];
static size_t size[N];

/* Draws a partition of n rows and counts each client's rows. */
static int
draw(struct flp_split *split, const char *text, size_t n, size_t clients, uint64_t seed)
{
	static uint32_t row[N];
	static size_t start[N + 1];
	struct flp_dataset set = { .n = n, .classes = label, .class_names.n = CLASSES };
	struct flp_error e;
	struct flp_random r;

	split->clients = clients;
	if (flp_split_parse(split, text, &e) < 0)
		return -(int)e.code;
	flp_random_init(&r, seed, 0, 0, FLP_PURPOSE_SPLIT);
	flp_order_natural(row, n);
	if (flp_split_sort(split, &set, row, n, start, &r, &e) < 0)
		return -(int)e.code;
	memset(client, 0xff, sizeof client);
	if (start[0] != 0 || start[clients] != n)
		return -1;
	for (size_t k = 0; k < clients; k++) {
		size[k] = start[k + 1] - start[k];
		for (size_t i = start[k]; i < start[k + 1]; i++) {
			if (i > start[k] && row[i - 1] >= row[i])
				return -1;
			client[row[i]] = (uint32_t)k;
		}
	}
	for (size_t i = 0; i < n; i++)
		if (client[i] >= clients)
			return -1;
	return 0;
}

static void
test_parse(void)
{
	static const char *const good[] = { "iid", "shards:2", "shards:1000000",
		"dirichlet:0.5", "dirichlet:0.001", "quantity:10000", "group" };
	static const char *const bad[] = { "", "iid:", "iid:3", "shards", "shards:", "shards:0",
		"shards:-1", "shards:2.5", "shards:99999999999999999999", "dirichlet:0",
		"dirichlet:nan", "dirichlet:inf", "dirichlet:1e9", "dirichlet: 1", "dirich:1",
		"quantity:0.0001", "group:x", "GROUP" };
	struct flp_split split = { 0 };
	struct flp_error e;

	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		CHECK(flp_split_parse(&split, good[i], &e) == 0, "%s", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		CHECK(flp_split_parse(&split, bad[i], &e) < 0, "%s", bad[i]);
		CHECK(e.code == FLP_ERROR_USAGE, "%s", bad[i]);
	}
}

static void
test_sizes(void)
{
	struct flp_split split;

	for (size_t clients = 1; clients <= N; clients += 37) {
		CHECK(draw(&split, "iid", N, clients, clients) == 0, "%zu clients", clients);
		for (size_t k = 0; k < clients; k++)
			CHECK(size[k] == N / clients || size[k] == N / clients + 1,
			    "client %zu of %zu: %zu", k, clients, size[k]);
	}
	CHECK(draw(&split, "iid", 9, 10, 0) == -FLP_ERROR_USAGE, "more clients than rows");
	CHECK(draw(&split, "shards:2", 19, 10, 0) == -FLP_ERROR_USAGE, "more shards than rows");
	CHECK(draw(&split, "dirichlet:1", 0, 10, 0) == 0, "no rows");
}

static void
test_shards(void)
{
	struct flp_split split;
	char has[N][CLASSES];

	CHECK(draw(&split, "shards:2", N, 50, 7) == 0, "shards");
	memset(has, 0, sizeof has);
	for (size_t i = 0; i < N; i++)
		has[client[i]][label[i]] = 1;
	for (size_t k = 0; k < 50; k++) {
		int classes = 0;

		for (int c = 0; c < CLASSES; c++)
			classes += has[k][c];
		CHECK(size[k] == N / 50, "client %zu: %zu rows", k, size[k]);
		CHECK(classes <= 2, "client %zu: %d classes", k, classes);
	}
}

/* With two clients and alpha 1 the count of one client is uniform on 0..n. */
static void
test_urn_uniform(void)
{
	enum { ROWS = 9, DRAWS = 20000 };
	struct flp_split split;
	double cell[ROWS + 1] = { 0 }, chi2 = 0, expected = DRAWS / (ROWS + 1.0);

	for (int i = 0; i < DRAWS; i++) {
		CHECK(draw(&split, "quantity:1", ROWS, 2, i) == 0, "draw %d", i);
		cell[size[0]]++;
	}
	for (int i = 0; i <= ROWS; i++)
		chi2 += (cell[i] - expected) * (cell[i] - expected) / expected;
	CHECK(chi2 < 27.88, "chi-square of 9 degrees %g, .999 quantile 27.88", chi2);
}

/* Counts of the Dirichlet-multinomial: with K clients, A = K alpha and n rows,
 * mean n / K, variance n (1/K)(1 - 1/K)(n + A) / (1 + A). */
static void
test_urn_moments(const char *text, double alpha, size_t clients)
{
	enum { ROWS = 200, DRAWS = 4000 };
	struct flp_split split;
	double sum = 0, squares = 0, p = 1.0 / clients, a = clients * alpha, mean, variance;
	double expected = ROWS * p * (1 - p) * (ROWS + a) / (1 + a);

	for (int i = 0; i < DRAWS; i++) {
		CHECK(draw(&split, text, ROWS, clients, i) == 0, "draw %d", i);
		for (size_t k = 0; k < clients; k++) {
			sum += size[k];
			squares += (double)size[k] * size[k];
		}
	}
	mean = sum / DRAWS / clients;
	variance = squares / DRAWS / clients - mean * mean;
	CHECK(fabs(mean - ROWS * p) < 1e-9, "mean %g, expected %g", mean, ROWS * p);
	CHECK(variance > 0.94 * expected && variance < 1.06 * expected,
	    "%s, %zu clients: variance %g, expected %g", text, clients, variance, expected);
}

/* Classes are spread one by one: their counts at a client don't correlate. */
static void
test_classes_apart(void)
{
	enum { DRAWS = 2000 };
	struct flp_split split;
	double ab = 0, aa = 0, bb = 0;

	for (int i = 0; i < DRAWS; i++) {
		double a = -N / CLASSES / 4.0, b = a;

		CHECK(draw(&split, "dirichlet:0.3", N, 4, i) == 0, "draw %d", i);
		for (size_t j = 0; j < N; j++) {
			a += client[j] == 0 && label[j] == 3;
			b += client[j] == 0 && label[j] == 4;
		}
		ab += a * b;
		aa += a * a;
		bb += b * b;
	}
	CHECK(ab * ab < 0.01 * aa * bb, "correlation %g of sums %g and %g", ab, aa, bb);
}

static void
test_same_bytes(void)
{
	static const char *const how[] = { "iid", "shards:3", "dirichlet:0.5", "quantity:2" };
	uint32_t before[N];
	struct flp_split split;

	for (size_t i = 0; i < sizeof how / sizeof *how; i++) {
		CHECK(draw(&split, how[i], N, 20, 5) == 0, "%s", how[i]);
		memcpy(before, client, sizeof before);
		CHECK(draw(&split, how[i], N, 20, 5) == 0, "%s", how[i]);
		CHECK(memcmp(before, client, sizeof before) == 0, "%s", how[i]);
		CHECK(draw(&split, how[i], N, 20, 6) == 0, "%s", how[i]);
		CHECK(memcmp(before, client, sizeof before) != 0, "%s", how[i]);
	}
	/* Pinned, so that a change of the draws is seen. */
	CHECK(draw(&split, "dirichlet:0.5", N, 20, 1) == 0, "pinned");
	CHECK(client[0] == 17 && client[1] == 18 && client[500] == 17 && client[999] == 14,
	    "found %u %u %u %u", client[0], client[1], client[500], client[999]);
}

static void
test_holdout(const char *text, size_t expected)
{
	static uint32_t group[N];
	struct flp_dataset set = { .n = N, .classes = label, .group = group };
	uint32_t row[N], held[N];
	size_t n = N, held_n, stratum[CLASSES][3] = { 0 }, all[CLASSES][3] = { 0 };
	struct flp_holdout holdout;
	struct flp_random r;
	struct flp_error e;
	char seen[N] = { 0 };

	for (size_t i = 0; i < N; i++)
		group[i] = i % 7 == 0 ? 2 : i % 2;
	flp_order_natural(row, N);
	flp_random_init(&r, 3, 0, 0, FLP_PURPOSE_TEST);
	CHECK(flp_holdout_parse(&holdout, text, &e) == 0, "%s", text);
	CHECK(flp_holdout_take(&holdout, &set, row, &n, held, &held_n, &r, &e) == 0, "%s", text);
	CHECK(held_n == expected && n + held_n == N, "%s: %zu held, %zu kept", text, held_n, n);
	for (size_t i = 0; i < n; i++) {
		CHECK(i == 0 || row[i - 1] < row[i], "%s: place %zu", text, i);
		seen[row[i]]++;
	}
	for (size_t i = 0; i < held_n; i++) {
		CHECK(i == 0 || held[i - 1] < held[i], "%s: place %zu", text, i);
		seen[held[i]]++;
		stratum[label[held[i]]][group[held[i]]]++;
	}
	for (size_t i = 0; i < N; i++) {
		CHECK(seen[i] == 1, "%s: row %zu seen %d times", text, i, seen[i]);
		all[label[i]][group[i]]++;
	}
	for (size_t i = 0; i < CLASSES * 3; i++) {
		double share = holdout.every ? 1.0 / holdout.every : holdout.fraction * 0x1p-63;
		size_t part = stratum[i / 3][i % 3], whole = all[i / 3][i % 3];

		CHECK(fabs(part - share * whole) < 1, "%s: stratum %zu: %zu of %zu", text, i, part,
		    whole);
	}
}

static void
test_holdout_parse(void)
{
	static const char *const bad[] = { "", "0", "1", "1.0", "-0.1", "nan", "every:", "every:1",
		"every:0", "every:2x", "every", "20%" };
	struct flp_holdout holdout;
	struct flp_error e;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK(flp_holdout_parse(&holdout, bad[i], &e) < 0, "%s", bad[i]);
}

static void
test_order(void)
{
	uint32_t row[] = { 5, 4, 3, 2, 1, 0 }, key[] = { 2, 0, 2, 0, 3, 2 };
	static const uint32_t expected[] = { 3, 1, 5, 2, 0, 4 };
	size_t start[6];
	struct flp_error e;

	CHECK(flp_order_stable(row, 6, key, 5, start, &e) == 0, "sort");
	CHECK(memcmp(row, expected, sizeof expected) == 0, "order");
	CHECK(start[0] == 0 && start[1] == 2 && start[2] == 2 && start[3] == 5 && start[4] == 6 &&
	    start[5] == 6, "start");
}

int
main(void)
{
	for (size_t i = 0; i < N; i++)
		label[i] = (uint32_t)(i * 7 % CLASSES);
	test_parse();
	test_sizes();
	test_shards();
	test_urn_uniform();
	test_urn_moments("quantity:0.5", 0.5, 3);
	test_urn_moments("quantity:0.1", 0.1, 10);
	test_urn_moments("quantity:100", 100, 5);
	test_classes_apart();
	test_same_bytes();
	test_holdout("every:5", 193);
	test_holdout("0.2", 200);
	test_holdout("0.29", 290);
	test_holdout("0.0004", 0);
	test_holdout("0.0005", 1);
	test_holdout("0.999999", 1000);
	test_holdout_parse();
	test_order();
	return unit_done();
}
