#include "mask/graph.h"
#include "base/memory.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS = 1024, CHACHA_BLOCK = 64 };

/* The stream of a seed, word by word. */
struct words {
	const unsigned char *seed;
	uint64_t blocks; /* how many blocks of ChaCha20 were made so far */
	size_t at;
	unsigned char byte[4 * WORDS];
};

static uint32_t
word(struct words *w)
{
	static const unsigned char nonce[crypto_stream_chacha20_NONCEBYTES];
	const unsigned char *b;

	if (w->at == sizeof w->byte) {
		memset(w->byte, 0, sizeof w->byte);
		crypto_stream_chacha20_xor_ic(w->byte, w->byte, sizeof w->byte, nonce, w->blocks,
		    w->seed);
		w->blocks += sizeof w->byte / CHACHA_BLOCK;
		w->at = 0;
	}
	b = w->byte + w->at;
	w->at += 4;
	return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

/* A number below m, all with the same probability: m divides the number of words that are not
 * skipped. */
static uint32_t
below(struct words *w, uint32_t m)
{
	const uint32_t out = (uint32_t)-m % m; /* 2^32 mod m */
	uint32_t x;

	do
		x = word(w);
	while (out > 0 && x >= (uint32_t)-out);
	return x % m;
}

static void
shuffle(struct flp_graph *g, const unsigned char seed[FLP_GRAPH_SEED])
{
	struct words w = { .seed = seed, .at = sizeof w.byte };

	for (uint64_t i = 0; i < g->n; i++)
		g->at[i] = (uint32_t)i;
	for (uint64_t i = g->n - 1; i > 0; i--) {
		uint32_t j = below(&w, (uint32_t)(i + 1)), other = g->at[j];

		g->at[j] = g->at[i];
		g->at[i] = other;
	}
	for (uint64_t p = 0; p < g->n; p++)
		g->place[g->at[p]] = (uint32_t)p;
}

int
flp_graph_begin(struct flp_graph *g, const unsigned char seed[FLP_GRAPH_SEED], uint64_t n,
    uint64_t k, struct flp_error *e)
{
	*g = (struct flp_graph){ .n = n, .k = k };
	if (n < 2 || n > UINT32_MAX || (k != n - 1 && (k < 2 || k % 2 != 0 || k > n - 1)))
		return flp_error_misuse(e, "a graph of %llu clients with %llu neighbours each",
		    (unsigned long long)n, (unsigned long long)k);
	if ((g->at = flp_memory_new(n, sizeof *g->at, e)) == NULL ||
	    (g->place = flp_memory_new(n, sizeof *g->place, e)) == NULL) {
		flp_graph_end(g);
		return -1;
	}
	shuffle(g, seed);
	return 0;
}

void
flp_graph_end(struct flp_graph *g)
{
	free(g->at);
	free(g->place);
	*g = (struct flp_graph){ 0 };
}

static int
ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

void
flp_graph_neighbours(const struct flp_graph *g, uint64_t self, uint32_t *to)
{
	if (g->k == g->n - 1) {
		for (uint64_t c = 0; c < g->n; c++)
			if (c != self)
				*to++ = (uint32_t)c;
		return;
	}
	for (uint64_t i = 0; i < g->k / 2; i++) {
		uint64_t place = g->place[self];

		to[2 * i] = g->at[(place + i + 1) % g->n];
		to[2 * i + 1] = g->at[(place + g->n - i - 1) % g->n];
	}
	qsort(to, g->k, sizeof *to, ascending);
}

const uint32_t *
flp_graph_find(const uint32_t *client, size_t n, uint32_t which)
{
	return n == 0 ? NULL : bsearch(&which, client, n, sizeof which, ascending);
}
