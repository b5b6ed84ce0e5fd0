/* What secure aggregation computes, without what it reads and writes.
 *
 * masks rate BITS KEYS: how many gigabytes of the keys' streams become masks in a second.
 * masks client K VALUES: seconds for the masks of a client of K neighbours, 24 bits a value, with
 *	the agreements of keys.
 * masks share K T: seconds for the shares of a client's two secrets, K each, of which T open one.
 * masks server N K T GONE VALUES: seconds for a server that opens the sum of N clients of whom
 *	GONE dropped out: it joins a secret for each, agrees on the keys of pairs, and takes the
 *	masks away. */
#include "base/memory.h"
#include "mask/graph.h"
#include "mask/kdf.h"
#include "mask/prg.h"
#include "mask/shamir.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RATE_VALUES = 1000000, TURNS = 9, BITS = 24 };

static struct flp_error e;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void *
room(size_t n, size_t size)
{
	void *p = flp_memory_new(n, size, &e);

	if (p == NULL)
		exit(1);
	return p;
}

static void
need(int status)
{
	if (status == 0)
		return;
	fprintf(stderr, "masks: %s\n", e.text);
	exit(1);
}

/* The seconds of the masks of all keys on so many values: the least of some turns. */
static double
mask(struct flp_prg_key *keys, size_t count, size_t n, unsigned bits, int turns)
{
	uint64_t *values = room(n, sizeof *values);
	double least = 0;

	for (int i = 0; i < turns; i++) {
		double begin = now(), took;

		need(flp_prg_add(values, 0, n, bits, keys, count, &e));
		took = now() - begin;
		least = i == 0 || took < least ? took : least;
	}
	free(values);
	return least;
}

static int
rate(char **argument)
{
	unsigned bits = (unsigned)atoi(argument[0]);
	size_t count = strtoul(argument[1], NULL, 10);
	struct flp_prg_key *keys = room(count, sizeof *keys);

	for (size_t i = 0; i < count; i++)
		memset(keys[i].key, (int)i + 1, sizeof keys[i].key);
	printf("%.2f\n", (double)count * RATE_VALUES * (bits / 8) /
	    mask(keys, count, RATE_VALUES, bits, TURNS) / 1e9);
	free(keys);
	return 0;
}

/* The key of the mask of two. */
static void
pair(struct flp_prg_key *key, const unsigned char secret[32], const unsigned char own[32],
    const unsigned char other[32])
{
	static const unsigned char digest[32];
	unsigned char shared[32];
	int greater = memcmp(own, other, 32) > 0;
	struct flp_kdf k;

	need(flp_kdf_agree(shared, secret, other, &e));
	flp_kdf_begin(&k, shared, "pair");
	flp_kdf_text(&k, "a session");
	flp_kdf_text(&k, "update");
	flp_kdf_u64(&k, 1);
	flp_kdf_bytes(&k, digest, sizeof digest);
	flp_kdf_bytes(&k, greater ? other : own, 32);
	flp_kdf_bytes(&k, greater ? own : other, 32);
	flp_kdf_bytes(&k, digest, sizeof digest);
	flp_kdf_end(&k, key->key);
	key->subtract = !greater;
}

/* All of the clients: key pairs from scalars. */
struct clients {
	size_t n;
	unsigned char (*scalar)[32], (*secret)[32], (*public)[32];
};

static void
secret_of(unsigned char secret[32], const unsigned char scalar[32])
{
	struct flp_kdf k;

	flp_kdf_begin(&k, scalar, "mask secret");
	flp_kdf_end(&k, secret);
}

static void
clients_new(struct clients *c, size_t n)
{
	c->n = n;
	c->scalar = room(n, 32);
	c->secret = room(n, 32);
	c->public = room(n, 32);
	for (size_t i = 0; i < n; i++) {
		need(flp_shamir_random(c->scalar[i], &e));
		secret_of(c->secret[i], c->scalar[i]);
		flp_kdf_public(c->public[i], c->secret[i]);
	}
}

static int
client(char **argument)
{
	size_t k = strtoul(argument[0], NULL, 10), n = strtoul(argument[1], NULL, 10);
	struct flp_prg_key *keys = room(k + 1, sizeof *keys);
	struct clients c;
	double begin;

	clients_new(&c, k + 1);
	begin = now();
	for (size_t i = 0; i < k; i++)
		pair(&keys[i], c.secret[k], c.public[k], c.public[i]);
	begin = now() - begin;
	printf("%.6f\n", begin + mask(keys, k + 1, n, BITS, TURNS));
	return 0;
}

static int
share(char **argument)
{
	size_t k = strtoul(argument[0], NULL, 10);
	unsigned t = (unsigned)atoi(argument[1]);
	unsigned char (*to)[32] = room(k, sizeof *to), secret[32];
	uint32_t *x = room(k, sizeof *x);
	double least = 0;

	for (size_t i = 0; i < k; i++)
		x[i] = (uint32_t)i + 1;
	for (int i = 0; i < TURNS; i++) {
		double begin = now(), took;

		for (int j = 0; j < 2; j++) {
			need(flp_shamir_random(secret, &e));
			need(flp_shamir_split(secret, t, x, k, to, &e));
		}
		took = now() - begin;
		least = i == 0 || took < least ? took : least;
	}
	printf("%.6f\n", least);
	free(to);
	free(x);
	return 0;
}

struct server {
	struct clients clients;
	struct flp_graph graph;
	uint32_t *to; /* neighbours of one */
	unsigned t;
	size_t k, gone; /* the first clients dropped out */
	unsigned char (*share)[32]; /* [n, t] */
	uint32_t *x;                /* [n, t] */
	struct flp_prg_key *keys;   /* of masks to take away */
	size_t count;
};

/* The first t neighbours of each client that stay send their shares of it. */
static void
shares_new(struct server *s)
{
	const size_t n = s->clients.n;

	s->share = room(n * s->t, 32);
	s->x = room(n * s->t, sizeof *s->x);
	for (size_t i = 0; i < n; i++) {
		uint32_t *x = s->x + i * s->t;
		unsigned m = 0;

		flp_graph_neighbours(&s->graph, i, s->to);
		for (size_t j = 0; j < s->k && m < s->t; j++)
			if (s->to[j] >= s->gone)
				x[m++] = s->to[j] + 1;
		if (m < s->t)
			exit(1);
		need(flp_shamir_split(s->clients.scalar[i], s->t, x, s->t, s->share + i * s->t, &e));
	}
}

static void
server_new(struct server *s, char **argument)
{
	static const unsigned char seed[FLP_GRAPH_SEED] = { 1 };
	const size_t n = strtoul(argument[0], NULL, 10);

	s->k = strtoul(argument[1], NULL, 10);
	s->t = (unsigned)atoi(argument[2]);
	s->gone = strtoul(argument[3], NULL, 10);
	s->to = room(s->k, sizeof *s->to);
	s->keys = room(n + s->gone * s->k, sizeof *s->keys);
	clients_new(&s->clients, n);
	need(flp_graph_begin(&s->graph, seed, n, s->k, &e));
	shares_new(s);
}

/* The keys of the masks that are left in the sum: of a client that stayed its own, of one that
 * dropped out those that it has in common with others. */
static void
open_client(struct server *s, size_t i)
{
	unsigned char scalar[32], secret[32], public[32];

	need(flp_shamir_join(scalar, s->t, s->x + i * s->t,
	    (const unsigned char (*)[32])s->share + i * s->t, &e));
	secret_of(secret, scalar);
	if (i >= s->gone) {
		memcpy(s->keys[s->count++].key, secret, 32);
		return;
	}
	flp_kdf_public(public, secret);
	if (memcmp(public, s->clients.public[i], 32) != 0)
		exit(1);
	flp_graph_neighbours(&s->graph, i, s->to);
	for (size_t j = 0; j < s->k; j++)
		if (s->to[j] >= s->gone)
			pair(&s->keys[s->count++], secret, public, s->clients.public[s->to[j]]);
}

static int
server(char **argument)
{
	static struct server s;
	double begin, joined;

	server_new(&s, argument);
	begin = now();
	for (size_t i = 0; i < s.clients.n; i++)
		open_client(&s, i);
	joined = now() - begin;
	printf("%.6f\n", joined + mask(s.keys, s.count, strtoul(argument[4], NULL, 10), BITS, 1));
	return 0;
}

static const struct {
	const char *name;
	int arguments;
	int (*call)(char **argument);
} calls[] = { { "rate", 2, rate }, { "client", 2, client }, { "share", 2, share }, { "server", 5, server } };

int
main(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (argc == 2 + calls[i].arguments && strcmp(argv[1], calls[i].name) == 0)
			return calls[i].call(argv + 2);
	return 2;
}
