/* Prints what must not be left in memory of a client: a line "NAME HEX" for each secret, and for
 * what libraries make of it.
 *
 *	secrets KEY STATE [ROSTER MODEL [GRAPH]]
 *
 * KEY is not sealed. From the journal STATE it prints what is kept of rounds that are open; with
 * ROSTER and MODEL also what the keys give with those of the other members in silo mode, with
 * GRAPH in that round of fleet mode. The scan that looks for them is tests/memory.py. */
#include "loop/inputs.h"
#include "mask/derive.h"
#include "mask/gathering.h"
#include "mask/hidden.h"
#include "mask/journal.h"
#include "mask/silo.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct flp_error e;

struct client {
	struct flp_identity id;
	struct flp_journal journal;
	struct flp_roster roster;
	struct flp_record model;
	struct flp_round round;
	struct flp_gathering graph;
	unsigned char seed[32], encrypt[32], self[32]; /* of the last round that is open */
	int has_seed, has_self;
};

static void
check(int status)
{
	if (status >= 0)
		return;
	fprintf(stderr, "secrets: %s\n", e.text);
	exit(1);
}

/* 32 bytes, or the n that there are, in pieces of 32. */
static void
say(const char *name, const void *secret, size_t n)
{
	char text[65];

	for (size_t i = 0; i < n; i += 32)
		printf("%s.%zu %s\n", name, i / 32,
		    sodium_bin2hex(text, sizeof text, (const unsigned char *)secret + i, 32));
}

/* The scalar that Ed25519 makes of a seed, and what it makes nonces of. */
static void
say_identity(const struct flp_identity *id)
{
	unsigned char expanded[crypto_hash_sha512_BYTES];

	say("sign", id->secret->sign, 32);
	say("mask", id->secret->mask, 32);
	say("journal", id->secret->journal, 32);
	crypto_hash_sha512(expanded, id->secret->sign, 32);
	say("sign.hash", expanded, sizeof expanded);
	expanded[0] &= 248;
	expanded[31] = (unsigned char)((expanded[31] & 127) | 64);
	say("sign.scalar", expanded, 32);
}

/* What is kept of each turn, and the keys that a round begins with. */
static void
say_kept(struct client *c)
{
	static const struct { const char *name; size_t at; } own[] = {
		{ "seed", offsetof(struct client, seed) }, { "encrypt", offsetof(struct client, encrypt) },
		{ "self", offsetof(struct client, self) },
	};
	struct flp_record secret;

	for (size_t i = 0; i < c->journal.n; i++) {
		if (c->journal.entry[i].forgotten || c->journal.entry[i].graph == NULL)
			if (strcmp(c->journal.entry[i].verb, "advertise") != 0)
				continue;
		if (flp_journal_secret(&c->journal, i, &secret, &e) < 0)
			continue;
		for (size_t k = 0; k < secret.header.tensors; k++) {
			const struct flp_tensor *t = &secret.header.tensor[k];

			if (t->bytes % 32 == 0 && t->dtype == FLP_DTYPE_U8)
				say(t->name, secret.values[k], (size_t)t->bytes);
			for (size_t o = 0; o < 3 && t->bytes == 32; o++)
				if (strcmp(t->name, own[o].name) == 0)
					memcpy((char *)c + own[o].at, secret.values[k], 32);
		}
		c->has_seed |= strcmp(c->journal.entry[i].verb, "advertise") == 0;
		c->has_self |= strcmp(c->journal.entry[i].verb, "share") == 0;
		flp_journal_wipe(&secret);
	}
}

static void
load_round(struct client *c, const char *roster, const char *model)
{
	check(flp_roster_load(&c->roster, roster, NULL, &e));
	check(flp_inputs_load(&c->model, NULL, model, 0, &e));
	c->round = (struct flp_round){ .session = c->roster.session, .roster = c->roster.digest,
		.has_roster = 1 };
	check(flp_record_digest(&c->model, &c->round.base, &e));
	check(flp_round_number(&c->round.number, &c->model.header.meta, NULL, &e));
}

static void
say_silo(const struct client *c)
{
	unsigned char shared[32], key[32];
	struct flp_kdf k;
	size_t self;
	int first;

	check(flp_roster_self(&c->roster, &c->id, &self, &e));
	for (size_t i = 0; i < c->roster.n; i++) {
		if (i == self)
			continue;
		check(flp_kdf_agree(shared, c->id.secret->mask, c->roster.mask[i], &e));
		say("silo.shared", shared, 32);
		flp_kdf_begin(&k, shared, "silo");
		flp_kdf_text(&k, c->roster.session);
		flp_kdf_text(&k, "update");
		flp_kdf_u64(&k, c->round.number);
		flp_kdf_bytes(&k, c->round.base.byte, 32);
		first = memcmp(c->roster.mask[self], c->roster.mask[i], 32) < 0;
		flp_kdf_bytes(&k, c->roster.mask[first ? self : i], 32);
		flp_kdf_bytes(&k, c->roster.mask[first ? i : self], 32);
		flp_kdf_bytes(&k, c->roster.digest.byte, 32);
		flp_kdf_end(&k, key);
		say("silo.key", key, 32);
	}
}

static void
say_fleet(struct client *c, const char *graph)
{
	const struct flp_trust trust = { &c->roster, NULL };
	const struct flp_finder rule = { .corrupt = .1, .dropout = .1, .security = FLP_FINDER_SECURITY };
	const struct flp_gathering *g = &c->graph;
	unsigned char secret[32], public[32], found[32];
	struct flp_derive d;
	long self;

	check(flp_gathering_load(&c->graph, graph, &c->round, &trust, &rule, &e));
	d = flp_gathering_derive(g, "update");
	self = flp_gathering_find(g, c->id.name);
	if (c->has_self) {
		flp_derive_self(found, &d, c->self);
		say("self.key", found, 32);
	}
	if (!c->has_seed || self < 0)
		return;
	flp_derive_mask(secret, public, c->seed);
	say("round.mask", secret, 32);
	for (size_t i = 0; i < g->n; i++) {
		check(flp_derive_box(found, &d, c->encrypt, g->encrypt[i], g->encrypt[self],
		    g->encrypt[i], &e));
		say("box.out", found, 32);
		check(flp_derive_box(found, &d, c->encrypt, g->encrypt[i], g->encrypt[i],
		    g->encrypt[self], &e));
		say("box.in", found, 32);
		check(flp_kdf_agree(found, c->encrypt, g->encrypt[i], &e));
		say("box.shared", found, 32);
		if ((long)i == self)
			continue;
		check(flp_derive_pair(found, &d, secret, public, g->mask[i], &e));
		say("pair.key", found, 32);
		check(flp_kdf_agree(found, secret, g->mask[i], &e));
		say("pair.shared", found, 32);
	}
}

int
main(int argc, char **argv)
{
	struct client c = { 0 };

	if (argc != 3 && argc != 5 && argc != 6)
		return 2;
	check(flp_hidden_begin(&e));
	check(flp_identity_load(&c.id, argv[1], NULL, &e));
	check(flp_journal_open(&c.journal, argv[2], &c.id, &e));
	say_identity(&c.id);
	say_kept(&c);
	if (argc > 3) {
		load_round(&c, argv[3], argv[4]);
		say_silo(&c);
	}
	if (argc > 5)
		say_fleet(&c, argv[5]);
	flp_journal_close(&c.journal);
	return 0;
}
