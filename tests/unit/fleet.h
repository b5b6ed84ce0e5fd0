/* A fleet in one process. Its clients were written from the description of the protocol alone,
 * without the code of the client's verbs, so that they test the server against the description.
 * They trust the server; what a client must refuse is tested with the verbs. */
#ifndef FLP_TESTS_FLEET_H
#define FLP_TESTS_FLEET_H

#include "mask/advertised.h"
#include "mask/dealing.h"
#include "mask/gathering.h"
#include "mask/hidden.h"
#include "mask/kdf.h"
#include "mask/message.h"
#include "mask/opening.h"
#include "mask/prg.h"
#include "mask/shamir.h"
#include "mask/signed.h"
#include "mask/turnout.h"
#include "mask/vector.h"
#include "unit.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fleet_client {
	struct flp_identity id;
	unsigned char seed[32], encrypt[32], b[32];
	unsigned char (*held)[2][32]; /* by dealer: its shares of seed and b */
	unsigned char *has;           /* by dealer: 1 if it has sent a box */
	struct flp_record advertised, shared, masked;
	long at; /* in the gathering */
};

struct fleet {
	size_t n;
	struct fleet_client *client;
	struct flp_record model;
	struct flp_digest base;
	struct flp_roster roster;
	struct flp_trust trust;
	struct flp_round round;
	struct flp_finder rule;
	size_t values;
	unsigned grid;
};

static struct flp_error fleet_e;

/* A call that must succeed. If it fails, the program ends, since the rest would make no sense. */
#define MUST(call) do { \
	if ((call) < 0) { \
		fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #call, fleet_e.text); \
		exit(1); \
	} \
} while (0)

#define NEW(n, size) fleet_new(n, size)
static inline void *
fleet_new(size_t n, size_t size)
{
	void *p = calloc(n > 0 ? n : 1, size);

	if (p == NULL)
		exit(1);
	return p;
}

static inline void
fleet_model(struct fleet *f)
{
	const uint64_t dims[2] = { f->values - 2, 2 };
	struct flp_header h;

	flp_header_init(&h, FLP_KIND_PARAMS);
	MUST(flp_header_add(&h, "w", FLP_DTYPE_F32, 1, &dims[0], &fleet_e));
	MUST(flp_header_add(&h, "b", FLP_DTYPE_F32, 1, &dims[1], &fleet_e));
	MUST(flp_meta_set_u64(&h.meta, "round", 7, &fleet_e));
	MUST(flp_record_new(&f->model, &h, &fleet_e));
	flp_header_free(&h);
	MUST(flp_record_digest(&f->model, &f->base, &fleet_e));
}

/* The values of client i: multiples of 2^-12 in -1 to 1. */
static inline void
fleet_draw(const struct fleet *f, size_t i, double *value)
{
	uint64_t state = 88172645463325252u + i;

	for (size_t k = 0; k < f->values; k++) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		value[k] = ((double)(int64_t)(state % 8193) - 4096) / 4096;
	}
}

static inline void
fleet_update(const struct fleet *f, size_t i, struct flp_record *to)
{
	double *value = NEW(f->values, sizeof *value);
	size_t first = f->values - 2;
	char base[FLP_DIGEST_TEXT];

	MUST(flp_record_new(to, &f->model.header, &fleet_e));
	to->header.kind = FLP_KIND_UPDATE;
	flp_digest_text(&f->base, base);
	MUST(flp_meta_set_text(&to->header.meta, "base", base, &fleet_e));
	fleet_draw(f, i, value);
	for (size_t k = 0; k < f->values; k++)
		((float *)to->values[k >= first])[k < first ? k : k - first] = (float)value[k];
	free(value);
}

static inline void
fleet_members(struct fleet *f, const struct flp_identity *authority)
{
	struct flp_identity_public *member = NEW(f->n, sizeof *member);
	struct flp_record record;
	char name[32];

	for (size_t i = 0; i < f->n; i++) {
		struct flp_identity *id = &f->client[i].id;

		snprintf(name, sizeof name, "client%05zu", i);
		MUST(flp_identity_make(id, name, &fleet_e));
		strcpy(member[i].name, name);
		memcpy(member[i].sign, id->sign_public, 32);
		memcpy(member[i].mask, id->mask_public, 32);
	}
	MUST(flp_roster_make(&record, "study", member, f->n, authority, &fleet_e));
	MUST(flp_roster_take(&f->roster, &record, authority ? authority->sign_public : NULL,
	    &fleet_e));
	free(member);
}

/* n clients of `values` values each; with an authority no client is asked for its roster. */
static inline void
fleet_begin(struct fleet *f, size_t n, size_t values, const struct flp_identity *authority)
{
	*f = (struct fleet){ .n = n, .values = values, .grid = 16,
		.rule = { .corrupt = .1, .dropout = .1, .security = FLP_FINDER_SECURITY } };
	MUST(flp_hidden_begin(&fleet_e));
	f->client = NEW(n, sizeof *f->client);
	fleet_model(f);
	fleet_members(f, authority);
	f->trust = (struct flp_trust){ &f->roster, authority ? authority->sign_public : NULL };
	f->round = (struct flp_round){ .session = f->roster.session, .number = 7, .base = f->base,
		.roster = f->roster.digest, .has_roster = authority == NULL };
	for (size_t i = 0; i < n; i++) {
		f->client[i].held = NEW(n, sizeof *f->client[i].held);
		f->client[i].has = NEW(n, 1);
	}
}

static inline void
fleet_end(struct fleet *f)
{
	for (size_t i = 0; i < f->n; i++) {
		struct fleet_client *c = &f->client[i];

		flp_identity_free(&c->id);
		flp_record_free(&c->advertised);
		flp_record_free(&c->shared);
		flp_record_free(&c->masked);
		free(c->held);
		free(c->has);
	}
	free(f->client);
	flp_record_free(&f->model);
	flp_roster_free(&f->roster);
}

static inline void
fleet_sign(struct fleet_client *c, struct flp_record *message)
{
	MUST(flp_meta_set_text(&message->header.meta, "client", c->id.name, &fleet_e));
	MUST(flp_signed_sign(message, &c->id, &fleet_e));
}

static inline void
fleet_advertise(struct fleet *f, size_t i)
{
	struct fleet_client *c = &f->client[i];
	unsigned char secret[32];

	flp_record_free(&c->advertised);
	MUST(flp_shamir_random(c->seed, &fleet_e));
	MUST(flp_shamir_random(c->encrypt, &fleet_e));
	MUST(flp_message_new(&c->advertised, FLP_MESSAGE_ADVERTISE, &f->round, 0, 0, &fleet_e));
	flp_derive_mask(secret, flp_record_values(&c->advertised, "mask", NULL), c->seed);
	flp_kdf_public(flp_record_values(&c->advertised, "encrypt", NULL), c->encrypt);
	fleet_sign(c, &c->advertised);
}

static inline void
fleet_share(struct fleet *f, const struct flp_gathering *g, size_t i)
{
	struct fleet_client *c = &f->client[i];
	const struct flp_derive d = flp_gathering_derive(g, NULL);
	unsigned char (*share)[2][32] = NEW(g->holders, sizeof *share), (*one)[32];
	uint32_t *to, *x = NEW(g->holders, sizeof *x), self;

	(void)f;
	c->at = flp_gathering_find(g, c->id.name);
	self = (uint32_t)c->at;
	flp_record_free(&c->shared);
	MUST(flp_message_new(&c->shared, FLP_MESSAGE_SHARE, &g->round, g->holders, 0, &fleet_e));
	to = flp_record_values(&c->shared, "to", NULL);
	flp_gathering_holders(g, self, to);
	MUST(flp_shamir_random(c->b, &fleet_e));
	for (size_t k = 0; k < g->holders; k++)
		x[k] = to[k] + 1;
	one = NEW(g->holders, sizeof *one);
	for (int which = 0; which < 2; which++) {
		MUST(flp_shamir_split(which == 0 ? c->seed : c->b, (unsigned)g->threshold, x,
		    g->holders, one, &fleet_e));
		for (size_t k = 0; k < g->holders; k++)
			memcpy(share[k][which], one[k], 32);
	}
	for (size_t k = 0; k < g->holders; k++) {
		unsigned char key[32], bound[32];
		unsigned char *box = (unsigned char *)flp_record_values(&c->shared, "box", NULL) +
		    104 * k;
		unsigned char *check = (unsigned char *)flp_record_values(&c->shared, "check", NULL) +
		    32 * k;

		MUST(flp_derive_box(key, &d, c->encrypt, g->encrypt[to[k]], g->encrypt[self],
		    g->encrypt[to[k]], &fleet_e));
		flp_derive_box_bound(bound, &d, self, to[k]);
		box[0] = (unsigned char)k; /* the nonce: keys are used once here */
		crypto_aead_xchacha20poly1305_ietf_encrypt(box + 24, NULL, share[k][0], 64, bound,
		    sizeof bound, NULL, box, key);
		flp_derive_check(check, &d, self, to[k], FLP_DERIVE_SEED, share[k][0]);
		flp_derive_check(check + 16, &d, self, to[k], FLP_DERIVE_SELF, share[k][1]);
	}
	flp_derive_commit(flp_record_values(&c->shared, "commit", NULL), &d, self, c->b);
	fleet_sign(c, &c->shared);
	free(share);
	free(one);
	free(x);
}

/* Opens the boxes of an inbox: 0 if there are too few. */
static inline int
fleet_open(struct fleet *f, const struct flp_gathering *g, size_t i,
    const struct flp_record *inbox)
{
	struct fleet_client *c = &f->client[i];
	const struct flp_derive d = flp_gathering_derive(g, NULL);
	const uint32_t *from = flp_record_values(inbox, "from", NULL);
	const unsigned char *box = flp_record_values(inbox, "box", NULL);
	size_t rows = flp_message_rows(inbox);

	memset(c->has, 0, f->n);
	for (size_t r = 0; r < rows; r++, box += 104) {
		unsigned char key[32], bound[32];

		MUST(flp_derive_box(key, &d, c->encrypt, g->encrypt[from[r]], g->encrypt[from[r]],
		    g->encrypt[c->at], &fleet_e));
		flp_derive_box_bound(bound, &d, from[r], (uint32_t)c->at);
		MUST(crypto_aead_xchacha20poly1305_ietf_decrypt(c->held[from[r]][0], NULL, NULL,
		    box + 24, 80, bound, sizeof bound, box, key));
		c->has[from[r]] = 1;
	}
	return rows >= g->threshold;
}

static inline struct flp_vector
fleet_vector(const struct fleet *f, const struct flp_gathering *g)
{
	return (struct flp_vector){ .clients = g->n, .range = 1, .grid = f->grid, .model = &f->model,
		.base = f->base };
}

static inline void
fleet_mask(struct fleet *f, const struct flp_gathering *g, size_t i)
{
	struct fleet_client *c = &f->client[i];
	const struct flp_derive d = flp_gathering_derive(g, "update");
	struct flp_vector v = fleet_vector(f, g);
	struct flp_prg_key *key = NEW(g->holders + 1, sizeof *key);
	uint32_t *near = NEW(g->holders, sizeof *near), self = (uint32_t)c->at;
	unsigned char secret[32], public[32];
	struct flp_record update;
	size_t n = 0, at = 0;

	flp_record_free(&c->masked);
	fleet_update(f, i, &update);
	MUST(flp_vector_make(&v, &c->masked, &update, &fleet_e));
	flp_record_free(&update);
	flp_derive_self(key[n++].key, &d, c->b);
	flp_derive_mask(secret, public, c->seed);
	flp_gathering_holders(g, self, near);
	for (size_t k = 0; k < g->holders; k++)
		if (near[k] != self && c->has[near[k]]) {
			key[n].subtract = self < near[k];
			MUST(flp_derive_pair(key[n++].key, &d, secret, public, g->mask[near[k]],
			    &fleet_e));
		}
	for (size_t t = 0; t < c->masked.header.tensors; t++) {
		MUST(flp_prg_add(c->masked.values[t], at, c->masked.header.tensor[t].count,
		    v.fit.bits, key, n, &fleet_e));
		at += c->masked.header.tensor[t].count;
	}
	MUST(flp_round_set(&c->masked.header.meta, &g->round, &fleet_e));
	fleet_sign(c, &c->masked);
	free(key);
	free(near);
}

/* Reveals a share of each client that has sent client i a box: of b if it survives, of the seed if
 * not. */
static inline void
fleet_reveal(struct fleet *f, const struct flp_gathering *g, size_t i, const uint32_t *survivor,
    size_t survivors, struct flp_record *to)
{
	struct fleet_client *c = &f->client[i];
	unsigned char *alive = NEW(g->n, 1), *secret, *share;
	char text[FLP_DIGEST_TEXT];
	struct flp_digest set;
	size_t rows = 0, r = 0;
	uint32_t *of;

	for (size_t k = 0; k < survivors; k++)
		alive[survivor[k]] = 1;
	for (size_t k = 0; k < g->n; k++)
		rows += c->has[k];
	MUST(flp_message_new(to, FLP_MESSAGE_REVEAL, &g->round, rows, 0, &fleet_e));
	of = flp_record_values(to, "of", NULL);
	secret = flp_record_values(to, "secret", NULL);
	share = flp_record_values(to, "share", NULL);
	for (uint32_t k = 0; k < g->n; k++)
		if (c->has[k]) {
			of[r] = k;
			secret[r] = !alive[k];
			memcpy(share + 32 * r++, c->held[k][alive[k]], 32);
		}
	flp_gathering_set(g, survivor, survivors, &set);
	flp_digest_text(&set, text);
	MUST(flp_meta_set_text(&to->header.meta, "survivors", text, &fleet_e));
	fleet_sign(c, to);
	free(alive);
}

/* Makes the gathering of the clients whose advertisements were added. Returns 0 if it can't be
 * made. */
static inline int
fleet_gather(struct fleet *f, struct flp_gathering *g, const unsigned char *on)
{
	struct flp_bad bad = { 0 };
	struct flp_advertised a;
	struct flp_record record;
	int status;

	flp_advertised_begin(&a, &f->round, &f->trust);
	for (size_t i = 0; i < f->n; i++)
		if (on[i])
			MUST(flp_advertised_add(&a, &f->client[i].advertised, &fleet_e));
	status = flp_advertised_graph(&a, &record, &f->rule, &bad, &fleet_e);
	flp_advertised_end(&a);
	if (status < 0)
		return 0;
	MUST(flp_gathering_take(g, &record, &f->round, &f->trust, &f->rule, &fleet_e));
	return 1;
}

#endif
