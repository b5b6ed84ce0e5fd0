/* Any bytes as the values of the messages that clients send to the server, signed by a client as
 * they should be: advertisements, shares, masked records, what they reveal. The first byte says
 * which, the second who signs it, the third how many rows, the fourth which key of the metadata
 * is another. */
#include "mask/advertised.h"
#include "mask/dealing.h"
#include "mask/hidden.h"
#include "mask/message.h"
#include "mask/opening.h"
#include "mask/signed.h"
#include "mask/turnout.h"

#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum { CLIENTS = 5, VALUES = 4 };

static struct flp_error e;
static struct flp_bad bad;
static struct flp_identity client[CLIENTS];
static struct flp_roster roster;
static struct flp_gathering g;
static struct flp_record model;

static void
must(int status)
{
	if (status < 0)
		abort();
}

/* Clients a to e, all neighbours. */
static void
begin(void)
{
	static unsigned char mask[CLIENTS][32], sign[CLIENTS][32];
	static const uint64_t dims = VALUES;
	struct flp_header h;

	must(flp_hidden_begin(&e));
	for (size_t i = 0; i < CLIENTS; i++) {
		unsigned char seed[32] = { (unsigned char)(i + 1) };

		must(flp_identity_make(&client[i], (const char[]){ (char)('a' + i), '\0' }, &e));
		crypto_sign_seed_keypair(sign[i], client[i].secret->sign, seed);
		flp_kdf_public(mask[i], seed);
		must(flp_texts_add(&roster.clients, client[i].name, 1, CLIENTS, &e));
		must(flp_texts_add(&g.clients, client[i].name, 1, CLIENTS, &e));
	}
	roster.n = g.n = g.holders = CLIENTS;
	roster.sign = (const unsigned char (*)[32])sign;
	g.sign = sign;
	g.encrypt = g.mask = g.nonce = (const unsigned char (*)[32])mask;
	g.degree = CLIENTS - 1;
	g.threshold = 4;
	g.round = (struct flp_round){ .session = "s", .number = 1, .has_roster = 1, .has_graph = 1 };
	flp_header_init(&h, FLP_KIND_PARAMS);
	must(flp_header_add(&h, "w", FLP_DTYPE_F32, 1, &dims, &e));
	must(flp_meta_set_u64(&h.meta, "round", 1, &e));
	must(flp_record_new(&model, &h, &e));
	flp_header_free(&h);
}

static struct flp_vector
vector(void)
{
	return (struct flp_vector){ .clients = CLIENTS, .range = 1, .grid = 13, .model = &model };
}

/* A masked record, or another message of so many rows, whose values are the bytes. */
static int
make(struct flp_record *to, unsigned which, size_t rows, const uint8_t *bytes, size_t n)
{
	static const enum flp_message messages[] = { FLP_MESSAGE_ADVERTISE, FLP_MESSAGE_SHARE,
		FLP_MESSAGE_REVEAL };
	struct flp_vector v = vector();
	struct flp_record update;
	int status;

	if (which < sizeof messages / sizeof *messages) {
		if (flp_message_new(to, messages[which], &g.round, rows, 0, &e) < 0)
			return -1;
	} else {
		must(flp_record_new(&update, &model.header, &e));
		update.header.kind = FLP_KIND_UPDATE;
		must(flp_meta_set_text(&update.header.meta, "base",
		    "0000000000000000000000000000000000000000000000000000000000000000", &e));
		status = flp_vector_make(&v, to, &update, &e);
		flp_record_free(&update);
		must(status);
		must(flp_round_set(&to->header.meta, &g.round, &e));
	}
	for (size_t i = 0; i < to->header.tensors; i++) {
		size_t own = (size_t)to->header.tensor[i].bytes, got = own < n ? own : n;

		memcpy(to->values[i], bytes, got);
		bytes += got;
		n -= got;
	}
	return 0;
}

/* Changes a key, then signs: -1 if values do not fit into the bits of a masked record. `set` is
 * the digest that a message reveal should name. */
static int
finish(struct flp_record *message, size_t who, unsigned change, const struct flp_digest *set,
    int reveals)
{
	static const char *const keys[] = { "session", "graph", "survivors", "bits", "range", "round",
		"roster", "verb" };
	struct flp_meta *meta = &message->header.meta;
	char text[FLP_DIGEST_TEXT];

	flp_digest_text(set, text);
	if (reveals)
		must(flp_meta_set_text(meta, "survivors", text, &e));
	if (change % 32 < 8)
		must(flp_meta_set_text(meta, keys[change % 8], "7", &e));
	else if (change % 32 < 16)
		flp_meta_drop(meta, keys[change % 8]);
	must(flp_meta_set_text(meta, "client", client[who].name, &e));
	return flp_signed_sign(message, &client[who], &e);
}

static void
receive(const struct flp_record *message, unsigned which, struct flp_dealing *d,
    struct flp_turnout *t, struct flp_opening *o, const uint32_t *survivor)
{
	const struct flp_trust trust = { &roster, NULL };
	struct flp_advertised a;
	struct flp_record graph;
	struct flp_finder rule = { .corrupt = .1, .dropout = .1, .security = 80 };

	if (which == 3) {
		if (flp_turnout_note(t, message, &e) == 0)
			(void)!flp_turnout_add(t, message, survivor, 4, &e);
	} else if (which == 0 &&
	    flp_message_check(message, FLP_MESSAGE_ADVERTISE, &g.round, &e) == 0) {
		flp_advertised_begin(&a, &g.round, &trust);
		if (flp_advertised_add(&a, message, &e) == 0 &&
		    flp_advertised_graph(&a, &graph, &rule, &bad, &e) == 0)
			abort(); /* of one client */
		flp_advertised_end(&a);
	} else if (which == 1 && flp_message_check(message, FLP_MESSAGE_SHARE, &g.round, &e) == 0) {
		(void)!flp_dealing_add(d, message, &e);
	} else if (which == 2 && flp_message_check(message, FLP_MESSAGE_REVEAL, &g.round, &e) == 0) {
		(void)!flp_opening_add(o, message, &bad, &e);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const uint32_t survivor[] = { 0, 1, 2, 3 };
	struct flp_record message;
	struct flp_dealing d;
	struct flp_turnout t;
	struct flp_opening o;
	unsigned which = n > 0 ? bytes[0] % 4 : 0;

	if (n < 4)
		return 0;
	if (g.n == 0)
		begin();
	must(flp_dealing_begin(&d, &g, 1, &e));
	for (size_t i = 0; i < CLIENTS; i++)
		d.sent[i] = which != 1;
	must(flp_turnout_begin(&t, &d, &e));
	t.vector = vector();
	if (which != 1)
		must(flp_opening_begin(&o, &d, survivor, 4, &e));
	if (make(&message, which, bytes[2] % 8, bytes + 4, n - 4) == 0) {
		if (finish(&message, bytes[1] % CLIENTS, bytes[3],
		    which != 1 ? &o.set : &g.round.graph, which == 2) == 0)
			receive(&message, which, &d, &t, &o, survivor);
		flp_record_free(&message);
	}
	if (which != 1)
		flp_opening_end(&o);
	flp_turnout_end(&t);
	flp_dealing_end(&d);
	return 0;
}
