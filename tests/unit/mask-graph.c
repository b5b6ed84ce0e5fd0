/* mask-graph: neighbours are mutual, there are as many as were asked for, and all clients are
 * equally likely. tests/masks.py compares with a shuffle of its own. */
#include "mask/graph.h"
#include "unit.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 1000 };

static struct flp_error e;

static void
seed_of(unsigned char seed[FLP_GRAPH_SEED], uint32_t number)
{
	crypto_generichash(seed, FLP_GRAPH_SEED, (const unsigned char *)&number, sizeof number, NULL,
	    0);
}

static void
check_graph(uint64_t n, uint64_t k)
{
	static unsigned char joined[MOST][MOST];
	unsigned char seed[FLP_GRAPH_SEED];
	static uint32_t to[MOST];
	struct flp_graph g;

	memset(joined, 0, sizeof joined);
	seed_of(seed, (uint32_t)(n * 1000 + k));
	CHECK(flp_graph_begin(&g, seed, n, k, &e) == 0, "%s", e.text);
	for (uint64_t c = 0; c < n; c++) {
		flp_graph_neighbours(&g, c, to);
		for (uint64_t i = 0; i < k; i++) {
			CHECK(to[i] < n && to[i] != c && (i == 0 || to[i] > to[i - 1]), "%llu of %llu, %llu",
			    (unsigned long long)c, (unsigned long long)n, (unsigned long long)k);
			joined[c][to[i] % MOST]++;
		}
	}
	for (uint64_t c = 0; c < n; c++)
		for (uint64_t d = 0; d < c; d++)
			CHECK(joined[c][d] == joined[d][c] && joined[c][d] <= 1, "not mutual");
	flp_graph_end(&g);
}

static void
test_regular(void)
{
	static const uint64_t rows[][2] = { { 2, 1 }, { 3, 2 }, { 4, 3 }, { 4, 2 }, { 5, 4 }, { 5, 2 },
		{ 19, 18 }, { 20, 8 }, { 20, 18 }, { 21, 20 }, { 100, 32 }, { 100, 98 }, { 1000, 2 },
		{ 1000, 120 }, { 1000, 999 } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		check_graph(rows[i][0], rows[i][1]);
}

static double
chi_square(const double count[21], double expected)
{
	double sum = 0;

	for (size_t i = 0; i < 21; i++)
		sum += (count[i] - expected) * (count[i] - expected) / expected;
	return sum;
}

/* Over 10,000 seeds every client is equally often at each place, and equally often a neighbour of
 * each other client: chi-square of 20 degrees is above 65.42 once in a million. */
static void
test_even(void)
{
	enum { SEEDS = 10000 };
	double first[21] = { 0 }, last[21] = { 0 }, other[21] = { 0 };
	unsigned char seed[FLP_GRAPH_SEED];
	struct flp_graph g;
	uint32_t to[4];

	for (uint32_t i = 0; i < SEEDS; i++) {
		seed_of(seed, i);
		CHECK(flp_graph_begin(&g, seed, 21, 4, &e) == 0, "%s", e.text);
		first[g.at[0]]++;
		last[g.at[20]]++;
		flp_graph_neighbours(&g, 7, to);
		for (size_t j = 0; j < 4; j++)
			other[to[j]]++;
		flp_graph_end(&g);
	}
	CHECK(chi_square(first, SEEDS / 21.) < 65.42, "the first place");
	CHECK(chi_square(last, SEEDS / 21.) < 65.42, "the last place");
	CHECK(other[7] == 0, "its own neighbour");
	other[7] = SEEDS / 5.;
	CHECK(chi_square(other, SEEDS / 5.) < 65.42, "neighbours of client 7");
}

static void
test_misuse(void)
{
	static const uint64_t rows[][2] = { { 0, 0 }, { 1, 0 }, { 2, 2 }, { 20, 0 }, { 20, 7 },
		{ 20, 20 }, { 21, 22 }, { (uint64_t)1 << 32, 4 } };
	static const unsigned char seed[FLP_GRAPH_SEED];
	struct flp_graph g;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		CHECK(flp_graph_begin(&g, seed, rows[i][0], rows[i][1], &e) == -1 &&
		    e.code == FLP_ERROR_SYSTEM, "row %zu", i);
}

int
main(void)
{
	CHECK(sodium_init() >= 0, "libsodium");
	test_regular();
	test_even();
	test_misuse();
	return unit_done();
}
